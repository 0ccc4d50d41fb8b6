import type { EvidenceReader } from '../gates/evidence.ts'
import { allOf, type Finding, type Status } from '../gates/finding.ts'
import type { GateSubject } from '../gates/gate.ts'
import { gateNamed } from '../gates/index.ts'
import { applicableGate, isAskedOf } from './applicable-gate.ts'
import type { Composed } from './compose.ts'
import type { PolicyGate, PolicyRule } from './policy-gate.ts'
import type { ReusedEvidence } from './reused-evidence.ts'
import { settle } from './settle.ts'

/** A promotion judged as if something about it were otherwise. */
export interface Supposed {
  /** `open`: what was computed passes, and something was not computed. */
  readonly status: Status | 'open'
  /** Of gates and rules that could be judged. */
  readonly findings: readonly Finding[]
  /** Gates and ids of rules that would take new evidence. */
  readonly notComputed: readonly string[]
}

/** How gates judge for whoever reads it. */
export type JudgeGates = (subject: GateSubject, composed: Composed, evidence: EvidenceReader) => readonly Finding[]

/**
 * Judges a promotion again with another subject or composition, by evidence that is there. A rule that would take new
 * evidence is left out and named: it is never guessed, and nothing passes without it.
 */
export function judgeSupposed(
  { subject, composed }: { readonly subject: GateSubject; readonly composed: Composed },
  evidence: ReusedEvidence,
  judge: JudgeGates,
): Supposed {
  const split = composed.gates.map((gate) => computable(subject, gate, evidence))
  const notComputed = split.flatMap((one) => one.notComputed)
  const without = new Set(split.filter(({ isWhole }) => !isWhole).map(({ gate }) => gate.gate))
  const gates = split.filter(({ isWhole }) => isWhole).map(({ gate }) => gate)
  const judged = judge(subject, { ...composed, gates }, evidence).filter(({ gate }) => !without.has(gate))
  const findings = settle(subject, composed, judged)
  return { findings, notComputed, status: supposedStatus(findings, notComputed) }
}

/** The same without anybody's approval asked. */
export function withoutApprovals({ findings, notComputed }: Supposed): Supposed {
  const others = findings.filter(({ gate }) => gate !== 'approvals')
  return { findings: others, notComputed, status: supposedStatus(others, notComputed) }
}

function supposedStatus(findings: readonly Finding[], notComputed: readonly string[]): Supposed['status'] {
  const status = allOf(findings, 'failed')
  return status === 'failed' || notComputed.length === 0 ? status : 'open'
}

interface Split {
  readonly gate: PolicyGate
  /** Something of it can be judged. */
  readonly isWhole: boolean
  readonly notComputed: readonly string[]
}

/** Advice holds nothing: where it is not computed, nothing is missing. */
function computable(subject: GateSubject, gate: PolicyGate, evidence: ReusedEvidence): Split {
  if (isKnown(subject, gate, evidence)) return { gate, isWhole: true, notComputed: [] }
  const isList = gateNamed(gate.gate)?.shape === 'list'
  const rules = isList ? gate.rules.filter((rule) => isKnown(subject, { ...gate, rules: [rule] }, evidence)) : []
  const missing = gate.rules.filter((rule) => !rules.includes(rule) && !rule.advisory && applies(subject, gate, rule))
  const isOnlyAdvice = gate.rules.length > 0 && gate.rules.every(({ advisory }) => advisory)
  const named = isList ? missing.map(({ id }) => id) : [gate.gate]
  return { gate: { ...gate, rules }, isWhole: rules.length > 0, notComputed: isOnlyAdvice ? [] : named }
}

function applies(subject: GateSubject, gate: PolicyGate, rule: PolicyRule): boolean {
  return applicableGate(subject, { ...gate, rules: [rule] }).rules.length > 0
}

/** A gate that cannot say what it needs says why when it judges. */
function isKnown(subject: GateSubject, gate: PolicyGate, evidence: ReusedEvidence): boolean {
  if (!isAskedOf(subject, gate)) return true
  try {
    const requests = gateNamed(gate.gate)?.plan(subject, applicableGate(subject, gate)) ?? []
    return requests.every((request) => evidence.knows(request))
  } catch {
    return true
  }
}
