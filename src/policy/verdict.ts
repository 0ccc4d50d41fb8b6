import { allOf, type Finding, finding, type Status, type Verdict } from '../gates/finding.ts'
import { gateNamed } from '../gates/index.ts'
import { firstSentence } from '../gates/rule-finding.ts'
import type { Change } from '../registry/change.ts'
import type { Loosening } from './unite.ts'

/** How many reasons the first line names. */
const MAX_REASONS = 3
/** Longer ones are cut to their first sentence there; the gate has the rest. */
const LONGEST_REASON = 260

export interface JudgedPromotion {
  readonly change: Change
  readonly findings: readonly Finding[]
  /** ISO 8601, or null when time alone changes nothing. */
  readonly validUntil?: string | null
}

export interface Judged {
  readonly changes: readonly Change[]
  readonly promotions: readonly JudgedPromotion[]
  /** Findings that belong to no promotion. */
  readonly general: readonly Finding[]
  /** Gates that only GitHub can answer: left out, and listed. */
  readonly notAsked: readonly string[]
  readonly loosened?: readonly Loosening[]
  /** Gates that only GitHub can answer were asked, and stand in the tree. */
  readonly onGitHub?: boolean
}

/** Whether a finding belongs into the tree: in a checkout not what only GitHub can answer. */
function askedBy({ onGitHub = false }: Judged): (found: Finding) => boolean {
  return ({ gate }) => onGitHub || gateNamed(gate)?.needsGitHub !== true
}

/** Nothing but skipped or advisory gates is no weighing: it fails. */
function statusOf(findings: readonly Finding[]): Status {
  return allOf(findings, 'failed')
}

/** `churn 1.3.0 -> 1.4.0 in production` */
function called({ model, environment, from, to, kind, path }: Change): string {
  if (kind !== 'promotion' && kind !== 'rollback') return `${kind} ${model ?? path}`
  const step = from === null || from === undefined ? `${to}` : `${from} -> ${to}`
  return `${model} ${step} in ${environment}`
}

/** The leaves that make a finding what it is: failed ones where it failed, inconclusive ones where it is open. */
function deciding(found: Finding, status: Status): readonly Finding[] {
  const children = found.children.filter((child) => child.advisory !== true && child.status === status)
  return children.length === 0 ? [found] : children.flatMap((child) => deciding(child, status))
}

/** Each reason once, however many findings hold for it. */
function reasonsOf(findings: readonly Finding[], status: Status): readonly string[] {
  const holding = findings.filter((found) => found.advisory !== true && found.status === status)
  const leaves = holding.flatMap((found) => deciding(found, status))
  const byReason = Map.groupBy(leaves, (leaf) => leaf.reason ?? `${leaf.gate} ${leaf.title} ${leaf.because}`)
  return [...byReason.values()].map(reasonText)
}

/** One reason in one line: what holds, and for a reason that many share, which gates it holds and the way out. */
function reasonText(leaves: readonly Finding[]): string {
  const [first] = leaves
  if (first === undefined) return ''
  const gateNames = [...new Set(leaves.map((leaf) => leaf.gate))].join(', ')
  const isShort = leaves.length === 1 && first.measured === null && first.because.length <= LONGEST_REASON
  const said = isShort ? first.because : firstSentence(first.because)
  const mend = leaves.length > 1 && first.flips !== undefined ? ` (it takes ${first.flips.replace(/\.$/, '')})` : ''
  return `${gateNames}: ${said.replace(/\.$/, '')}${mend}`
}

function listed(reasons: readonly string[]): string {
  const more = reasons.length > MAX_REASONS ? `; and ${reasons.length - MAX_REASONS} more` : ''
  return `${reasons.slice(0, MAX_REASONS).join('; ')}${more}`
}

function decision(findings: readonly Finding[], status: Status, notAsked: readonly string[]): string {
  if (status === 'passed') {
    const count = findings.filter((found) => found.status === 'passed' && found.advisory !== true).length
    const asked = notAsked.length === 0 ? '' : `, ${notAsked.join(', ')} not asked here`
    return `${count} ${count === 1 ? 'gate' : 'gates'} passed${asked}`
  }
  const reasons = reasonsOf(findings, status)
  if (reasons.length === 0) return 'every gate was skipped or advisory, so nothing was weighed'
  return status === 'failed' ? listed(reasons) : `not decided: ${listed(reasons)}`
}

/** `Looser than what it extends: metrics/roc_auc.` stands before everything else. */
function looseFirst(loosened: readonly Loosening[]): string {
  const ids = [...new Set(loosened.map(({ id, to }) => (to === null ? `without ${id}` : id)))]
  return ids.length === 0 ? '' : `Looser than what the policy extends: ${ids.join(', ')}. `
}

/** `Waived: drift until 2026-12-01 by risk (account 7): known.` stands before the decision too. */
function waivedFirst(findings: readonly Finding[]): string {
  const texts = findings.flatMap(({ gate, waiver }) =>
    waiver === undefined ? [] : [`${gate} until ${waiver.until} by ${waiver.by}: ${waiver.reason.replace(/\.+$/, '')}`],
  )
  return texts.length === 0 ? '' : `Waived: ${texts.join('; ')}. `
}

const WORD: Readonly<Record<Status, string>> = {
  passed: 'passed',
  failed: 'held',
  inconclusive: 'held, not decided',
  skipped: 'held',
}

function nodeOf({ change, findings }: JudgedPromotion, judged: Judged): Finding {
  const { notAsked } = judged
  const asked = findings.filter(askedBy(judged))
  const status = statusOf(asked)
  const place = change.place === undefined ? {} : { place: change.place }
  const because = `${waivedFirst(asked)}${decision(asked, status, notAsked)}.`
  return finding('promotion', `${called(change)}: ${WORD[status]}`, status, because, { children: asked, ...place })
}

function earliest(promotions: readonly JudgedPromotion[]): string | null {
  const times = promotions.map(({ validUntil }) => validUntil).filter((time) => typeof time === 'string')
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null
}

function titleOf({ changes, promotions }: Judged, status: Status): string {
  const [first] = promotions
  const what =
    first === undefined
      ? `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`
      : promotions.length === 1
        ? called(first.change)
        : `${promotions.length} promotions`
  return `${what}: ${WORD[status]}`
}

/** The root's children: of one promotion its gates, of several a node each; then what belongs to none. */
function childrenOf(judged: Judged): readonly Finding[] {
  const { promotions, general } = judged
  const isAsked = askedBy(judged)
  const [first, second] = promotions
  const own =
    first === undefined
      ? []
      : second === undefined
        ? first.findings.filter(isAsked)
        : promotions.map((promotion) => nodeOf(promotion, judged))
  return [...own, ...general.filter(isAsked)]
}

/**
 * The decision on a pull request, with everything below it.
 *
 * All promotions must pass, each by at least one gate that binds. A change with nothing of ours has no gates and passes.
 * Gates that only GitHub can answer are in `notAsked` and not in the tree.
 */
export function verdictOf(judged: Judged): Verdict {
  const { changes, promotions, general, notAsked, loosened = [] } = judged
  if (changes.length === 0 && promotions.length === 0 && general.length === 0) {
    const nothing = finding('weighbridge', 'nothing of ours changed', 'passed', 'Nothing of ours changed.')
    return { ...nothing, validUntil: null }
  }
  const children = childrenOf(judged)
  const weighed = promotions.map(({ findings }) => statusOf(findings.filter(askedBy(judged))))
  const worst = (status: Status) => weighed.includes(status) || statusOf(children) === status
  const status = worst('failed') ? 'failed' : worst('inconclusive') ? 'inconclusive' : 'passed'
  const waivedHere = waivedFirst(promotions.flatMap(({ findings }) => findings))
  const because = `${looseFirst(loosened)}${waivedHere}${decision(children, status, notAsked)}.`
  const root = finding('weighbridge', titleOf(judged, status), status, because, { children })
  return { ...root, validUntil: earliest(promotions) }
}
