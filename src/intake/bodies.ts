import type { IncomingMessage } from 'node:http'

export interface BodyLimits {
  /** One body. */
  readonly maxBytes: number
  /** All bodies that are being read, together. */
  readonly maxBytesInFlight: number
  /** The whole body must be there after this. */
  readonly maxMs: number
  /** Slower than this after `graceMs` is no honest sender. */
  readonly minBytesPerS: number
  readonly graceMs: number
}

/** GitHub sends at most 25 MB, and gives up after 10 s. */
export const BODY_LIMITS: BodyLimits = {
  maxBytes: 25_000_000,
  maxBytesInFlight: 28_000_000,
  maxMs: 10_000,
  minBytesPerS: 1000,
  graceMs: 2000,
}

export type Body =
  | { readonly is: 'whole'; readonly parts: readonly Buffer[] }
  /** 408 too slow, 413 too large, 429 when all bodies together are; null when the sender went away. */
  | { readonly is: 'refused'; readonly status: 408 | 413 | 429 | null }

export interface Bodies {
  /** Known from its headers, before anything is read. */
  isTooLarge(request: IncomingMessage): boolean
  read(request: IncomingMessage): Promise<Body>
  bytesInFlight(): number
  close(): void
}

interface Reading {
  readonly startedMs: number
  bytes: number
  end(status: 408 | 413 | 429 | null): void
}

/** Reads bodies within limits; where all together become too many bytes, the largest gives way, so that small ones pass. */
export function openBodies(limits: BodyLimits = BODY_LIMITS): Bodies {
  const readings = new Set<Reading>()
  let inFlight = 0
  const timer = setInterval(() => endSlow(readings, limits), 250)
  timer.unref()
  const makeRoom = () => {
    while (inFlight > limits.maxBytesInFlight) largest(readings).end(429)
  }

  const read = (request: IncomingMessage): Promise<Body> =>
    new Promise((resolve) => {
      const parts: Buffer[] = []
      const finish = (body: Body) => {
        if (!readings.delete(reading)) return
        inFlight -= reading.bytes
        request.off('data', take)
        if (body.is === 'refused') releaseBody(parts)
        resolve(body)
      }
      const reading: Reading = {
        startedMs: performance.now(),
        bytes: 0,
        end: (status) => {
          request.pause()
          finish({ is: 'refused', status })
        },
      }
      const take = (part: Buffer) => {
        parts.push(part)
        reading.bytes += part.length
        inFlight += part.length
        if (reading.bytes > limits.maxBytes) reading.end(413)
        else makeRoom()
      }
      readings.add(reading)
      request.on('data', take)
      request.once('end', () => finish({ is: 'whole', parts }))
      request.once('error', () => finish({ is: 'refused', status: null }))
      request.once('close', () => finish({ is: 'refused', status: null }))
    })
  const isTooLarge = (request: IncomingMessage) => !(Number(request.headers['content-length'] ?? 0) <= limits.maxBytes)
  return { isTooLarge, read, bytesInFlight: () => inFlight, close: () => clearInterval(timer) }
}

/** Gives the memory of a body back at once: left to the collector, what a flood was refused would pile up first. */
export function releaseBody(parts: readonly Buffer[]): void {
  for (const { buffer, byteLength } of parts)
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached) buffer.transfer(0)
}

function largest(readings: ReadonlySet<Reading>): Reading {
  return [...readings].reduce((most, one) => (one.bytes > most.bytes ? one : most))
}

function endSlow(readings: ReadonlySet<Reading>, limits: BodyLimits): void {
  const now = performance.now()
  for (const reading of [...readings]) {
    const ms = now - reading.startedMs
    const isSlow = ms > limits.graceMs && reading.bytes < (limits.minBytesPerS * ms) / 1000
    if (ms > limits.maxMs || isSlow) reading.end(408)
  }
}
