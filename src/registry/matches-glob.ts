/**
 * Whether a text matches a pattern in which `*` stands for any run of characters, also none, and nothing else is special.
 *
 * The parts between the stars are looked for from left to right, each once, so no pattern takes more than
 * pattern times text steps.
 *
 * @example matchesGlob('credit-*', 'credit-cards') // => true
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split(/\*+/)
  if (rest.length === 0) return text === first
  const last = rest.at(-1)!
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  const end = text.length - last.length
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1 || found + part.length > end) return false
    at = found + part.length
  }
  return at <= end
}
