import { type ApprovalRule, approvalsFinding, approvalsNeeded, countsOf, electorateOf } from '../gates/approvals.ts'
import type { Count } from '../gates/counted-approvals.ts'
import type { Finding, Status } from '../gates/finding.ts'
import type { ComposedGate, GateSubject } from '../gates/gate.ts'
import { ledgerFindings } from '../gates/ledger-findings.ts'
import { reviewRoles, withTakenReviews } from '../gates/taken-reviews.ts'
import { hasWaiver, waived } from '../gates/waiver.ts'
import type { RoleScope } from '../registry/role-holders.ts'
import { applicableGate } from './applicable-gate.ts'
import type { Composed } from './compose.ts'
import { foundOrCrashed } from './crash.ts'
import type { PolicyGate } from './policy-gate.ts'

/** A role, and where somebody must hold it. */
export interface AskedRole extends RoleScope {
  readonly role: string
  /** The author's own word does not count. */
  readonly notAuthor: boolean
}

const SILENT: PolicyGate = {
  gate: 'approvals',
  declared: false,
  required: false,
  rules: [],
  atLeast: 'attested',
  provenanceAsked: true,
}

function approvalsGateOf(subject: GateSubject, { gates }: Composed): ComposedGate<ApprovalRule> {
  const found = gates.find(({ gate }) => gate === 'approvals') ?? SILENT
  return applicableGate(subject, found) as ComposedGate<ApprovalRule>
}

/** What `when` of an approval reads: what the gates said, before anybody took or waived anything. */
function statusesOf(judged: readonly Finding[]): ReadonlyMap<string, Status> {
  return new Map(judged.map(({ gate, status }) => [gate, status]))
}

/** Intervals that a reviewer took, and gates that a waiver covers, hold no longer. */
function withLeave(subject: GateSubject, composed: Composed, found: Finding): Finding {
  const { github, configuration, model, environment } = subject
  if (github === null) return found
  const place = { model: model.model, environment: environment.name }
  const taken = withTakenReviews(found, place, electorateOf(github, configuration))
  const gate = composed.gates.find((one) => one.gate === found.gate)
  return waived(subject, taken, composed.leaves.waivable.get(found.gate), gate)
}

function approvals(subject: GateSubject, composed: Composed, judged: readonly Finding[]): Finding {
  const gate = approvalsGateOf(subject, composed)
  const found = foundOrCrashed('approvals', () => approvalsFinding(subject, gate, statusesOf(judged)))
  return found.place === undefined && gate.place !== undefined ? { ...found, place: gate.place } : found
}

/**
 * The findings of a promotion once people and the ledger have had their say: reviews and waivers, what the ledger
 * holds against it, and the approvals. In a checkout only who must approve is added. Pure and cheap.
 *
 * @param judged  by `judgeGates`, as their readers may see them
 */
export function settle(subject: GateSubject, composed: Composed, judged: readonly Finding[]): readonly Finding[] {
  const withLeaves = judged.map((found) => withLeave(subject, composed, found))
  return [...withLeaves, ...ledgerFindings(subject), approvals(subject, composed, judged)]
}

/**
 * The roles that must be looked up before a promotion can be settled: of needed approvals, of reviewers for what is
 * inconclusive, of waivers in the ledger. Empty: nobody need be asked about anybody.
 *
 * @param judged  by `judgeGates`
 */
export function askedRoles(subject: GateSubject, composed: Composed, judged: readonly Finding[]): readonly AskedRole[] {
  const owner = subject.model.owner ?? null
  const here = { model: subject.model.model, environment: subject.environment.name, owner }
  const needs = approvalsNeeded(subject, approvalsGateOf(subject, composed), statusesOf(judged))
  const waivers = judged.flatMap(({ gate }) => {
    const by = hasWaiver(subject, gate) ? composed.leaves.waivable.get(gate)?.by : undefined
    return by === undefined ? [] : [by]
  })
  return [
    ...needs.map(({ role, model, environment, notAuthor }) => {
      const ownerOf = subject.github?.owners?.get(model ?? '') ?? null
      return { role, model, environment, notAuthor, owner: ownerOf }
    }),
    ...[...reviewRoles(judged), ...waivers].map((role) => ({ role, notAuthor: true, ...here })),
  ]
}

/** A review that counted, for the ledger. */
export interface CountedReview {
  readonly review: number
  readonly by: number
}

/** Reviews that counted for any of some needs, each once. */
export function reviewsOf(counts: readonly Count[]): readonly CountedReview[] {
  const all = counts
    .flatMap(({ counted }) => counted)
    .flatMap(({ id, review }) => (review === null ? [] : [{ review, by: id }]))
  return [...new Map(all.map((one) => [one.review, one])).values()]
}

/** Reviews that counted as approvals of a promotion. */
export function countedReviews(
  subject: GateSubject,
  composed: Composed,
  judged: readonly Finding[],
): readonly CountedReview[] {
  if (subject.github === null) return []
  const needs = approvalsNeeded(subject, approvalsGateOf(subject, composed), statusesOf(judged))
  return reviewsOf(countsOf(needs, subject.github, subject.configuration))
}
