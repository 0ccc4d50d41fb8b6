import { canonicalJson } from '../registry/canonical-json.ts'
import { type Model, sensitiveColumns } from '../registry/model.ts'
import type { DisparityMeasure, FairnessRequest } from './evidence.ts'
import { examSubject, examTerms } from './exam-request.ts'
import { columnsAcross, type FairnessRule, findDisparity } from './fairness-rule.ts'
import type { GateSubject } from './gate.ts'
import { DEFAULT_MIN_ROWS } from './limit-keys.ts'
import { isForTask, SHOWN_CONFIDENCE } from './metrics-request.ts'

/** What a fairness rule asks to be measured. */
export function disparityMeasure(rule: FairnessRule): DisparityMeasure {
  return {
    across: columnsAcross(rule),
    metric: rule.metric,
    confidence: rule.confidence ?? SHOWN_CONFIDENCE,
    min_rows: rule.min_rows ?? DEFAULT_MIN_ROWS,
    small_groups: rule.small_groups ?? 'report',
    ...(rule.privileged && { privileged: rule.privileged }),
    against_incumbent: rule.against === 'incumbent',
  }
}

/** Columns of a rule that model.yml does not declare as sensitive. */
export function undeclaredColumns({ model }: GateSubject, rule: FairnessRule): readonly string[] {
  const declared = sensitiveColumns(model)
  return columnsAcross(rule).filter((name) => !declared.includes(name))
}

/**
 * The task whose disparities a model has. Groups are compared by who gets one class: of several that is the favourable
 * one, `label.positive`, against all others.
 */
export function comparedTask({ task, label }: Model): Model['task'] {
  return task === 'multiclass' && label?.positive !== undefined ? 'binary' : task
}

/** Whether the rule's disparity exists for this model, across columns that the app may read. */
export function isAnswerable(subject: GateSubject, rule: FairnessRule): boolean {
  const { model } = subject
  if (findDisparity(rule.metric)?.task !== comparedTask(model) || isVaulted(subject) || !isForTask(rule, model))
    return false
  return undeclaredColumns(subject, rule).length === 0
}

/** Sensitive columns that only a runner may read never come to a place where gates are judged. */
export function isVaulted({ model }: GateSubject): boolean {
  return model.evaluation?.sensitive !== undefined
}

/** One request for all rules of the gate that can be answered; null when there is none. */
export function fairnessRequest(subject: GateSubject, rules: readonly FairnessRule[]): FairnessRequest | null {
  const exam = examTerms(subject)
  const asked = rules.filter((rule) => isAnswerable(subject, rule)).map(disparityMeasure)
  const measures = [...new Map(asked.map((measure) => [canonicalJson(measure), measure])).values()]
  if (exam === null || measures.length === 0) return null
  return {
    kind: 'fairness',
    exam,
    candidate: examSubject(subject, subject.candidate.record),
    incumbent: subject.incumbent && examSubject(subject, subject.incumbent.record),
    measures,
  }
}
