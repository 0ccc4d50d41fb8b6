import type { LatencyRequest } from './evidence.ts'
import { examMissing, examSubject, examTerms } from './exam-request.ts'
import { finding } from './finding.ts'
import type { Gate, GateSubject } from './gate.ts'
import { judgeLatency } from './judge-latency.ts'
import { type LatencyRule, latencyRule } from './latency-rule.ts'
import { type Part, undecided } from './part.ts'
import { evidenceAbsent, nothingDeclared, ruleFinding } from './rule-finding.ts'

/** Timed calls of each version: the 99th percentile has an interval from 299 on. */
const CALLS = 2000

/** How long the candidate takes to answer. */
export const latencyGate: Gate<LatencyRule> = {
  name: 'latency',
  about:
    'How long the candidate takes to answer: its 99th percentile over the incumbent’s, both timed in turns on the machine that weighs, or in milliseconds on a machine class that the policy names.',
  shape: 'options',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule: latencyRule,
  idParts: () => [],
  plan(subject, gate) {
    const composed = gate.rules[0]
    if (composed === undefined || notTimed(subject) !== null) return []
    const request = latencyRequest(subject, composed.rule)
    return request ? [request] : []
  },
  judge(subject, gate, evidence) {
    const composed = gate.rules[0]
    if (composed === undefined)
      return nothingDeclared(subject, gate, 'The policy has no rule for latency.', 'Add gates.latency.')
    const skipped = notTimed(subject)
    if (skipped !== null) return finding('latency', 'latency: not asked', 'skipped', skipped)
    const request = latencyRequest(subject, composed.rule)
    if (request === null) return ruleFinding('latency', composed, noExam(subject))
    const answer = evidence.of<'latency'>(request)
    if (answer.status !== 'present') return ruleFinding('latency', composed, evidenceAbsent('latency', answer))
    const { part, ...shown } = judgeLatency(composed.rule, answer.facts, subject)
    return ruleFinding('latency', composed, part, shown)
  },
}

/** Why nothing is timed; null when something is. */
function notTimed({ candidate }: GateSubject): string | null {
  if (candidate.record.artifact.format !== 'opaque') return null
  return `${candidate.record.version} is an opaque artifact: it is never run, so nothing is known of its latency.`
}

function noExam(subject: GateSubject): Part {
  const missing = examMissing(subject)
  const because =
    missing === null ? 'The exam has no rows to call the model with.' : `${missing.because}. ${missing.mend}`
  return undecided('latency: no exam', because, { reason: 'latency:exam' })
}

/** What the rule asks to be timed; the incumbent only where it is compared with. */
export function latencyRequest(subject: GateSubject, rule: LatencyRule): LatencyRequest | null {
  const exam = examTerms(subject)
  if (exam === null) return null
  const compares = rule.p99_max_ratio !== undefined && subject.incumbent !== null
  return {
    kind: 'latency',
    exam,
    candidate: examSubject(subject, subject.candidate.record),
    incumbent: compares ? examSubject(subject, subject.incumbent.record) : null,
    batch: rule.batch ?? 1,
    calls: CALLS,
    runner: rule.runner ?? null,
  }
}
