import type { HostedRepository } from '../../ports/pull-now.ts'
import { lastBytes } from './bounded-body.ts'
import { refused } from './failures.ts'
import { inRepository, type Side } from './side.ts'

const OPERATION = 'read the log of a job'
/** A log up to here is read through; of a longer one only the end is asked for. */
const MOST_THROUGH = 2 ** 20
/** Where ranges are not given out, reading ends here. */
const MOST_BYTES = 64 * 2 ** 20
/** Bytes that one character of UTF-16 may take. */
const WIDEST = 3

/** The last lines of a job's log, at most so many characters; a line that was cut is left out, unless it is alone. */
export async function logTail(
  { calls }: Side,
  repository: HostedRepository,
  job: number,
  characters: number,
): Promise<string> {
  const keep = WIDEST * characters + WIDEST
  const call = {
    operation: OPERATION,
    route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
    parameters: { ...inRepository(repository), job_id: job },
  }
  return calls.download(call, async (fetchFrom) => {
    const whole = await fetchFrom()
    const size = Number(whole.headers.get('content-length') ?? 0)
    const isLong = size > Math.max(MOST_THROUGH, keep)
    if (isLong) await whole.body?.cancel()
    const answer = isLong ? await fetchFrom({ range: `bytes=${size - keep}-${size - 1}` }) : whole
    const read = await lastBytes(OPERATION, answer, { keep, maxBytes: MOST_BYTES })
    if (read === null) throw refused(OPERATION, 200, `it is longer than ${MOST_BYTES} bytes`)
    return tailOf(read.bytes, read.isCut || isLong, characters)
  })
}

function tailOf(bytes: Buffer, isCut: boolean, characters: number): string {
  // a cut may go through a character
  const start = isCut ? bytes.findIndex((byte) => (byte & 0b1100_0000) !== 0b1000_0000) : 0
  const text = new TextDecoder().decode(bytes.subarray(Math.max(0, start))).replaceAll('\r\n', '\n')
  if (!isCut && text.length <= characters) return text
  const tail = text.slice(-characters)
  const next = tail.indexOf('\n')
  return next < 0 || next === tail.length - 1 ? tail : tail.slice(next + 1)
}
