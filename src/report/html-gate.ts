import type { Exhibit, Finding } from '../gates/finding.ts'
import { captionOf, groupCells, groupName } from './exhibit-words.ts'
import { calibrationSvg, rocSvg } from './html-curves.ts'
import { limitSvg } from './html-limit.ts'
import { columnsSvg, groupsSvg } from './html-rows.ts'
import { escapeHtml } from './html-text.ts'
import { type GateOutline, holds } from './outline.ts'
import {
  incumbentText,
  levelText,
  limitText,
  measuredText,
  namedReason,
  placeText,
  SIGN,
  statusText,
  toneOf,
  turnTexts,
  waiverText,
} from './words.ts'

/** One gate, open where it holds or draws something. */
export function gateHtml({ gate, rules, notes, exhibits }: GateOutline): string {
  const open = holds(gate) || exhibits.length > 0 ? ' open' : ''
  const body = rules.length + notes.length === 0 ? `<p>${escapeHtml(gate.because)}</p>` : ''
  return `<details class="gate ${toneOf(gate)}"${open}>
<summary><h3>${signHtml(gate)} ${escapeHtml(gate.gate)}</h3> <span class="status">${escapeHtml(statusText(gate))}</span></summary>
${body}${waivedHtml(gate)}${rulesHtml(rules, gate)}${notesHtml(notes)}${figuresHtml(exhibits)}</details>`
}

/** Who took it, and why; the summary says until when. */
function waivedHtml(gate: Finding): string {
  return gate.waiver === undefined ? '' : `<p>${escapeHtml(waiverText(gate))}</p>`
}

/** All gates that were skipped, in one line each. */
export function skippedHtml(gates: readonly Finding[]): string {
  if (gates.length === 0) return ''
  const items = gates.map((gate) => `<li><strong>${escapeHtml(gate.gate)}</strong> ${escapeHtml(gate.because)}</li>`)
  return `<details class="gate skipped"><summary><h3>${SIGN.skipped} ${gates.length} skipped</h3></summary><ul>${items.join('')}</ul></details>`
}

const HEADER = ['rule', 'measured', 'interval', 'limit', 'drawn', 'incumbent', 'verdict'] as const

function rulesHtml(rules: readonly Finding[], gate: Finding): string {
  if (rules.length === 0) return ''
  const head = HEADER.map((name) => `<th scope="col">${name}</th>`).join('')
  return `<table class="rules"><caption>Rules of ${escapeHtml(gate.gate)}</caption><thead><tr>${head}</tr></thead><tbody>${rules.map(ruleHtml).join('\n')}</tbody></table>`
}

function ruleHtml(rule: Finding): string {
  const cells = [
    escapeHtml(measuredText(rule.measured)),
    escapeHtml(levelText(rule)),
    escapeHtml(limitText(rule.limit)),
    limitSvg(rule),
    escapeHtml(incumbentText(rule)),
    `${signHtml(rule)} ${escapeHtml(statusText(rule))}`,
  ]
  const row = cells.map((cell, index) =>
    cell === '' ? '<td class="none"></td>' : `<td data-label="${HEADER[index + 1]}">${cell}</td>`,
  )
  const why = holds(rule) ? [rule.because, ...turnTexts(rule)] : [rule.because]
  return `<tr class="${toneOf(rule)}"><th scope="row">${breakable(rule.title)}</th>${row.join('')}</tr>
<tr class="why"><td colspan="${HEADER.length}">${escapeHtml(why.join(' '))}${placeHtml(rule)}</td></tr>`
}

/** A long name of several words may break between them. */
function breakable(text: string): string {
  return escapeHtml(text).replaceAll('_', '_<wbr>')
}

function notesHtml(notes: readonly Finding[]): string {
  if (notes.length === 0) return ''
  const items = notes.map((note) => {
    const { name, rest } = namedReason(note)
    const said = [rest, ...(holds(note) ? turnTexts(note) : [])].join(' ')
    const advisory = note.advisory === true ? ' <em>(advisory)</em>' : ''
    return `<li class="${toneOf(note)}">${signHtml(note)} <strong>${escapeHtml(name)}</strong>${advisory} ${escapeHtml(said)}${placeHtml(note)}</li>`
  })
  return `<ul class="notes">${items.join('\n')}</ul>`
}

/** A status as a sign that is read as its word. */
export function signHtml({ status }: Pick<Finding, 'status'>): string {
  return `<span class="sign" role="img" aria-label="${status}">${SIGN[status]}</span>`
}

function placeHtml(found: Finding): string {
  const text = placeText(found)
  return text === '' ? '' : ` <code>${escapeHtml(text)}</code>`
}

function figuresHtml(exhibits: readonly Exhibit[]): string {
  return exhibits.length === 0 ? '' : `<div class="figures">${exhibits.map(figureHtml).join('\n')}</div>`
}

function figureHtml(exhibit: Exhibit): string {
  return `<figure><figcaption>${escapeHtml(captionOf(exhibit))}</figcaption>${drawn(exhibit)}</figure>`
}

function drawn(exhibit: Exhibit): string {
  switch (exhibit.kind) {
    case 'roc':
      return rocSvg(exhibit)
    case 'calibration':
      return calibrationSvg(exhibit)
    case 'groups':
      return groupsSvg(exhibit) + numbersHtml(exhibit)
    case 'columns':
      return columnsSvg(exhibit)
    case 'table':
      return tableHtml(exhibit.header, exhibit.rows)
  }
}

/** The numbers of a drawing, folded away. */
function numbersHtml({ groups, across, rate }: Extract<Exhibit, { kind: 'groups' }>): string {
  const rows = groups.map((group) => [groupName(group, across), ...groupCells(group)])
  return `<details class="numbers"><summary>numbers</summary>${tableHtml(['group', 'rows', rate, 'interval', 'incumbent'], rows)}</details>`
}

function tableHtml(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell, 200)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell, 200)}</td>`).join('')}</tr>`)
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}
