/** A relay in front of a listener that lets through only so many bytes a second, and can cut what is on its way. */
import { connect, createServer, type Server, type Socket } from 'node:net'

/** bytes go through in slices this often */
const SLICE_MS = 10

export class NarrowLink {
  /** bytes that came through */
  passed = 0
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  constructor(
    private readonly targetPort: number,
    private readonly bytesPerS: number,
  ) {
    this.server = createServer((near) => this.relay(near))
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve))
  }

  /** Ends every connection now; new ones come through again. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  close(): void {
    this.server.close()
    this.cut()
  }

  private relay(near: Socket): void {
    const far = connect(this.targetPort, '127.0.0.1')
    const slice = Math.max(1, Math.floor((this.bytesPerS * SLICE_MS) / 1_000))
    const timer = setInterval(() => {
      const bytes = near.read(Math.min(slice, near.readableLength)) as Buffer | null
      if (bytes === null) return
      this.passed += bytes.length
      far.write(bytes)
    }, SLICE_MS)
    near.on('readable', () => undefined) // paused: what is not taken waits in the kernel, and then at the sender
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        clearInterval(timer)
        this.sockets.delete(socket)
        other.destroy()
      })
    }
  }
}
