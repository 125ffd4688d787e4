/** What the engine and a burner process say to each other: start-up configuration and the reports over the IPC channel. */

/** Environment variable that carries `BurnerConfig` as JSON. */
export const BURNER_CONFIG_ENV = 'FAULTLINE_BURNER'

export interface BurnerConfig {
  /** of each 100 ms that a core is kept busy, 0…1 */
  share: number
  /** how many cores are kept busy, one thread each */
  cores: number
}

/** burner → engine: processor time that it got since the last report, all threads together. It ends when the channel closes */
export type BurnerReport = { type: 'burned'; cpuMs: number; elapsedMs: number }
