import type { CheckDocument } from './check-document.ts'
import { gateHtml, signHtml, skippedHtml } from './html-gate.ts'
import { PAGE_STYLE } from './html-style.ts'
import { escapeHtml, pageOf } from './html-text.ts'
import {
  changeTexts,
  comparesWithIncumbent,
  footerTexts,
  headlineOf,
  outlineOf,
  type SectionOutline,
} from './outline.ts'
import { DECISION } from './words.ts'

/** A check as one self-contained page: no script, no font, no image from elsewhere. */
export function renderHtml(check: CheckDocument): string {
  const title = `${DECISION[check.verdict.status]}: ${headlineOf(check)}`
  const body = [headerHtml(check), legendHtml(check), ...outlineOf(check).map(sectionHtml), footerHtml(check)]
  return pageOf(title, PAGE_STYLE, body.filter((part) => part !== '').join('\n'))
}

function headerHtml(check: CheckDocument): string {
  const { verdict } = check
  const changes = changeTexts(check).map((text) => `<li>${escapeHtml(text)}</li>`)
  const list = changes.length < 2 ? '' : `<ul class="changes">${changes.join('')}</ul>`
  return `<header class="${verdict.status}"><p class="kicker">weighbridge</p><h1>${escapeHtml(headlineOf(check), 300)}</h1>
<p class="decision"><strong>${signHtml(verdict)} ${DECISION[verdict.status]}.</strong> ${escapeHtml(verdict.because)}</p>${list}</header>`
}

/** What the colours of the drawings mean, where there are any. */
function legendHtml({ verdict }: CheckDocument): string {
  const incumbent = comparesWithIncumbent(verdict)
  const marks = [
    '<span class="candidate">●</span> candidate',
    ...(incumbent ? ['<span class="incumbent">┃</span> incumbent'] : []),
    '<span class="limit">┆</span> limit',
  ]
  return verdict.children.length === 0 ? '' : `<p class="legend">${marks.join(' &nbsp; ')}</p>`
}

function sectionHtml({ heading, gates }: SectionOutline): string {
  const judged = gates.filter(({ gate }) => gate.status !== 'skipped')
  const skipped = gates.filter(({ gate }) => gate.status === 'skipped').map(({ gate }) => gate)
  const name = heading === null ? '<h2 class="quiet">Gates</h2>' : `<h2>${escapeHtml(heading)}</h2>`
  return `<section>${name}${judged.map(gateHtml).join('\n')}${skippedHtml(skipped)}</section>`
}

function footerHtml(check: CheckDocument): string {
  const sources = check.sources.map(({ of, repository, sha }) => `${of} from ${repository} at ${sha.slice(0, 12)}.`)
  const facts = [...footerTexts(check), ...sources].map((text) => escapeHtml(text)).join(' ')
  const repeat = check.repeat === null ? '' : `<p>Repeat it: <code>${escapeHtml(check.repeat)}</code></p>`
  return `<footer>${repeat}<p>${facts}</p></footer>`
}
