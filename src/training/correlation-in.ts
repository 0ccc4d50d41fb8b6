/**
 * The correlation id of ours that a text holds, such as the title of a run; null when it holds none.
 *
 * @example correlationIn('train churn wb-0123456789abcdef0123.1') // => 'wb-0123456789abcdef0123'
 */
export function correlationIn(text: string): string | null {
  return /(?<![0-9A-Za-z-])wb-[0-9a-f]{20}(?![0-9A-Za-z-])/.exec(text)?.[0] ?? null
}
