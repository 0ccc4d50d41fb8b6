import type { Exhibit, Finding, Status } from '../gates/finding.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import type { Change } from '../registry/change.ts'
import type { CheckDocument } from './check-document.ts'

/** One gate as every report shows it. */
export interface GateOutline {
  readonly gate: Finding
  /** Findings with a number or a limit, worst first. */
  readonly rules: readonly Finding[]
  /** Findings that only say something, worst first. */
  readonly notes: readonly Finding[]
  /** What is drawn, each once. */
  readonly exhibits: readonly Exhibit[]
}

/** The gates of one promotion, or those that belong to none. */
export interface SectionOutline {
  readonly heading: string | null
  readonly gates: readonly GateOutline[]
}

/** What every report is made of: gates worst first, under their promotions. */
export function outlineOf({ verdict }: CheckDocument): readonly SectionOutline[] {
  const promotions = verdict.children.filter(({ gate }) => gate === 'promotion')
  const general = verdict.children.filter(({ gate }) => gate !== 'promotion')
  return [
    ...(general.length === 0 ? [] : [{ heading: null, gates: worstFirst(general).map(gateOutline) }]),
    ...worstFirst(promotions).map(({ title, children }) => ({
      heading: title,
      gates: worstFirst(children).map(gateOutline),
    })),
  ]
}

function gateOutline(gate: Finding): GateOutline {
  const leaves = worstFirst(gate.children.flatMap(leavesOf).map((leaf) => advisedBy(gate, leaf)))
  const isMeasured = ({ measured, limit }: Finding) =>
    measured !== null || (limit !== null && Object.keys(limit).length > 0)
  const own = leaves.length === 0 && isMeasured(gate) ? [gate] : []
  return {
    gate,
    rules: [...own, ...leaves.filter(isMeasured)],
    notes: leaves.filter((leaf) => !isMeasured(leaf)),
    exhibits: onlyOnce([gate, ...gate.children.flatMap(leavesOf)].flatMap(({ exhibits }) => exhibits ?? [])),
  }
}

/** What stands below advice is advice. */
function advisedBy(gate: Finding, leaf: Finding): Finding {
  return gate.advisory === true ? { ...leaf, advisory: true } : leaf
}

/** Findings that say something of their own: leaves, and inner nodes with a measurement. */
function leavesOf(found: Finding): readonly Finding[] {
  if (found.children.length === 0) return [found]
  const own = found.measured === null ? [] : [found]
  return [...own, ...found.children.flatMap(leavesOf)]
}

/** Two rules on the same groups draw them once. */
function onlyOnce(exhibits: readonly Exhibit[]): readonly Exhibit[] {
  return [...new Map(exhibits.map((exhibit) => [canonicalJson(exhibit), exhibit])).values()]
}

const RANK: Readonly<Record<Status, number>> = { failed: 0, inconclusive: 1, passed: 4, skipped: 5 }

/** What holds is read before what passed; advice stands between the two. */
function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ status, advisory }: Finding) => RANK[status] + (advisory === true && RANK[status] < 4 ? 2 : 0)
  return findings.toSorted((a, b) => rank(a) - rank(b))
}

/** Whether a finding keeps the promotion waiting. */
export function holds({ status, advisory }: Finding): boolean {
  return advisory !== true && (status === 'failed' || status === 'inconclusive')
}

/** What a person must know of a gate that holds: its rules and notes that hold, or the gate itself. */
export function holdingOf({ gate, rules, notes }: GateOutline): readonly Finding[] {
  const found = [...rules, ...notes].filter(holds)
  return found.length === 0 && holds(gate) ? [gate] : found
}

/** Whether any number stands beside an incumbent's. */
export function comparesWithIncumbent({ incumbent, children }: Finding): boolean {
  return incumbent !== undefined || children.some(comparesWithIncumbent)
}

/** `churn 1.3.0 → 1.4.0 in production`, `terms-changed churn`. */
function changeText({ kind, model, environment, version, from, to, path }: Change): string {
  const where = environment === undefined ? '' : ` in ${environment}`
  if (to === undefined)
    return `${kind}: ${[model ?? path, version].filter((part) => part !== undefined).join(' ')}${where}`
  return `${kind}: ${model ?? path} ${from ?? 'none'} → ${to ?? 'none'}${where}`
}

const MOST_CHANGES = 20

/** Each change in words; after twenty how many more. */
export function changeTexts({ changes }: CheckDocument): readonly string[] {
  const shown = changes.slice(0, MOST_CHANGES).map(changeText)
  return changes.length > MOST_CHANGES ? [...shown, `${changes.length - MOST_CHANGES} more changes`] : shown
}

/** What was weighed, in one line. */
export function headlineOf(check: CheckDocument): string {
  const moves = check.changes.filter(({ kind }) => kind === 'promotion' || kind === 'rollback')
  const [move, second] = moves
  if (move === undefined) return check.verdict.title
  if (second !== undefined) return `${moves.length} promotions`
  return changeText(move).replace(/^promotion: /, '')
}

/** What stands below every report: what was not asked, until when it holds, who weighed. */
export function footerTexts({ not_asked, verdict, engine, now, warnings }: CheckDocument): readonly string[] {
  return [
    ...warnings.map(({ message }) => `Warning: ${message}.`.replace(/\.\.$/, '.')),
    ...(not_asked.length === 0 ? [] : [`Not asked here: ${not_asked.join(', ')}.`]),
    ...(verdict.validUntil === null ? [] : [`Valid until ${verdict.validUntil}.`]),
    `Judged at ${now} by ${engine}.`,
  ]
}
