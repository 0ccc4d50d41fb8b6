import { createHash } from 'node:crypto'

/**
 * SHA-256 of a stream, as digests are written.
 *
 * @param told  hears after each piece how many bytes there were
 */
export async function streamDigest(
  chunks: AsyncIterable<Uint8Array>,
  told: (bytes: number) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    bytes += chunk.length
    told(bytes)
  }
  return `sha256:${hash.digest('hex')}`
}
