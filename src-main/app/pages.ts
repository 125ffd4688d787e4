/** Serves the window's files at app://lab/ and nothing else: known types only, from one folder, under a strict policy. */
import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'

export const SCHEME = 'app'
export const ORIGIN = 'app://lab'

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/**
 * @param root absolute folder of the built page
 * @returns the file and its type, or null when the address is not ours, leaves the folder or names an unknown type
 */
export function locate(address: string, root: string): { path: string; type: string } | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (`${url.protocol}//${url.host}` !== ORIGIN) return null
  const name = decode(url.pathname === '/' ? '/index.html' : url.pathname)
  if (name === null || name.includes('\0')) return null
  const path = resolve(root, `.${sep}${name}`)
  const type = TYPES[extname(path)]
  return path.startsWith(root + sep) && type ? { path, type } : null
}

/** The handler behind the custom protocol. */
export async function servePage(request: { url: string; method: string }, root: string): Promise<Response> {
  const found = request.method === 'GET' ? locate(request.url, root) : null
  if (!found) return refusal(404)
  try {
    return new Response(await readFile(found.path), { headers: { ...POLICY_HEADERS, 'Content-Type': found.type } })
  } catch (error) {
    process.stderr.write(`faultline: ${found.path} could not be read: ${String(error)}\n`)
    return refusal(404)
  }
}

const POLICY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
}

function refusal(status: number): Response {
  return new Response('not found', { status, headers: { ...POLICY_HEADERS, 'Content-Type': 'text/plain' } })
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
