import type { ExplainabilityRequest } from './evidence.ts'
import { examMissing, examSubject, examTerms } from './exam-request.ts'
import { type ExplainabilityRule, explainabilityRule } from './explainability-rule.ts'
import { finding } from './finding.ts'
import type { Gate, GateSubject } from './gate.ts'
import { judgeExplainability } from './judge-explainability.ts'
import { type Part, undecided } from './part.ts'
import { evidenceAbsent, nothingDeclared, ruleFinding } from './rule-finding.ts'

/** Rows of the exam and permutations of each column: what a weighing may cost. */
const ROWS = 2000
const REPEATS = 10

/** Whether the candidate leans on the same features as the incumbent, and not on those that it should not. */
export const explainabilityGate: Gate<ExplainabilityRule> = {
  name: 'explainability',
  about:
    'Whether the candidate leans on the features that the incumbent leans on, and not on those that it should not. Importance is what the metric loses when a column of the exam is permuted.',
  shape: 'options',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule: explainabilityRule,
  idParts: () => [],
  plan(subject, gate) {
    const composed = gate.rules[0]
    if (composed === undefined || notExplained(subject) !== null) return []
    const request = explainabilityRequest(subject, composed.rule)
    return request ? [request] : []
  },
  judge(subject, gate, evidence) {
    const composed = gate.rules[0]
    if (composed === undefined)
      return nothingDeclared(subject, gate, 'The policy has no rule for explainability.', 'Add gates.explainability.')
    const skipped = notExplained(subject)
    if (skipped !== null) return finding('explainability', 'explainability: not asked', 'skipped', skipped)
    const obstacle = obstacleTo(subject)
    if (obstacle !== null) return ruleFinding('explainability', composed, obstacle)
    const request = explainabilityRequest(subject, composed.rule)
    const answer = request && evidence.of<'explainability'>(request)
    if (answer === null) return ruleFinding('explainability', composed, noExam('the exam has no terms', ''))
    if (answer.status !== 'present')
      return ruleFinding('explainability', composed, evidenceAbsent('explainability', answer))
    const { part, ...shown } = judgeExplainability(composed.rule, answer.facts, subject)
    return ruleFinding('explainability', composed, part, shown)
  },
}

/** What has no features that could be permuted, with the reason; null when the model can be run. */
function notExplained({ model, candidate }: GateSubject): string | null {
  if (model.task === 'other') return 'A model of task other is judged by its units: there is no score to explain.'
  if (candidate.record.artifact.format === 'opaque')
    return `${candidate.record.version} is an opaque artifact: it is never run, so nothing is known of what moves it.`
  return null
}

function obstacleTo(subject: GateSubject): Part | null {
  const missing = examMissing(subject)
  return missing === null ? null : noExam(missing.because, missing.mend)
}

function noExam(because: string, mend: string): Part {
  return undecided('explainability: no exam', `${because}. ${mend}`.trim(), {
    flips: mend,
    reason: 'explainability:exam',
  })
}

/** What the rule asks to be measured; the incumbent only where it is compared with. */
export function explainabilityRequest(subject: GateSubject, rule: ExplainabilityRule): ExplainabilityRequest | null {
  const exam = examTerms(subject)
  if (exam === null) return null
  const compares = rule.max_importance_shift !== undefined && subject.incumbent !== null
  return {
    kind: 'explainability',
    exam,
    candidate: examSubject(subject, subject.candidate.record),
    incumbent: compares ? examSubject(subject, subject.incumbent.record) : null,
    rows: ROWS,
    repeats: REPEATS,
    seed: 0,
  }
}
