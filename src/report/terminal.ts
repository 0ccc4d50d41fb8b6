import type { Exhibit, Finding } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import type { CheckDocument } from './check-document.ts'
import { columnsPlot, groupsPlot } from './text-plot.ts'
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

export type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', text: string) => string

/** A check for a terminal, as lines; everything that holds is said in full, what passed in one line. */
export function renderTerminal(check: CheckDocument, paint: Paint): readonly string[] {
  const { verdict } = check
  return [
    `${paintStatus(verdict, paint)(DECISION[verdict.status])}${paint('bold', '.')} ${clean(verdict.because)}`,
    ...changeLines(check, paint),
    ...sectionsOf(verdict).flatMap((section) => [
      ...(section.heading === null ? [] : ['', paint('bold', clean(section.heading))]),
      ...section.gates.flatMap((gate) => gateLines(gate, paint)),
    ]),
    '',
    ...footer(check, paint),
  ]
}

function changeLines(check: CheckDocument, paint: Paint): readonly string[] {
  return check.changes.slice(0, 50).map((change) => {
    const where = change.environment === undefined ? '' : ` in ${change.environment}`
    const move = change.to === undefined ? (change.version ?? '') : `${change.from ?? 'none'} -> ${change.to ?? 'none'}`
    return paint('dim', `  ${change.kind} ${clean([change.model ?? change.path, move].join(' '))}${where}`)
  })
}

function gateLines(gate: Finding, paint: Paint): readonly string[] {
  const leaves = worstFirst(leavesOf(gate).filter((leaf) => leaf !== gate))
  const head = `${sign(gate, paint)} ${paint('bold', clean(gate.gate))} ${statusText(gate)}`
  if (leaves.length === 0) return ['', `${head}: ${clean(gate.because)}`, ...plots(gate)]
  return ['', head, ...leaves.flatMap((leaf) => leafLines(leaf, paint)), ...plots(gate)]
}

function leafLines(leaf: Finding, paint: Paint): readonly string[] {
  if (leaf.status === 'passed' || leaf.status === 'skipped') return [`  ${sign(leaf, paint)} ${summary(leaf)}`]
  const place = placeText(leaf)
  return [
    `  ${sign(leaf, paint)} ${summary(leaf)}${leaf.advisory === true ? ' (advisory)' : ''}`,
    `      ${clean(leaf.because)}`,
    ...[leaf.flips, leaf.decides?.because]
      .filter((text) => text !== undefined && text !== '')
      .map((text) => `      ${paint('cyan', clean(text!))}`),
    ...(place === '' ? [] : [`      ${paint('dim', place)}`]),
  ]
}

/** `roc_auc 0.9123 [0.9056 to 0.919] at least 0.88, incumbent 0.9101`. */
function summary(leaf: Finding): string {
  const parts = [
    clean(leaf.title),
    leaf.measured === null ? null : numberText(leaf.measured),
    leaf.interval === null ? null : `[${intervalText(leaf.interval)}]`,
    leaf.limit === null ? null : `(${limitText(leaf.limit)})`,
    leaf.incumbent?.measured === undefined || leaf.incumbent.measured === null
      ? null
      : `incumbent ${clean(leaf.incumbent.version)} ${numberText(leaf.incumbent.measured)}`,
  ].filter((part) => part !== null)
  return parts.length === 1 && (leaf.status === 'passed' || leaf.status === 'skipped')
    ? `${parts[0]}: ${clean(leaf.because)}`
    : parts.join(' ')
}

function plots(gate: Finding): readonly string[] {
  const all = [
    ...(gate.exhibits ?? []),
    ...leavesOf(gate).flatMap((leaf) => (leaf === gate ? [] : (leaf.exhibits ?? []))),
  ]
  return all.flatMap(plot)
}

function plot(exhibit: Exhibit): readonly string[] {
  if (exhibit.kind === 'groups')
    return [
      '',
      `    ${clean(exhibit.rate)} by ${exhibit.across.map(clean).join(' and ')}`,
      ...groupsPlot(exhibit.groups).map((line) => `    ${clean(line)}`),
    ]
  if (exhibit.kind === 'columns') return ['', ...columnsPlot(exhibit.columns).map((line) => `    ${clean(line)}`)]
  return []
}

function footer(check: CheckDocument, paint: Paint): readonly string[] {
  return [
    ...(check.not_asked.length === 0
      ? []
      : [`Not asked here: ${check.not_asked.join(', ')} (only GitHub can answer).`]),
    ...(check.verdict.validUntil === null ? [] : [`Valid until ${check.verdict.validUntil}.`]),
    ...check.warnings.map((warning) => `${paint('yellow', 'warning')} ${clean(warning.message)}`),
    ...(check.repeat === null ? [] : [paint('dim', `Repeat: ${clean(check.repeat)}`)]),
  ]
}

function sign(finding: Finding, paint: Paint): string {
  return paintStatus(finding, paint)(SIGN[finding.status])
}

function paintStatus(finding: Finding, paint: Paint): (text: string) => string {
  const colour =
    finding.advisory === true
      ? 'dim'
      : ({ passed: 'green', failed: 'red', inconclusive: 'yellow', skipped: 'dim' } as const)[finding.status]
  return (text) => paint(colour, text)
}

/** No escape sequence, control or reordering character of a name or value reaches the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}
