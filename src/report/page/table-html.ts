import { escapeHtml } from '../html-text.ts'
import type { Cell, TablePart } from './page.ts'
import { TONE_SIGN } from './tone.ts'

const MOST_COLUMNS = 60
const LONGEST_CELL = 600

/**
 * A table with a caption and headed rows, that scrolls by itself where it is wide.
 *
 * @param most  how large it may grow, in bytes; rows beyond are counted
 */
export function tableHtml(table: TablePart, most: number): string {
  const columns = table.columns.slice(0, MOST_COLUMNS)
  const head = columns.map(
    ({ name, align }) => `<th scope="col"${align === 'right' ? ' class="n"' : ''}>${escapeHtml(name, 200)}</th>`,
  )
  const rows: string[] = []
  let size = bytesOf(head.join(''))
  for (const row of table.rows) {
    const html = rowHtml(row, columns)
    size += bytesOf(html)
    if (size > most) break
    rows.push(html)
  }
  const caption = `<caption>${escapeHtml(table.title, 300)}</caption>`
  const isEmpty = table.rows.length === 0 ? '<p class="more">none</p>' : ''
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(table.title, 300)}"><table>${caption}<thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${isEmpty}${moreHtml(table, rows.length, columns.length)}`
}

/** How many bytes a text takes in a file. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function rowHtml(row: readonly Cell[], columns: TablePart['columns']): string {
  const cells = columns.map(({ align }, at) => cellHtml(row[at] ?? '', align, at === 0))
  return `<tr>${cells.join('')}</tr>`
}

function cellHtml(cell: Cell, align: 'right' | undefined, isFirst: boolean): string {
  const { text, tone } = typeof cell === 'string' ? { text: cell, tone: null } : cell
  const classes = [align === 'right' ? ['n'] : [], tone === null ? [] : [tone]].flat().join(' ')
  const kind = classes === '' ? '' : ` class="${classes}"`
  const sign =
    tone === 'good' || tone === 'bad' || tone === 'doubt'
      ? `<span aria-hidden="true">${TONE_SIGN[tone]}&#160;</span>`
      : ''
  const inside = `${sign}${escapeHtml(text, LONGEST_CELL).replaceAll('_', '_<wbr>')}`
  return isFirst && align !== 'right' ? `<th scope="row"${kind}>${inside}</th>` : `<td${kind}>${inside}</td>`
}

function moreHtml(table: TablePart, rows: number, columns: number): string {
  const left = [
    table.rows.length > rows ? [`${table.rows.length - rows} more rows`] : [],
    table.columns.length > columns ? [`${table.columns.length - columns} more columns`] : [],
  ].flat()
  return left.length === 0 ? '' : `<p class="more">and ${left.join(' and ')}; --json has them all</p>`
}
