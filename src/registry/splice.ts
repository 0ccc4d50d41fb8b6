/** Characters of a text that are to be replaced: from `start` up to, not including, `end`. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * A text with one stretch of it replaced; every other character stays as it is.
 *
 * @param start  offset of the first character that goes, 0 to `end`
 * @param end    offset after the last one, at most the text's length
 * @throws {RangeError} for a stretch that the text does not have
 * @example spliced('version: 1.3.0 # live', { start: 9, end: 14, text: '1.4.0' }) // => 'version: 1.4.0 # live'
 */
export function spliced(text: string, { start, end, text: own }: Splice): string {
  if (!(start >= 0 && start <= end && end <= text.length))
    throw new RangeError(`a text of ${text.length} characters has none from ${start} to ${end}`)
  return text.slice(0, start) + own + text.slice(end)
}
