/** Remembers where the window was. A lost or strange file means the default place, never an error. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const windowState = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

export interface Area {
  x: number
  y: number
  width: number
  height: number
}

export const SIZE_DEFAULT = { width: 1280, height: 800 }
export const SIZE_MIN = { width: 1024, height: 640 }
/** a window with less than this on a screen can't be found again */
const VISIBLE_MIN = 120

export function readWindowState(path: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    process.stderr.write(`faultline: window state in ${path} is not used: ${String(error)}\n`)
    return null
  }
}

export function writeWindowState(path: string, state: WindowState): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(state))
  renameSync(`${path}.new`, path)
}

/**
 * @returns bounds for a new window: as saved if a screen still shows them, cut to that screen;
 * else the default size, centred by the system
 */
export function placeWindow(saved: WindowState | null, screens: readonly Area[]): Partial<Area> & Pick<Area, 'width' | 'height'> {
  const screen = saved && screens.find((area) => overlap(saved, area) >= VISIBLE_MIN)
  if (!saved || !screen) return SIZE_DEFAULT
  return {
    x: saved.x,
    y: saved.y,
    width: Math.max(SIZE_MIN.width, Math.min(saved.width, screen.width)),
    height: Math.max(SIZE_MIN.height, Math.min(saved.height, screen.height)),
  }
}

/** @returns the shorter side of what two areas share; 0 or less when they share nothing */
function overlap(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.min(width, height)
}
