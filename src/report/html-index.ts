import type { Status } from '../gates/finding.ts'
import { signHtml } from './html-gate.ts'
import { PAGE_STYLE } from './html-style.ts'
import { escapeHtml, pageOf } from './html-text.ts'
import { DECISION } from './words.ts'

export interface IndexEntry {
  readonly title: string
  readonly told: string
  readonly status: Status
}

/** A page that lists checks, each linked by its number. */
export function renderIndex(entries: readonly IndexEntry[]): string {
  const items = entries.map(
    (entry, index) =>
      `<li class="${entry.status}">${signHtml(entry)} <a href="/${index + 1}">${escapeHtml(entry.title)}</a><p>${escapeHtml(entry.told)} <em>${DECISION[entry.status]}.</em></p></li>`,
  )
  const title = `${entries.length} ${entries.length === 1 ? 'promotion' : 'promotions'}, weighed`
  const body = `<header><p class="kicker">weighbridge</p><h1>${title}</h1></header>\n<ol class="index">${items.join('\n')}</ol>`
  return pageOf(`Weighbridge: ${title}`, PAGE_STYLE, body)
}
