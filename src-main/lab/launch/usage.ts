/** CPU time and memory of any process by pid, from /proc (proc(5)); null elsewhere or when it is gone. */
import { readFileSync } from 'node:fs'

/** Linux counts CPU time for user space in 1/100 s on every architecture (USER_HZ). */
const TICK_MS = 10

export function usageOf(pid: number): { cpuMs: number; rssBytes: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, rssBytes: Number(rss?.[1] ?? 0) * 1024 }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}
