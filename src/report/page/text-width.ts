const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u
const NARROW = /^[\x20-\x7e]*$/

/**
 * Columns that a text takes on a terminal: East Asian letters and emoji two, combining marks none.
 *
 * @example textWidth('a\u65e5') // => 3
 */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  return Array.from(text).reduce((width, letter) => width + widthOf(letter), 0)
}

function widthOf(letter: string): number {
  if (/\p{M}/u.test(letter)) return 0
  return WIDE.test(letter) ? 2 : 1
}

/**
 * A name no wider than `most`: what is longer loses its middle, since names that people give differ at their ends.
 *
 * @example cutMiddle('customer_age_in_years', 11) // => 'custo…years'
 */
export function cutMiddle(text: string, most: number): string {
  if (textWidth(text) <= most) return text
  if (most < 3) return '…'.slice(0, Math.max(0, most))
  const letters = Array.from(text)
  const head = Math.ceil((most - 1) / 2)
  return `${upTo(letters, head).join('')}…${upTo(letters.toReversed(), most - 1 - head)
    .toReversed()
    .join('')}`
}

function upTo(letters: readonly string[], most: number): readonly string[] {
  let width = 0
  const end = letters.findIndex((letter) => {
    width += widthOf(letter)
    return width > most
  })
  return end < 0 ? letters : letters.slice(0, end)
}

/** Text with spaces after it, or before it, up to a width. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - textWidth(text)))
  return align === 'right' ? spaces + text : text + spaces
}
