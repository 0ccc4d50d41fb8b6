import { FEW_ROWS } from '../statistics/few-rows.ts'
import { findMetric } from '../statistics/metrics.ts'
import { calibrationErrorPart, hasOwnJudgement } from './calibration-error.ts'
import { type CountedBy, denominatorCount, denominatorText, tooFew } from './denominator.ts'
import type { Evidence, MetricMeasured, MetricsFacts, UnitsFacts } from './evidence.ts'
import { examMissing } from './exam-request.ts'
import type { Finding, Provenance } from './finding.ts'
import type { ComposedGate, ComposedRule, GateSubject } from './gate.ts'
import { type Answered, judgeAnswered, limitOf, shownNumbers } from './judge-measured.ts'
import { isForTask, metricMeasure, placeOfMeasure, SHOWN_CONFIDENCE, tasksOf, unitMeasure } from './metrics-request.ts'
import type { MetricsRule } from './metrics-rule.ts'
import { countText } from './number-text.ts'
import { type Part, sentence, undecided } from './part.ts'
import { heldToProvenance, weakest } from './provenance-part.ts'
import { evidenceAbsent, ruleFinding } from './rule-finding.ts'
import { smallestTold } from './smallest-told.ts'
import { isValued } from './sound-estimate.ts'

/** What a gate of metrics found: the answers to its two requests, with the measures in the order asked. */
export interface MetricsAnswers {
  readonly metrics: { readonly measures: readonly unknown[]; readonly evidence: Evidence<'metrics'> } | null
  readonly units: { readonly measures: readonly unknown[]; readonly evidence: Evidence<'units'> } | null
}

type Composed = ComposedRule<MetricsRule>

/** One rule's finding; whatever keeps it from being judged is inconclusive, except a task that it is not for. */
export function judgeMetricRule(
  subject: GateSubject,
  gate: ComposedGate<MetricsRule>,
  composed: Composed,
  answers: MetricsAnswers,
): Finding {
  const { rule } = composed
  const obstacle = obstacleTo(subject, rule)
  const shown = { limit: limitOf(rule) }
  if (obstacle !== null) return ruleFinding(gate.gate, composed, obstacle, shown)
  const answer = rule.unit === undefined ? answers.metrics : answers.units
  if (answer === null) return ruleFinding(gate.gate, composed, noAnswer(rule), shown)
  if (answer.evidence.status !== 'present') {
    return ruleFinding(gate.gate, composed, evidenceAbsent(nameOf(rule), answer.evidence), shown)
  }
  const facts = answer.evidence.facts
  const place = placeOfMeasure(answer.measures, rule.unit === undefined ? metricMeasure(rule) : unitMeasure(rule))
  const measured = facts.measured[place]
  if (measured === undefined) return ruleFinding(gate.gate, composed, noAnswer(rule), shown)
  return judgeAgainst(subject, gate, composed, measured, facts)
}

function judgeAgainst(
  subject: GateSubject,
  gate: ComposedGate<MetricsRule>,
  composed: Composed,
  measured: MetricMeasured,
  facts: MetricsFacts | UnitsFacts,
): Finding {
  const { rule } = composed
  const answered = answeredRule(subject, rule, measured, facts)
  const provenance = provenanceOf(rule, facts)
  const secret = secretSlice(subject, answered.name, rule, measured)
  if (secret !== null) return ruleFinding(gate.gate, composed, secret, { limit: limitOf(rule), provenance })
  const few = isValued(measured.candidate)
    ? tooFew(answered.name, denominatorOf(rule), measured.candidate.support, minRowsOf(rule))
    : null
  const part = few ?? (hasOwnJudgement(rule) ? calibrationErrorPart(answered) : judgeAnswered(answered))
  const noted = withFewNote(withSliceNote(subject, part, rule, measured), rule, measured)
  const held = heldToProvenance(noted, provenance, gate)
  return ruleFinding(gate.gate, composed, held, shownNumbers(answered, provenance))
}

/** A slice so small that its numbers would tell of single people: neither judged nor shown. */
function secretSlice(
  subject: GateSubject,
  name: string,
  rule: MetricsRule,
  { candidate }: MetricMeasured,
): Part | null {
  const least = smallestTold(subject)
  if (rule.where === undefined || candidate.support.rows >= least) return null
  const because = 'So few rows decide nothing, and their numbers are not shown.'
  return undecided(`${name} rests on fewer than ${least} rows`, because, { reason: `too-few:${name}` })
}

/** Why a rule cannot even be asked of this model, or is not meant for it. */
function obstacleTo(subject: GateSubject, rule: MetricsRule): Part | null {
  const { model } = subject
  const name = nameOf(rule)
  if (!isForTask(rule, model)) {
    const because = `The rule is for ${rule.tasks?.join(', ')} models; this one is ${model.task}.`
    return { status: 'skipped', title: `${name}: not for this task`, because }
  }
  if (rule.metric === undefined) return null
  const tasks = tasksOf(rule.metric)
  if (!tasks.includes(model.task)) {
    const because = `${rule.metric} is a metric of ${tasks.join(' and ')} models; this one is ${model.task}.`
    const flips = `tasks: [${tasks.join(', ')}] on the rule, which skips it here`
    return undecided(`${name} does not exist for ${model.task} models`, because, { flips, reason: 'task' })
  }
  const missing = examMissing(subject)
  return (
    missing &&
    undecided(`${name}: there is no exam`, `${missing.because}. ${missing.mend}`, {
      flips: missing.mend,
      reason: 'exam',
    })
  )
}

function noAnswer(rule: MetricsRule): Part {
  return undecided(`${nameOf(rule)} was not measured`, 'The evidence holds no answer to this rule.', {
    reason: 'no-answer',
  })
}

function nameOf(rule: MetricsRule): string {
  const name = rule.metric ?? rule.unit ?? ''
  return rule.where === undefined ? name : `${name} (${rule.where})`
}

function answeredRule(
  subject: GateSubject,
  rule: MetricsRule,
  measured: MetricMeasured,
  facts: MetricsFacts | UnitsFacts,
): Answered {
  const denominator = denominatorOf(rule)
  const metric = rule.metric === undefined ? undefined : findMetric(rule.metric)
  const text = denominatorText(denominator)
  return {
    limits: rule,
    name: nameOf(rule),
    unit: rule.metric ?? rule.unit ?? '',
    better: metric?.better ?? rule.better ?? 'higher',
    confidence: rule.confidence ?? SHOWN_CONFIDENCE,
    candidate: measured.candidate,
    incumbent: measured.incumbent,
    difference: measured.difference,
    against: subject.incumbent?.record.version ?? null,
    incumbentMissing: incumbentMissing(subject, facts),
    of: denominator === 'both_classes' ? 'rows' : text,
    count: ({ support }) => denominatorCount(denominator === 'both_classes' ? 'rows' : denominator, support),
  }
}

function incumbentMissing(subject: GateSubject, facts: MetricsFacts | UnitsFacts): string | null {
  if (subject.incumbent === null) {
    return subject.incumbentSource === 'none' ? null : 'The incumbent could not be read'
  }
  const missing = 'incumbent_missing' in facts ? facts.incumbent_missing : undefined
  return missing === undefined
    ? null
    : `The incumbent ${subject.incumbent.record.version} has no answer on this exam: ${missing}`
}

function denominatorOf(rule: MetricsRule): CountedBy {
  return rule.metric === undefined ? 'units' : (findMetric(rule.metric)?.denominator ?? 'rows')
}

/** Fewer than 30 units never decide, whatever the rule says. */
function minRowsOf(rule: MetricsRule): number | undefined {
  return rule.unit === undefined ? rule.min_rows : Math.max(30, rule.min_rows ?? 30)
}

/** A comparison is no better than the weaker of its two sides. */
function provenanceOf(rule: MetricsRule, facts: MetricsFacts | UnitsFacts): Provenance {
  if ('provenance' in facts) return weakest(facts.provenance)
  const compared = rule.against !== undefined && facts.incumbent !== null
  return compared
    ? weakest(facts.candidate.provenance, facts.incumbent?.provenance)
    : weakest(facts.candidate.provenance)
}

/** An interval that decides, and is known not to hold its level on so few rows, is never shown without saying so. */
function withFewNote(part: Part, rule: MetricsRule, { candidate, difference }: MetricMeasured): Part {
  if (rule.confidence === undefined || part.status === 'skipped') return part
  const own = rule.min === undefined && rule.max === undefined ? [] : (candidate?.warnings ?? [])
  const paired = rule.against === undefined ? [] : (difference?.warnings ?? [])
  const notes = [...own, ...paired].filter(({ code }) => code === FEW_ROWS).map(({ message }) => sentence(message))
  return { ...part, because: [part.because, ...new Set(notes)].join(' ') }
}

function withSliceNote(subject: GateSubject, part: Part, rule: MetricsRule, { where_null }: MetricMeasured): Part {
  if (rule.where === undefined || !where_null) return part
  const least = smallestTold(subject)
  const rows = where_null < least ? `Fewer than ${least} rows` : countText(where_null, 'rows')
  return { ...part, because: `${part.because} ${rows} have no answer to '${rule.where}' and are in no slice.` }
}
