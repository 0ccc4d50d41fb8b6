const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
const COMBINING = /(\p{M}{3})\p{M}+/gu

/**
 * Text that users, models or data chose, as one line that reads the same to people and programs: composed (NFC),
 * without control, bidirectional and invisible characters, without towers of marks, and not long. `::` and `##[` are
 * broken: at the start of a line they are commands to an Actions runner, and lines are wrapped anywhere.
 *
 * @param longest  in code points; what is longer ends in an ellipsis
 */
export function plain(text: string, longest = 2000): string {
  const start = text
    .slice(0, 4 * longest)
    .toWellFormed()
    .normalize('NFC')
  const shown = start.replace(/\s+/gu, ' ').replace(HIDDEN, '\uFFFD').replace(COMBINING, '$1').trim()
  const line = shown.replace(/:(?=:)/g, ': ').replaceAll('##[', '## [')
  const points = Array.from(line)
  return points.length <= longest && start.length >= text.length
    ? line
    : `${points.slice(0, longest).join('').trimEnd()}…`
}

const SPELLED = 6

/** A name out of data: letters that are not ASCII stand spelled out beside it, since some look like others. */
export function plainName(name: string, longest = 60): string {
  const shown = plain(name, longest)
  const foreign = [...new Set(shown)].filter((letter) => (letter.codePointAt(0) ?? 0) > 127 && letter !== '…')
  if (foreign.length === 0) return shown
  const spelled = foreign.slice(0, SPELLED).map((letter) => `U+${hex(letter)}`)
  return `${shown} (${spelled.join(' ')}${foreign.length > SPELLED ? ' …' : ''})`
}

function hex(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
