/** Who listens on a port? Linux only: compares the socket's inode with the file descriptors of a process. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** @returns whether `pid` itself owns the listening socket; null where the platform can't tell */
export function ownsListener(pid: number, port: number): boolean | null {
  if (process.platform !== 'linux') return null
  const inode = listeningInode(port)
  if (inode === null) return false
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false // the process is gone
    throw error
  }
}

/** Inode of the socket that listens on 127.0.0.1:port (columns of /proc/net/tcp: proc(5)). */
function listeningInode(port: number): string | null {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const columns = line.trim().split(/\s+/)
    if (columns[1] === local && columns[3] === '0A') return columns[9] ?? null
  }
  return null
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null // closed meanwhile
    throw error
  }
}
