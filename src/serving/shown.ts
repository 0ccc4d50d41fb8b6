import { spellCodePoint } from '../registry/source-text.ts'

const LONGEST = 200
const UNSEEN = /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]/gu

/**
 * A value from a manifest as a message shows it: JSON, every character that people cannot see spelled out.
 *
 * @returns at most 200 characters, a cut marked by `...`; `absent`, without quotes, for undefined
 * @example shown('churn') // => '"churn"'
 */
export function shown(value: unknown): string {
  return cut(whole(value))
}

/**
 * Two values that differ, cut so that their difference stays in view.
 *
 * A difference behind the cut would be no difference to whoever reads the check.
 *
 * @returns both at most 200 characters
 */
export function shownApart(from: unknown, to: unknown): { readonly from: string; readonly to: string } {
  const [a, b] = [whole(from), whole(to)]
  const same = commonPrefix(a, b)
  if (same <= 150) return { from: cut(a), to: cut(b) }
  return { from: cut(`...${a.slice(same - 20)}`), to: cut(`...${b.slice(same - 20)}`) }
}

function whole(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.replace(UNSEEN, (character) => `<${spellCodePoint(character.codePointAt(0)!)}>`)
}

/** At most 200 characters, a cut marked by `...`. */
export function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`
}

function commonPrefix(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
