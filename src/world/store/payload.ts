import { S3Failure } from './s3-failure.ts'
import type { S3Request } from './s3-message.ts'
import { hmac, type Signed, sha256 } from './signature.ts'

/** The bytes that a request means, and the trailers that came behind them. */
export interface Payload {
  readonly bytes: Buffer
  readonly trailers: Readonly<Record<string, string>>
}

const SIGNED_CHUNKS = /^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/

/**
 * Takes the frames of `aws-chunked` off a body and checks what the sender signed of it.
 *
 * @throws {S3Failure} when the digest, the length or a chunk's signature is another
 */
export function payloadOf(request: S3Request, signed: Signed): Payload {
  const { payload } = signed
  if (/^[0-9a-f]{64}$/.test(payload) && payload !== sha256(request.body))
    throw new S3Failure('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match.")
  if (!payload.startsWith('STREAMING-')) return { bytes: request.body, trailers: {} }
  if (payload !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' && !SIGNED_CHUNKS.test(payload))
    throw new S3Failure('NotImplemented', `This store does not know ${payload}.`)
  const read = unchunked(request.body, SIGNED_CHUNKS.test(payload) ? signed : null)
  checkLength(request, read.bytes)
  return read
}

function checkLength({ headers }: S3Request, bytes: Buffer): void {
  const stated = headers['x-amz-decoded-content-length']
  if (stated !== undefined && Number(stated) !== bytes.length)
    throw new S3Failure('IncompleteBody', 'You did not provide the number of bytes specified by the header.')
}

/** `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n` until a size of 0, then trailers. */
function unchunked(framed: Buffer, signed: Signed | null): Payload {
  const parts: Buffer[] = []
  let previous = signed?.signature ?? ''
  let at = 0
  for (;;) {
    const end = framed.indexOf('\r\n', at)
    const [, hex, signature] =
      /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(framed.toString('latin1', at, end < 0 ? at : end)) ?? []
    const size = Number.parseInt(hex ?? '', 16)
    const chunk = framed.subarray(end + 2, end + 2 + size)
    if (Number.isNaN(size) || chunk.length !== size)
      throw new S3Failure('IncompleteBody', 'The request body terminated unexpectedly.')
    if (signed !== null) previous = checkedChunk(signed, previous, { chunk, signature })
    if (size === 0) return { bytes: Buffer.concat(parts), trailers: trailersIn(framed.toString('latin1', end + 2)) }
    parts.push(chunk)
    at = end + 2 + size + 2
  }
}

function checkedChunk(
  { date, scope, signingKey }: Signed,
  previous: string,
  { chunk, signature }: { readonly chunk: Buffer; readonly signature: string | undefined },
): string {
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, sha256(''), sha256(chunk)].join('\n')
  const right = hmac(signingKey, text).toString('hex')
  if (signature !== right) throw new S3Failure('SignatureDoesNotMatch', 'The signature of a chunk does not match.')
  return right
}

function trailersIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'))
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(/:(.*)/s)
      return [name.trim().toLowerCase(), value.trim()]
    }),
  )
}
