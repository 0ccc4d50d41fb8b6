import { escapeHtml, pageOf } from '../html-text.ts'
import { finitePlot } from './finite.ts'
import type { Page, PageFact, PagePart, PageWarning, TextPart } from './page.ts'
import { MEASURED_STYLE } from './page-style.ts'
import { plotHtml } from './plot-html.ts'
import { bytesOf, tableHtml } from './table-html.ts'
import { warningGroups } from './warning-groups.ts'

/** No page is larger, whatever it is about; browsers and mail still take it. */
const MOST_BYTES = 1_800_000
const LARGEST_TABLE = 500_000
const MOST_FACTS = 100
const MOST_LINES = 2000

/**
 * A page as one self-contained HTML document, under 2 MB: no script, no font, no image from elsewhere.
 *
 * Tables are cut where they grow too large, and parts for which there is no room are counted at the end.
 */
export function pageHtml(page: Page): string {
  const around = [headerHtml(page), factsHtml(page.facts), warningsHtml(page.warnings)]
  const room = MOST_BYTES - bytesOf(around.join('')) - bytesOf(MEASURED_STYLE)
  const [header = '', facts = '', warnings = ''] = around
  const body = [header, facts, ...partsHtml(page.parts, room), warnings]
  return pageOf(page.title, MEASURED_STYLE, body.filter((part) => part !== '').join('\n'))
}

function headerHtml({ title, lead }: Page): string {
  const said = lead === '' ? '' : `<p class="decision">${escapeHtml(lead)}</p>`
  return `<header><p class="kicker">weighbridge</p><h1>${escapeHtml(title, 300)}</h1>${said}</header>`
}

function factsHtml(facts: readonly PageFact[]): string {
  const items = facts
    .slice(0, MOST_FACTS)
    .map(({ name, value }) => `<dt>${escapeHtml(name, 200)}</dt><dd>${escapeHtml(value, 1000)}</dd>`)
  return items.length === 0 ? '' : `<dl class="facts">${items.join('')}</dl>`
}

function partsHtml(parts: readonly PagePart[], room: number): readonly string[] {
  const shown: string[] = []
  let left = room
  for (const part of parts) {
    const html = partHtml(part, Math.min(LARGEST_TABLE, left / 2))
    const size = bytesOf(html)
    if (size > left) break
    left -= size
    shown.push(html)
  }
  const more = parts.length - shown.length
  return more > 0 ? [...shown, `<p class="more">and ${more} more parts; --json has them all</p>`] : shown
}

function partHtml(part: PagePart, most: number): string {
  const about =
    part.kind === 'text' || part.about === undefined ? '' : `<p class="about">${escapeHtml(part.about, 1000)}</p>`
  return `<section class="part"><h2>${escapeHtml(part.title, 300)}</h2>${about}${insideHtml(part, most)}</section>`
}

function insideHtml(part: PagePart, most: number): string {
  switch (part.kind) {
    case 'text':
      return textHtml(part, most)
    case 'table':
      return tableHtml(part, most)
    case 'plot':
      return plotHtml(finitePlot(part.plot), part.title)
  }
}

function textHtml({ lines }: TextPart, most: number): string {
  const shown = lines
    .slice(0, Math.min(MOST_LINES, Math.floor(most / 1000)))
    .map((line) => `<p>${escapeHtml(line, 300)}</p>`)
  const more = lines.length - shown.length
  return `${shown.join('')}${more > 0 ? `<p class="more">and ${more} more lines</p>` : ''}`
}

function warningsHtml(warnings: readonly PageWarning[]): string {
  if (warnings.length === 0) return ''
  const items = warningGroups(warnings).flatMap(({ messages, more }) => [
    ...messages.map((message) => `<li>${escapeHtml(message, 600)}</li>`),
    ...(more === '' ? [] : [`<li class="more">${escapeHtml(more, 600)}</li>`]),
  ])
  return `<section class="part warnings"><h2>Warnings</h2><ul>${items.join('')}</ul></section>`
}
