import { unreachable } from './failures.ts'

/** All bytes of an answer; null when there are more than so many, of which no more are read. */
export async function wholeBody(operation: string, answer: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(operation, answer)) {
    size += chunk.length
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The last bytes of an answer, and whether there were more before them; null when it is longer than is read at all. */
export async function lastBytes(
  operation: string,
  answer: Response,
  { keep, maxBytes }: { readonly keep: number; readonly maxBytes: number },
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean } | null> {
  let kept = Buffer.alloc(0)
  let size = 0
  for await (const chunk of chunksOf(operation, answer)) {
    size += chunk.length
    if (size > maxBytes) return null
    kept = Buffer.concat([kept, chunk]).subarray(-keep)
  }
  return { bytes: kept, isCut: size > kept.length }
}

/** Leaving the loop early ends the download. */
async function* chunksOf(operation: string, { body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of body ?? []) yield chunk
  } catch (error) {
    throw unreachable(operation, `the answer broke off (${error instanceof Error ? error.name : 'unknown'})`)
  }
}
