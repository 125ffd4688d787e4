/** What tells families of faults apart besides colour (`families.css`) and hatch (`Patterns.vue`): a glyph each. */
import type { FaultFamily } from '@shared/plan/faults/fault'

/** Strokes in a square of 12: a struck-out box, waves, a drum, a dial, bars, chevrons, a person. */
export const FAMILY_GLYPHS: Record<FaultFamily, string> = {
  process: 'M1.5 1.5h9v9h-9zM4 4l4 4M8 4l-4 4',
  network: 'M1 4.5q1.25-3 2.5 0t2.5 0 2.5 0 2.5 0M1 8.5q1.25-3 2.5 0t2.5 0 2.5 0 2.5 0',
  storage: 'M1.5 3c0-2.2 9-2.2 9 0v6c0 2.2-9 2.2-9 0zM1.5 3c0 2.2 9 2.2 9 0',
  clock: 'M6 1a5 5 0 1 0 .01 0zM6 3v3l2 1.5',
  resource: 'M2 11V7M6 11V1M10 11V4.5',
  traffic: 'M1.5 1.5 6 6l-4.5 4.5M6 1.5 10.5 6 6 10.5',
  operator: 'M6 1a2.2 2.2 0 1 0 .01 0zM1.5 11c0-6 9-6 9 0',
}
