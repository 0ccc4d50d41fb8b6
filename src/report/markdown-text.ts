import { plain } from './plain-text.ts'

/** Where text stands: a bar ends a table cell, and means nothing elsewhere. */
export type Spot = 'line' | 'cell'

/**
 * Words that GitHub would turn into something after Markdown is done with them, escaped or not: mentions, references to
 * issues, commits and advisories, links, emoji codes, mathematics. In a code span it leaves them alone.
 */
const LIVELY: readonly RegExp[] = [
  /[@$]/,
  /#\d/,
  /:\/\//,
  /(^|[^a-z0-9])(www\.|(https?|ftp|mailto|xmpp|file|s3):)/i,
  /(^|[^a-z0-9])(gh|ghsa|cve)-/i,
  /(^|[^0-9a-z])[0-9a-f]{7,64}($|[^0-9a-z])/i,
  /:([a-z0-9_+-]*[a-z+-][a-z0-9_+-]*|100|1234):/i,
]

/**
 * Text that users, models or data can choose, as one harmless run of Markdown: no link, image, mention, reference, HTML,
 * table cell, mathematics or code fence can come of it. Reads like the text itself, rendered and raw.
 *
 * @param longest  in characters; what is longer ends in an ellipsis
 * @example escapeMarkdown('roc_auc of @org/all is *good*') // => 'roc_auc of `@org/all` is \\*good\\*'
 */
export function escapeMarkdown(text: string, spot: Spot = 'line', longest = 2000): string {
  const words = plain(text, longest).split(' ')
  return words.map((word, index) => escapeWord(word, spot, index === 0 && spot === 'line')).join(' ')
}

function escapeWord(text: string, spot: Spot, isStart: boolean): string {
  if (!isLively(text)) return escaped(text, isStart)
  const [, before = '', word = '', after = ''] = /^([("']*)(.*?)([)"',.;:!?]*)$/.exec(text) ?? []
  if (!isLively(word) || isLively(`${before} ${after}`)) return codeSpan(text, spot)
  return `${escaped(before, isStart)}${codeSpan(word, spot)}${escaped(after, false)}`
}

function isLively(word: string): boolean {
  return LIVELY.some((lively) => lively.test(word))
}

/** Backslashes where Markdown would see a mark; an underscore inside a word is none. */
function escaped(text: string, isStart: boolean): string {
  const marked = text
    .replace(/[\\`*~|]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/<(?=[A-Za-z/!?])/g, '\\<')
    .replace(/&(?=#?[A-Za-z0-9]+;)/g, '\\&')
    .replace(/\](?=[([:])/g, '\\]')
  return isStart ? marked.replace(/^[[#>+=-]/, '\\$&').replace(/^(\d{1,9})([.)])(?=$)/, '$1\\$2') : marked
}

/** A code span of any text: the fence is longer than any run of backticks inside, and a cell stays one cell. */
export function codeSpan(text: string, spot: Spot = 'line', longest = 2000): string {
  const line = plain(text, longest)
  const inside = spot === 'cell' ? inCell(line) : line
  const fence = '`'.repeat(longestRun(inside) + 1)
  const pad = inside === '' || inside.startsWith('`') || inside.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${inside}${pad}${fence}`
}

/** A bar is escaped in a cell even inside code, and a backslash before it would undo that. */
function inCell(text: string): string {
  return text.replace(/\\+\|/g, (run) => '¦'.padStart(run.length, '∖')).replace(/\|/g, '\\|')
}

/** The longest run of backticks in a text. */
export function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/** Text inside an HTML element of Markdown, where backslashes are nothing but backslashes. */
export function escapeSummary(text: string, longest = 200): string {
  const words = plain(text, longest).split(' ')
  return words.map((word) => (isLively(word) ? `<code>${inHtml(word)}</code>` : inHtml(word))).join(' ')
}

function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The lines of a table; cells are Markdown already. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}

/** A code block whose fence no content can close. */
export function fencedLines(lines: readonly string[]): readonly string[] {
  const mark = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1))
  return [`${mark}text`, ...lines, mark]
}
