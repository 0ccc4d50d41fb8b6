import type { LedgerState } from '../ledger/fact.ts'
import { durationMs } from './evaluation.ts'
import { allOf, type Finding } from './finding.ts'
import type { ComposedGate, GateSubject } from './gate.ts'
import { ledgerStateOf } from './ledger-findings.ts'

/** Who may waive a gate, for how long at most, and how many people it takes; as a policy states it. */
export interface Waivable {
  readonly by: string
  /** 14d, 24h; null: as long as the waiver says. */
  readonly max: string | null
  readonly count: number
}

type Waiver = LedgerState['waived'][number]

/** Findings that no waiver covers, though their gate can be waived: what the exam itself rests on. */
const OF_THE_EXAM = ['quality:max_train_overlap', 'quality:time-order']

/** Not over, and not for longer than the policy allows; a moment that cannot be read makes a waiver void. */
function isInTime({ at, until }: Waiver, { max }: Waivable, now: string): boolean {
  const [from, end, moment] = [Date.parse(at), Date.parse(until), Date.parse(now)]
  return moment < end && (max === null || end - from <= durationMs(max))
}

/** Waivers of a gate that count: of this evidence, in time, by the role that may, never by who is bound to the change. */
function counting(subject: GateSubject, gate: string, terms: Waivable): readonly Waiver[] {
  const { github, now } = subject
  const people = github?.people
  const bound = new Set([...(people?.excluded ?? []), ...(people?.trainers ?? [])].map(({ id }) => id))
  const isFree = (by: number) => people?.unreadable === null && !bound.has(by) && people.author?.id !== by
  const waivers = (ledgerStateOf(subject)?.waived ?? []).filter(
    (one) =>
      one.gate === gate &&
      one.evidence_key === github?.evidenceKey &&
      one.role === terms.by &&
      isInTime(one, terms, now) &&
      isFree(one.by),
  )
  return [...new Map(waivers.map((one) => [one.by, one])).values()]
}

function isOfTheExam({ reason }: Finding): boolean {
  return reason !== undefined && OF_THE_EXAM.includes(reason)
}

const isHolding = ({ status, advisory }: Finding) =>
  advisory !== true && (status === 'failed' || status === 'inconclusive')

function leaves(found: Finding): readonly Finding[] {
  return found.children.length === 0 ? [found] : found.children.flatMap(leaves)
}

/** Whether overlap with the training rows is asked for and was not found to be fine: nobody waives that. */
function holdsByOverlap(found: Finding, composed: ComposedGate | undefined): boolean {
  const asks = composed?.rules.some(
    ({ rule }) => (rule as { max_train_overlap?: number }).max_train_overlap !== undefined,
  )
  const ofExam = leaves(found).filter(isOfTheExam)
  return asks === true && (ofExam.length === 0 || allOf(ofExam) !== 'passed')
}

/**
 * A gate that holds, as somebody who may has taken it: judged and shown as before, and it holds no longer.
 *
 * The waiver stands in the ledger, for exactly this evidence and until a moment. Without one that counts the finding is
 * given back as it is.
 *
 * @param terms     of the policy for this gate; undefined: it cannot be waived
 * @param composed  the gate's rules
 */
export function waived(
  subject: GateSubject,
  found: Finding,
  terms: Waivable | undefined,
  composed: ComposedGate | undefined,
): Finding {
  if (terms === undefined || !isHolding(found) || holdsByOverlap(found, composed)) return found
  const waivers = counting(subject, found.gate, terms)
  const [first] = waivers.toSorted((a, b) => Date.parse(a.until) - Date.parse(b.until))
  if (first === undefined || waivers.length < terms.count) return found
  const by = `${terms.by} (${waivers.map((one) => `account ${one.by}`).join(', ')})`
  return { ...found, advisory: true, waiver: { by, until: first.until, reason: first.reason } }
}

/** Whether the ledger holds a waiver of exactly this evidence, whoever gave it; people must then be looked up. */
export function hasWaiver(subject: GateSubject, gate: string): boolean {
  const key = subject.github?.evidenceKey
  return (ledgerStateOf(subject)?.waived ?? []).some((one) => one.gate === gate && one.evidence_key === key)
}
