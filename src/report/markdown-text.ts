/**
 * Text that users, models or data can choose, as one harmless run of Markdown: no link, image, mention, issue
 * reference, HTML, table cell or code fence can come of it, and no character reorders the rest of the line.
 *
 * @param text    any text; longer than `longest` is cut with an ellipsis
 */
export function escapeMarkdown(text: string, longest = 2000): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  const cut = plain.length > longest ? `${plain.slice(0, longest)}…` : plain
  return cut
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/[\\`*_{}[\]()#!|~$:@^]/g, (character) =>
      CHARACTERS_AS_ENTITY.has(character) ? `&#${character.codePointAt(0)};` : `\\${character}`,
    )
    .replace(/\b(https?|ftp|www)\b/gi, (word) => `${word.slice(0, 1)}&#${word.codePointAt(1)};${word.slice(2)}`)
}

/** A backslash does not disarm these on GitHub: mentions, references, tables, autolinks and mathematics are found later. */
const CHARACTERS_AS_ENTITY = new Set(['@', '#', '|', '`', '$', '~', ':', '!'])

/** A code span that holds any text: the fence is longer than any run of backticks inside; pipes stay in their cell. */
export function codeSpan(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\|/g, '\\|')
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') || plain === '' ? ' ' : ''
  return `${fence}${pad}${plain}${pad}${fence}`
}

/** A Markdown table; cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
