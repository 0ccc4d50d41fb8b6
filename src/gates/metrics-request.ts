import { canonicalJson } from '../registry/canonical-json.ts'
import type { Model } from '../registry/model.ts'
import { findMetric } from '../statistics/metrics.ts'
import type { MetricMeasure, MetricsRequest, UnitMeasure, UnitsRequest } from './evidence.ts'
import { examSubject, examTerms } from './exam-request.ts'
import type { GateSubject } from './gate.ts'
import type { MetricsRule } from './metrics-rule.ts'

/** Level of intervals that are only shown. */
export const SHOWN_CONFIDENCE = 0.95

/** Whether a rule is for models of this task at all. */
export function isForTask(rule: { readonly tasks?: readonly Model['task'][] | undefined }, model: Model): boolean {
  return rule.tasks === undefined || rule.tasks.includes(model.task)
}

/** Whether a rule's metric can be computed for this model. */
export function isComputable(rule: MetricsRule, model: Model): boolean {
  if (rule.metric === undefined || !isForTask(rule, model)) return false
  return tasksOf(rule.metric).includes(model.task)
}

/** Tasks of which a metric says something. */
export function tasksOf(metric: string): readonly Model['task'][] {
  return findMetric(metric)?.tasks ?? []
}

/** What a rule on a metric asks to be measured. */
export function metricMeasure(rule: MetricsRule): MetricMeasure {
  return {
    metric: rule.metric ?? '',
    ...(rule.where !== undefined && { where: rule.where }),
    confidence: rule.confidence ?? SHOWN_CONFIDENCE,
    against_incumbent: rule.against === 'incumbent',
  }
}

/** What a rule on a unit asks to be measured. */
export function unitMeasure(rule: MetricsRule): UnitMeasure {
  return {
    unit: rule.unit ?? '',
    confidence: rule.confidence ?? SHOWN_CONFIDENCE,
    against_incumbent: rule.against === 'incumbent',
  }
}

/** One request for all metrics of a gate; null when no rule can be computed. */
export function metricsRequest(subject: GateSubject, rules: readonly MetricsRule[]): MetricsRequest | null {
  const exam = examTerms(subject)
  const measures = distinct(rules.filter((rule) => isComputable(rule, subject.model)).map(metricMeasure))
  if (exam === null || measures.length === 0) return null
  return { kind: 'metrics', exam, ...versions(subject), measures }
}

/** One request for all units of a gate; null when no rule names one. */
export function unitsRequest(subject: GateSubject, rules: readonly MetricsRule[]): UnitsRequest | null {
  const measures = distinct(
    rules.filter((rule) => rule.unit !== undefined && isForTask(rule, subject.model)).map(unitMeasure),
  )
  return measures.length === 0 ? null : { kind: 'units', ...versions(subject), measures }
}

function versions(subject: GateSubject) {
  return {
    candidate: examSubject(subject, subject.candidate.record),
    incumbent: subject.incumbent && examSubject(subject, subject.incumbent.record),
  }
}

/** Where a measure's answer stands in the evidence. */
export function placeOfMeasure<Measure>(measures: readonly Measure[], measure: Measure): number {
  const wanted = canonicalJson(measure)
  return measures.findIndex((known) => canonicalJson(known) === wanted)
}

function distinct<Measure>(measures: readonly Measure[]): readonly Measure[] {
  return [...new Map(measures.map((measure) => [canonicalJson(measure), measure])).values()]
}
