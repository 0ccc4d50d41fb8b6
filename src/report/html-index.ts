import type { Status } from '../gates/finding.ts'
import { PAGE_STYLE } from './html-style.ts'
import { escapeHtml } from './html-text.ts'
import { DECISION, SIGN } from './words.ts'

export interface IndexEntry {
  readonly title: string
  readonly told: string
  readonly status: Status
}

/** A page that lists checks, each linked by its number. */
export function renderIndex(entries: readonly IndexEntry[]): string {
  const items = entries.map(
    (entry, index) =>
      `<li class="${entry.status}"><span class="sign">${SIGN[entry.status]}</span> <a href="/${index + 1}">${escapeHtml(entry.title)}</a><br>${escapeHtml(entry.told)} <em>${escapeHtml(DECISION[entry.status])}.</em></li>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Weighbridge: ${entries.length} promotions</title><style>${PAGE_STYLE}ol{padding-left:1.4rem}ol li{margin:.8rem 0}a{color:var(--candidate)}</style></head>
<body><main><header><p class="kicker">weighbridge</p><h1>${entries.length} promotions, weighed</h1></header><ol>${items.join('\n')}</ol></main></body></html>
`
}
