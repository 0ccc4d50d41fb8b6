import { sensitiveColumns } from '../registry/model.ts'
import { type DataQualityRule, dataQualityRule } from './data-quality-rule.ts'
import type { QualityFacts, QualityRequest } from './evidence.ts'
import { examMissing, examTerms } from './exam-request.ts'
import type { Finding } from './finding.ts'
import type { ComposedGate, ComposedRule, Gate, GateSubject } from './gate.ts'
import { limitFindings } from './judge-quality.ts'
import { undecided } from './part.ts'
import { informationFindings } from './quality-information.ts'
import { schemaFindings } from './quality-schema.ts'
import { evidenceAbsent, gateFinding, nothingDeclared, ruleFinding } from './rule-finding.ts'

type Composed = ComposedRule<DataQualityRule>

/** Whether the exam itself can be trusted. */
export const dataQualityGate: Gate<DataQualityRule> = {
  name: 'data-quality',
  about:
    'Whether the exam can be trusted: missing values, duplicates, rows that also stand in the training data, columns that break their declaration. Only names and counts are shown, never values.',
  shape: 'options',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule: dataQualityRule,
  idParts: () => [],
  plan(subject, gate) {
    const request = gate.rules.length === 0 ? null : qualityRequest(subject)
    return request === null ? [] : [request]
  },
  judge(subject, gate, evidence) {
    const composed = gate.rules[0]
    if (composed === undefined) {
      return nothingDeclared(subject, gate, 'The policy has no rule for data quality.', 'Add gates.data-quality.')
    }
    const request = qualityRequest(subject)
    if (request === null) return withoutExam(subject, composed)
    const answer = evidence.of<'quality'>(request)
    if (answer.status !== 'present') return ruleFinding(gate.gate, composed, evidenceAbsent('data-quality', answer))
    return judged(subject, gate, composed, answer.facts)
  },
}

function judged(
  subject: GateSubject,
  gate: ComposedGate<DataQualityRule>,
  composed: Composed,
  facts: QualityFacts,
): Finding {
  if (facts.rows === 0) {
    return ruleFinding(gate.gate, composed, undecided('the exam is empty', 'It has no rows.', { reason: 'labels' }))
  }
  const { rule, id, places, advisory } = composed
  const children = [
    ...limitFindings(rule, facts, subject),
    ...schemaFindings(rule, facts),
    ...informationFindings(facts),
  ]
  return gateFinding(gate, children, {
    rule: id,
    support: { rows: facts.rows },
    ...(places[0] && { place: places[0] }),
    ...(advisory && { advisory: true as const }),
  })
}

/** The exam, beside the rows that the candidate was trained on; null without an exam. */
export function qualityRequest(subject: GateSubject): QualityRequest | null {
  const exam = examTerms(subject)
  if (exam === null) return null
  return {
    kind: 'quality',
    exam,
    reference: subject.candidate.record.evaluation.reference,
    features: subject.model.features ?? [],
    sensitive: sensitiveColumns(subject.model),
  }
}

function withoutExam(subject: GateSubject, composed: Composed): Finding {
  const missing = examMissing(subject)
  const because = missing === null ? 'There is no exam.' : `${missing.because}. ${missing.mend}`
  return ruleFinding('data-quality', composed, undecided('data-quality: there is no exam', because, { reason: 'exam' }))
}
