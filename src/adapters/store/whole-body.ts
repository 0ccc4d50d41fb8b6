/** A body that stopped early, or stopped moving: worth another try. */
class BrokenBody extends Error {
  readonly code = 'BROKEN_BODY'
}

/**
 * Passes a body on, and notices when it ends early or stands still.
 *
 * @param sizeBytes  how long it said it is; null when it did not
 * @param timeoutMs  the longest silence between two pieces
 * @throws {BrokenBody} in both cases, and instead of any error of the stream
 */
export async function* wholeBody(
  stream: AsyncIterable<Uint8Array> & { destroy(): void },
  { sizeBytes, timeoutMs }: { readonly sizeBytes: number | null; readonly timeoutMs: number },
): AsyncGenerator<Uint8Array> {
  let received = 0
  const silence = setTimeout(() => stream.destroy(), timeoutMs)
  try {
    for await (const chunk of stream) {
      received += chunk.length
      silence.refresh()
      yield chunk
    }
  } catch {
    throw new BrokenBody('the body broke off')
  } finally {
    clearTimeout(silence)
    stream.destroy()
  }
  if (sizeBytes !== null && received !== sizeBytes) throw new BrokenBody('the body ended early')
}
