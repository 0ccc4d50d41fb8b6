import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { RouteAnswer } from './route.ts'

/** On every answer. A route that shows a page may widen its own content policy and nothing else. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'content-type': 'text/plain; charset=utf-8',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
const MAY_DIFFER = ['cache-control', 'content-security-policy', 'content-type', 'etag', 'location', 'retry-after']
const LAST_WORD_MS = 250

/** Answers a request whose body was read or has none. */
export function answer(response: ServerResponse, { status, headers = {}, body }: RouteAnswer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => MAY_DIFFER.includes(name.toLowerCase())))
  response.writeHead(status, { ...SECURITY_HEADERS, ...lowerCased(own), 'content-length': bytes.byteLength })
  response.end(response.req.method === 'HEAD' ? undefined : bytes)
}

/**
 * Answers a request whose body will not be read, and ends the connection. The rest of the body stays unread on the wire:
 * reading it away is what a flood wants. The sender gets a moment to see the answer.
 */
export function answerAndClose(request: IncomingMessage, status: number, text: string): void {
  const { socket } = request
  request.pause()
  const headers = { ...SECURITY_HEADERS, connection: 'close', 'content-length': `${Buffer.byteLength(text)}` }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n'))
  setTimeout(() => socket.destroy(), LAST_WORD_MS).unref()
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
