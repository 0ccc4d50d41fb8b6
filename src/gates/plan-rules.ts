import type { Better, Estimate, Support } from '../statistics/estimate.ts'
import { findMetric } from '../statistics/metrics.ts'
import { hasOwnJudgement } from './calibration-error.ts'
import { type CountedBy, denominatorCount, denominatorText } from './denominator.ts'
import { driftRequest } from './drift.ts'
import type { DriftRule } from './drift-rule.ts'
import { standardError } from './enough-rows.ts'
import type { DisparityMeasured, EvidenceReader, MetricMeasured } from './evidence.ts'
import { disparityMeasure, fairnessRequest, isAnswerable } from './fairness-request.ts'
import { columnsAcross, type FairnessRule, findDisparity } from './fairness-rule.ts'
import type { Place } from './finding.ts'
import type { ComposedGate, ComposedRule, GateSubject } from './gate.ts'
import type { Limits } from './limit-keys.ts'
import {
  isForTask,
  metricMeasure,
  metricsRequest,
  placeOfMeasure,
  unitMeasure,
  unitsRequest,
} from './metrics-request.ts'
import type { MetricsRule } from './metrics-rule.ts'
import { numberText } from './number-text.ts'
import { type PlannedLimit, plannedLimits } from './planned-limit.ts'
import { isValued, whyNull } from './sound-estimate.ts'

/** One rule, planned on the exam as it is. */
export interface PlannedRule {
  readonly gate: string
  readonly id: string
  /** `recall (age < 25)` */
  readonly name: string
  readonly advisory: boolean
  /** Where the policy states it. */
  readonly place: Place | null
  /** Every limit of the rule; empty where nothing can be said. */
  readonly limits: readonly PlannedLimit[]
  /** The chance that an equally good model keeps all limits; null where it cannot be planned. */
  readonly chance: number | null
  /** Why it cannot be planned, or what the numbers rest on. */
  readonly because: string | null
}

/**
 * The rules of one gate: how often an equally good model would pass each, on this exam.
 *
 * @returns null for a gate that does not depend on how many rows there are
 */
export function planRules(
  subject: GateSubject,
  gate: ComposedGate,
  evidence: EvidenceReader,
): readonly PlannedRule[] | null {
  if (gate.gate === 'metrics') return planMetrics(subject, gate as ComposedGate<MetricsRule>, evidence)
  if (gate.gate === 'fairness') return planFairness(subject, gate as ComposedGate<FairnessRule>, evidence)
  if (gate.gate === 'drift') return planDrift(subject, gate as ComposedGate<DriftRule>, evidence)
  const why = WHY_NOT[gate.gate]
  if (why === undefined) return null
  return gate.rules.map((composed) => unplanned(gate.gate, composed, composed.id, why))
}

const WHY_NOT: Readonly<Record<string, string>> = {
  latency:
    'timings depend on the machine and the artifact, not on the rows of the exam: weighbridge bench measures them',
  explainability: 'importance moves with the model as much as with the rows: weighbridge explain shows its spread',
  custom: 'an expression has no standard error',
}

function unplanned(gate: string, { id, advisory, places }: ComposedRule, name: string, because: string): PlannedRule {
  return { gate, id, name, advisory, place: places.at(-1) ?? null, limits: [], chance: null, because }
}

interface Planning {
  readonly gate: string
  readonly composed: ComposedRule
  readonly name: string
  readonly rule: Limits
  readonly better: Better
  readonly subject: GateSubject
  readonly candidate: Estimate
  readonly difference: Estimate | null
  readonly count: (support: Support) => number | null
  readonly of: string
}

/** What an equally good model would do, by the error of two versions, or of one as if two erred independently. */
function planned(asked: Planning): PlannedRule {
  const { gate, composed, name, rule, better, subject, candidate, difference, count, of } = asked
  const isRelative = rule.against !== undefined
  const own = isValued(candidate) ? standardError(candidate, candidate.interval) : null
  const pair = isValued(difference) ? standardError(difference, difference.interval) : null
  const alone = own === null ? null : Math.SQRT2 * own
  const support = pair !== null && isRelative ? difference?.support : candidate.support
  const limits = plannedLimits({
    limits: rule,
    better,
    estimate: candidate,
    differenceSe: pair ?? (subject.incumbent === null ? alone : null),
    n: support === undefined ? null : count(support),
    of,
  })
  if (limits.length === 0) {
    const why =
      isRelative && isValued(candidate) ? (difference?.because ?? 'it has no standard error') : whyNull(candidate)
    return unplanned(gate, composed, name, why)
  }
  const chance = Math.max(
    0,
    limits.reduce((sum, one) => sum + one.chance, 1 - limits.length),
  )
  const because = isRelative && pair === null ? `as if ${ONE_VERSION}` : null
  const { id, advisory, places } = composed
  return { gate, id, name, advisory, place: places.at(-1) ?? null, limits, chance, because }
}

const ONE_VERSION = 'two versions erred independently, since only one is here: at worst'

function planMetrics(subject: GateSubject, gate: ComposedGate<MetricsRule>, evidence: EvidenceReader) {
  const rules = gate.rules.map(({ rule }) => rule)
  const [metrics, units] = [metricsRequest(subject, rules), unitsRequest(subject, rules)]
  const measuredBy = (rule: MetricsRule): MetricMeasured | string => {
    const request = rule.unit === undefined ? metrics : units
    if (request === null) return 'there is no exam, or the metric is not one of this task'
    const answer = request.kind === 'metrics' ? evidence.of<'metrics'>(request) : evidence.of<'units'>(request)
    if (answer.status !== 'present') return answer.because
    const asked = rule.unit === undefined ? metricMeasure(rule) : unitMeasure(rule)
    return answer.facts.measured[placeOfMeasure<unknown>(request.measures, asked)] ?? 'it was not measured'
  }
  return gate.rules.map((composed) => {
    const { rule } = composed
    const name = `${rule.metric ?? rule.unit ?? ''}${rule.where === undefined ? '' : ` (${rule.where})`}`
    if (!isForTask(rule, subject.model)) return unplanned('metrics', composed, name, 'it is for another task')
    if (hasOwnJudgement(rule)) return unplanned('metrics', composed, name, CALIBRATION)
    const found = measuredBy(rule)
    if (typeof found === 'string') return unplanned('metrics', composed, name, found)
    const metric = rule.metric === undefined ? undefined : findMetric(rule.metric)
    const by: CountedBy = rule.metric === undefined ? 'units' : (metric?.denominator ?? 'rows')
    return planned({
      gate: 'metrics',
      composed,
      name,
      rule,
      subject,
      better: metric?.better ?? rule.better ?? 'higher',
      candidate: found.candidate,
      difference: found.difference,
      count: (support) => denominatorCount(by === 'both_classes' ? 'rows' : by, support),
      of: by === 'both_classes' ? 'rows' : denominatorText(by),
    })
  })
}

const CALIBRATION =
  'calibration error is biased upwards on few rows and has no standard error: its finding says what chance would show'

function planFairness(subject: GateSubject, gate: ComposedGate<FairnessRule>, evidence: EvidenceReader) {
  const request = fairnessRequest(
    subject,
    gate.rules.map(({ rule }) => rule),
  )
  const answer = request && evidence.of<'fairness'>(request)
  return gate.rules.map((composed) => {
    const { rule } = composed
    const name = `${rule.metric} across ${columnsAcross(rule).join(', ')}`
    if (!isAnswerable(subject, rule))
      return unplanned(
        'fairness',
        composed,
        name,
        'the disparity does not exist for this model, or its columns are not declared',
      )
    if (answer === null) return unplanned('fairness', composed, name, 'there is no exam')
    if (answer.status !== 'present') return unplanned('fairness', composed, name, answer.because)
    const measured = answer.facts.measured[placeOfMeasure(request?.measures ?? [], disparityMeasure(rule))]
    if (measured === undefined) return unplanned('fairness', composed, name, 'it was not measured')
    return planDisparity(subject, composed, name, measured)
  })
}

/** Rows of the binding group are what is short: the smallest denominator of the pair that keeps the rule from passing. */
function planDisparity(
  subject: GateSubject,
  composed: ComposedRule<FairnessRule>,
  name: string,
  { candidate, difference }: DisparityMeasured,
): PlannedRule {
  const { binding } = candidate
  return planned({
    gate: 'fairness',
    composed,
    name,
    rule: composed.rule,
    subject,
    better: findDisparity(composed.rule.metric)?.better ?? 'zero',
    candidate: candidate.estimate,
    difference,
    count: () => binding?.count ?? null,
    of: binding === null ? 'rows' : `${binding.of.replaceAll('_', ' ')} of the smaller group`,
  })
}

/** Drift does not depend on the model: what these rows can see at all, and how seldom it cries wolf. */
function planDrift(subject: GateSubject, gate: ComposedGate<DriftRule>, evidence: EvidenceReader) {
  return gate.rules.map((composed) => {
    const request = driftRequest(subject, composed.rule)
    if (request === null) {
      const window = subject.drift
      const because = window === null || window.status === 'found' ? 'there is nothing to compare' : window.because
      return unplanned('drift', composed, 'drift', because)
    }
    const answer = evidence.of<'drift'>(request)
    if (answer.status !== 'present') return unplanned('drift', composed, 'drift', answer.because)
    const seen = answer.facts.columns.flatMap(({ detectable }) => (detectable === null ? [] : [detectable]))
    const because =
      seen.length === 0
        ? 'no column says what it could detect'
        : `it does not depend on the model; these rows show a distance of ${numberText(Math.max(...seen), 2)} and more in every column, and chance alone shows drift in at most 5 of 100 weighings`
    return unplanned('drift', composed, 'drift', because)
  })
}
