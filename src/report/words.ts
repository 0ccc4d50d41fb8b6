import type { Finding, Limit, Status } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'

/** One sign a status; the word always stands beside it. */
export const SIGN: Readonly<Record<Status, string>> = { passed: '✓', failed: '✗', inconclusive: '?', skipped: '–' }

/** What a status means for the promotion. */
export const DECISION: Readonly<Record<Status, string>> = {
  passed: 'Passed',
  failed: 'Held',
  inconclusive: 'Held: could not decide',
  skipped: 'Nothing judged',
}

/** `at least 0.88`, `may drop by 0.01`: a limit as people read it. */
export function limitText(limit: Limit | null): string {
  if (limit === null) return ''
  const parts = [
    limit.min === undefined ? null : `at least ${numberText(limit.min)}`,
    limit.max === undefined ? null : `at most ${numberText(limit.max)}`,
    limit.max_drop === undefined ? null : `may drop by ${numberText(limit.max_drop)}`,
    limit.max_rise === undefined ? null : `may rise by ${numberText(limit.max_rise)}`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

export function intervalText(interval: readonly [number, number] | null): string {
  return interval === null ? '' : `${numberText(interval[0])} to ${numberText(interval[1])}`
}

/** `passed`, `failed (advisory)`, `inconclusive, review by approver`. */
export function statusText(finding: Finding): string {
  const extra = [
    finding.advisory === true ? 'advisory' : null,
    finding.waiver === undefined ? null : `waived until ${finding.waiver.until}`,
    finding.review === undefined ? null : `review by ${finding.review.role}`,
  ].filter((part) => part !== null)
  return extra.length === 0 ? finding.status : `${finding.status} (${extra.join(', ')})`
}

/** Findings that say something of their own: leaves, and inner nodes with a measurement. */
export function leavesOf(finding: Finding): readonly Finding[] {
  if (finding.children.length === 0) return [finding]
  const own = finding.measured === null ? [] : [{ ...finding, children: [] }]
  return [...own, ...finding.children.flatMap(leavesOf)]
}

/** The gates of each promotion: the root's children, or those of its `promotion` nodes. */
export function sectionsOf(
  root: Finding,
): readonly { readonly heading: string | null; readonly gates: readonly Finding[] }[] {
  const promotions = root.children.filter((child) => child.gate === 'promotion')
  const general = root.children.filter((child) => child.gate !== 'promotion')
  return [
    ...(general.length === 0 ? [] : [{ heading: null, gates: general }]),
    ...promotions.map((promotion) => ({ heading: promotion.title, gates: promotion.children })),
  ]
}

/** Worst first: what holds is read before what passed. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const rank = (finding: Finding): number =>
    (finding.advisory === true ? 2 : 0) +
    ({ failed: 0, inconclusive: 1, passed: 4, skipped: 5 } as const)[finding.status]
  return [...findings].sort((a, b) => rank(a) - rank(b))
}

/** `policies/production.yml:6:5`, or nothing. */
export function placeText(finding: Finding): string {
  const { place } = finding
  return place === undefined ? '' : `${place.path}:${place.line}:${place.column}`
}
