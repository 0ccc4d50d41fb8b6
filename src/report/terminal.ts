import type { Exhibit, Finding, Status } from '../gates/finding.ts'
import type { CheckDocument } from './check-document.ts'
import { captionOf } from './exhibit-words.ts'
import { changeTexts, footerTexts, type GateOutline, holds, outlineOf } from './outline.ts'
import { plain } from './plain-text.ts'
import { columnsPlot, groupsPlot } from './text-plot.ts'
import {
  DECISION,
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
} from './words.ts'
import { wrapped } from './wrap.ts'

export type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', text: string) => string

interface Screen {
  readonly paint: Paint
  readonly columns: number
}

const WIDEST = 120

/**
 * A check for a terminal, as lines: everything that holds is said in full, what passed in one line.
 *
 * @param paint    colours text; no other escape sequence is in the lines, whatever names and values hold
 * @param columns  width of the terminal; lines of words are broken there
 */
export function renderTerminal(check: CheckDocument, paint: Paint, columns = 100): readonly string[] {
  const screen = { paint, columns: Math.min(WIDEST, Math.max(40, columns)) }
  return [
    ...decisionLines(check, screen),
    ...changeTexts(check).flatMap((text) => painted(screen, 'dim', text, '  ')),
    ...outlineOf(check).flatMap(({ heading, gates }) => [
      ...(heading === null ? [] : ['', ...painted(screen, 'bold', heading, '')]),
      ...gates.filter(({ gate }) => gate.status !== 'skipped').flatMap((outline) => gateLines(outline, screen)),
      ...skippedLines(gates, screen),
    ]),
    '',
    ...footerTexts(check).flatMap((text) => painted(screen, 'dim', text, '')),
    ...(check.repeat === null ? [] : [paint('dim', `Repeat: ${plain(check.repeat)}`)]),
  ]
}

function decisionLines({ verdict }: CheckDocument, { paint, columns }: Screen): readonly string[] {
  const start = `${SIGN[verdict.status]} ${DECISION[verdict.status]}.`
  const [first = '', ...rest] = wrapped(plain(verdict.because), columns, `${start} `, 2)
  return [paint(COLOUR[verdict.status], start) + first.slice(start.length), ...rest]
}

function gateLines({ gate, rules, notes, exhibits }: GateOutline, screen: Screen): readonly string[] {
  const head = `${sign(gate, screen)} ${screen.paint('bold', plain(gate.gate))} ${plain(statusText(gate))}`
  const told = [...rules, ...notes].filter((found) => rules.includes(found) || found.status !== 'passed')
  const why = told.length > 0 ? [] : wrapped(plain(gate.because), screen.columns, '    ')
  return [
    '',
    head,
    ...why,
    ...told.flatMap((found, at) => findingLines(found, screen, told[at - 1])),
    ...exhibits.flatMap((exhibit) => plot(exhibit, screen)),
  ]
}

/** @param before  the one above; its reason is not told again */
function findingLines(found: Finding, screen: Screen, before?: Finding): readonly string[] {
  const [first = '', ...rest] = wrapped(summary(found), screen.columns, '    ', 8)
  const head = [`  ${sign(found, screen)} ${first.slice(4)}`, ...rest]
  if (!holds(found)) return head
  const place = placeText(found)
  const isSaid = found.measured === null && found.limit === null
  const isAlike = !isSaid && before !== undefined && reasonOf(before) === reasonOf(found)
  return [
    ...head,
    ...(isSaid ? [] : wrapped(isAlike ? 'As above.' : plain(found.because), screen.columns, '      ')),
    ...(isAlike ? [] : turnTexts(found)).flatMap((text) => painted(screen, 'cyan', text, '      ')),
    ...(place === '' ? [] : painted(screen, 'dim', place, '      ')),
  ]
}

function reasonOf(found: Finding): string {
  return [found.because, ...turnTexts(found)].join('\n')
}

/** `roc_auc 0.9123 [0.9056, 0.919] (95 %), at least 0.88, incumbent 0.9101`. */
function summary(found: Finding): string {
  if (found.measured === null && found.limit === null) {
    const { name, rest } = namedReason(found)
    return plain(`${name} ${rest}`)
  }
  const { incumbent } = found
  const parts = [
    `${plain(found.title)}: ${measuredText(found.measured)} ${levelText(found)}`.trimEnd(),
    limitText(found.limit),
    incumbent === undefined ? '' : `${plain(incumbent.version)} has ${incumbentText(found)}`,
    statusText(found) === found.status ? '' : plain(statusText(found)),
  ]
  return parts.filter((part) => part !== '').join('; ')
}

function skippedLines(gates: readonly GateOutline[], screen: Screen): readonly string[] {
  const names = gates.filter(({ gate }) => gate.status === 'skipped').map(({ gate }) => gate.gate)
  return names.length === 0 ? [] : ['', ...painted(screen, 'dim', `skipped: ${names.join(', ')}`, `${SIGN.skipped} `)]
}

function plot(exhibit: Exhibit, { columns }: Screen): readonly string[] {
  const lines =
    exhibit.kind === 'groups'
      ? groupsPlot(exhibit.groups, exhibit.across)
      : exhibit.kind === 'columns'
        ? columnsPlot(exhibit.columns)
        : []
  return lines.length === 0
    ? []
    : [
        '',
        ...wrapped(plain(captionOf(exhibit)), columns, '    '),
        ...lines.map((line) => `    ${line}`.slice(0, columns).trimEnd()),
      ]
}

const COLOUR: Readonly<Record<Status, Parameters<Paint>[0]>> = {
  passed: 'green',
  failed: 'red',
  inconclusive: 'yellow',
  skipped: 'dim',
}

function sign(found: Finding, { paint }: Screen): string {
  return paint(COLOUR[toneOf(found)], SIGN[found.status])
}

function painted(
  { paint, columns }: Screen,
  style: Parameters<Paint>[0],
  text: string,
  first: string,
): readonly string[] {
  return wrapped(plain(text), columns, first).map((line) => paint(style, line))
}
