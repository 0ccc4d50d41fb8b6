import type { EvidenceReader, MetricsFacts } from './evidence.ts'
import type { Exhibit, Finding } from './finding.ts'
import type { ComposedGate, Gate, GateSubject } from './gate.ts'
import { judgeMetricRule, type MetricsAnswers } from './judge-metric.ts'
import { metricsRequest, unitsRequest } from './metrics-request.ts'
import { type MetricsRule, metricsRule } from './metrics-rule.ts'
import { outputFindings, problemFindings } from './output-findings.ts'
import { gateFinding, nothingDeclared } from './rule-finding.ts'

type Composed = ComposedGate<MetricsRule>

/** How good the candidate is on the exam, alone and beside the incumbent. */
export const metricsGate: Gate<MetricsRule> = {
  name: 'metrics',
  about:
    'Whether the candidate is good enough on the exam, and no worse than the incumbent on the same rows. A rule with a confidence is judged by its interval.',
  shape: 'list',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule: metricsRule,
  idParts: ({ metric, unit, where, against }) => [
    metric ?? unit ?? '',
    ...(where === undefined ? [] : [where]),
    ...(against === undefined ? [] : [against]),
  ],
  plan(subject, gate) {
    const rules = gate.rules.map(({ rule }) => rule)
    return [metricsRequest(subject, rules), unitsRequest(subject, rules)].filter((request) => request !== null)
  },
  judge(subject, gate, evidence) {
    if (gate.rules.length === 0) {
      return nothingDeclared(subject, gate, 'The policy has no rule for metrics.', 'Add a rule to gates.metrics.')
    }
    const answers = answersTo(subject, gate, evidence)
    const facts = answers.metrics?.evidence.status === 'present' ? answers.metrics.evidence.facts : null
    const rules = gate.rules.map((composed) => judgeMetricRule(subject, gate, composed, answers))
    const children = [...(facts ? outputs(facts) : []), ...rules]
    const whole = gateFinding(gate, children, facts ? { exhibits: exhibits(facts) } : {})
    return { ...whole, because: `${whole.because}${examNote(subject)}` }
  },
}

function answersTo(subject: GateSubject, gate: Composed, evidence: EvidenceReader): MetricsAnswers {
  const rules = gate.rules.map(({ rule }) => rule)
  const metrics = metricsRequest(subject, rules)
  const units = unitsRequest(subject, rules)
  return {
    metrics: metrics && { measures: metrics.measures, evidence: evidence.of<'metrics'>(metrics) },
    units: units && { measures: units.measures, evidence: evidence.of<'units'>(units) },
  }
}

/** The incumbent already serves: what is wrong with its answers is shown, and holds only what compares with it. */
function outputs({ candidate, incumbent }: MetricsFacts): readonly Finding[] {
  const serving = (incumbent?.problems ?? []).map((problem) => ({ ...problem, status: 'advisory' as const }))
  return [
    ...outputFindings('metrics', candidate),
    ...(incumbent ? problemFindings('metrics', { ...incumbent, problems: serving }) : []),
  ]
}

function exhibits({ curves }: MetricsFacts): readonly Exhibit[] {
  return [
    ...(curves.roc ? [{ kind: 'roc' as const, ...curves.roc }] : []),
    ...(curves.calibration ? [{ kind: 'calibration' as const, ...curves.calibration }] : []),
  ]
}

/** An exam that model.yml does not name was chosen by the author of a version; readers should know. */
function examNote({ exam, candidate, incumbent }: GateSubject): string {
  if (exam === null || exam.setBy === 'model') return ''
  const version = exam.setBy === 'incumbent' ? incumbent?.record.version : candidate.record.version
  return ` The exam was chosen by the author of ${version ?? 'the incumbent'}: model.yml names none.`
}
