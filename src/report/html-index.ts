import type { Status } from '../gates/finding.ts'
import { signHtml } from './html-gate.ts'
import { PAGE_STYLE } from './html-style.ts'
import { escapeHtml, pageOf } from './html-text.ts'
import { DECISION } from './words.ts'

export interface IndexEntry {
  readonly title: string
  readonly told: string
  readonly status: Status
  /** In place of the decision, where none stands yet. */
  readonly meanwhile?: string | null
  /** Where it is told; an own path, never a foreign text. */
  readonly href: string
  /** Its report, where one is kept. */
  readonly report?: string | null
}

/** A page that lists checks, each linked. */
export function renderIndex(entries: readonly IndexEntry[]): string {
  const items = entries.map(
    (entry) =>
      `<li class="${entry.status}">${signHtml(entry)} <a href="${escapeHtml(entry.href)}">${escapeHtml(entry.title)}</a><p>${escapeHtml(entry.told)} <em>${escapeHtml(entry.meanwhile ?? DECISION[entry.status])}.</em>${reportLink(entry)}</p></li>`,
  )
  const title = `${entries.length} ${entries.length === 1 ? 'promotion' : 'promotions'}, weighed`
  const body = `<header><p class="kicker">weighbridge</p><h1>${title}</h1></header>\n<ol class="index">${items.join('\n')}</ol>`
  return pageOf(`Weighbridge: ${title}`, PAGE_STYLE, body)
}

function reportLink({ report = null }: IndexEntry): string {
  return report === null ? '' : ` <a href="${escapeHtml(report)}">report</a>`
}
