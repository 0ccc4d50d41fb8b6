import type { Finding } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import type { CheckDocument } from './check-document.ts'
import { limitSvg, plotExhibit } from './html-plots.ts'
import { PAGE_STYLE } from './html-style.ts'
import { escapeHtml } from './html-text.ts'
import {
  DECISION,
  intervalText,
  leavesOf,
  limitText,
  placeText,
  SIGN,
  sectionsOf,
  statusText,
  worstFirst,
} from './words.ts'

/** One self-contained page: no script, no font, no image from elsewhere. */
export function renderHtml(check: CheckDocument): string {
  const { verdict } = check
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(`${DECISION[verdict.status]}: ${headline(check)}`)}</title><style>${PAGE_STYLE}</style></head>
<body><main>
<header class="${verdict.status}"><p class="kicker">weighbridge</p><h1>${escapeHtml(headline(check))}</h1>
<p class="decision"><strong>${SIGN[verdict.status]} ${escapeHtml(DECISION[verdict.status])}.</strong> ${escapeHtml(verdict.because)}</p></header>
${legend(check)}
${sectionsOf(verdict)
  .map(
    (section) =>
      `${section.heading === null ? '' : `<h2>${escapeHtml(section.heading)}</h2>`}${worstFirst(section.gates).map(gateHtml).join('\n')}`,
  )
  .join('\n')}
${footer(check)}
</main></body></html>
`
}

/** `churn 1.3.0 → 1.4.0 in production`, or what else was changed. */
export function headline(check: CheckDocument): string {
  const moves = check.changes.filter((change) => change.kind === 'promotion' || change.kind === 'rollback')
  if (moves.length === 0)
    return check.changes.length === 0
      ? check.verdict.title
      : [...new Set(check.changes.map((change) => change.kind))].join(', ')
  return moves
    .map((move) => `${move.model ?? ''} ${move.from ?? 'none'} → ${move.to ?? 'none'} in ${move.environment ?? ''}`)
    .join('; ')
}

function legend(check: CheckDocument): string {
  const incumbent = leavesOf(check.verdict).find((leaf) => leaf.incumbent !== undefined)?.incumbent
  return incumbent === undefined
    ? ''
    : `<p class="legend"><span class="candidate">●</span> candidate <span class="incumbent">●</span> incumbent ${escapeHtml(incumbent.version)} <span class="limit">│</span> limit</p>`
}

function gateHtml(gate: Finding): string {
  const leaves = worstFirst(leavesOf(gate).filter((leaf) => leaf !== gate))
  const exhibits = [...(gate.exhibits ?? []), ...leaves.flatMap((leaf) => leaf.exhibits ?? [])]
  const open = gate.status === 'failed' || gate.status === 'inconclusive' || exhibits.length > 0 ? ' open' : ''
  const body = leaves.length === 0 ? `<p>${escapeHtml(gate.because)}</p>` : rules(leaves)
  return `<details class="gate ${gate.status}"${open}><summary><span class="sign">${SIGN[gate.status]}</span> ${escapeHtml(gate.gate)} <span class="status">${escapeHtml(statusText(gate))}</span></summary>${body}<div class="figures">${exhibits.map(plotExhibit).join('')}</div></details>`
}

function rules(leaves: readonly Finding[]): string {
  const measured = leaves.filter((leaf) => leaf.measured !== null || leaf.limit !== null)
  const others = leaves.filter((leaf) => leaf.measured === null && leaf.limit === null)
  const table =
    measured.length === 0
      ? ''
      : `<div class="scroll"><table><thead><tr><th>rule</th><th>measured</th><th>interval</th><th>limit</th><th></th><th>incumbent</th><th>verdict</th></tr></thead><tbody>${measured.map(ruleRow).join('')}</tbody></table></div>`
  const list =
    others.length === 0
      ? ''
      : `<ul>${others.map((leaf) => `<li class="${tone(leaf)}"><span class="sign">${SIGN[leaf.status]}</span> <strong>${escapeHtml(leaf.title)}</strong> ${escapeHtml(leaf.because)} ${place(leaf)}</li>`).join('')}</ul>`
  return table + list
}

function ruleRow(leaf: Finding): string {
  const cells = [
    `<td>${escapeHtml(leaf.title)}</td>`,
    `<td class="number">${leaf.measured === null ? 'none' : numberText(leaf.measured)}</td>`,
    `<td class="number">${escapeHtml(intervalText(leaf.interval))}</td>`,
    `<td>${escapeHtml(limitText(leaf.limit))}</td>`,
    `<td>${limitSvg(leaf)}</td>`,
    `<td class="number">${leaf.incumbent?.measured === undefined || leaf.incumbent.measured === null ? '' : numberText(leaf.incumbent.measured)}</td>`,
    `<td class="${tone(leaf)}"><span class="sign">${SIGN[leaf.status]}</span> ${escapeHtml(statusText(leaf))}</td>`,
  ]
  const more = [leaf.because, leaf.flips, leaf.decides?.because].filter((text) => text !== undefined && text !== '')
  const notes = leaf.status === 'skipped' ? [leaf.because] : more
  return `<tr>${cells.join('')}</tr><tr class="why"><td colspan="7">${escapeHtml(notes.join(' '))} ${place(leaf)}</td></tr>`
}

function tone(leaf: Finding): string {
  return leaf.advisory === true ? 'skipped' : leaf.status
}

function place(leaf: Finding): string {
  const text = placeText(leaf)
  return text === '' ? '' : `<code>${escapeHtml(text)}</code>`
}

function footer(check: CheckDocument): string {
  const facts = [
    check.not_asked.length === 0 ? null : `Not asked here: ${check.not_asked.join(', ')}.`,
    check.verdict.validUntil === null ? null : `Valid until ${check.verdict.validUntil}.`,
    ...check.sources.map((source) => `${source.of} ${source.repository} at ${source.sha.slice(0, 12)}.`),
    `Judged at ${check.now} by ${check.engine}.`,
  ].filter((fact) => fact !== null)
  const repeat = check.repeat === null ? '' : `<p>Repeat: <code>${escapeHtml(check.repeat)}</code></p>`
  return `<footer><p>${escapeHtml(facts.join(' '))}</p>${repeat}</footer>`
}
