import { sensitiveColumns } from '../registry/model.ts'
import type { Evidence, FairnessFacts, FairnessRequest } from './evidence.ts'
import { examMissing } from './exam-request.ts'
import { comparedTask, disparityMeasure, fairnessRequest, isVaulted, undeclaredColumns } from './fairness-request.ts'
import { columnsAcross, type FairnessRule, fairnessRule, findDisparity } from './fairness-rule.ts'
import type { Finding } from './finding.ts'
import type { ComposedGate, ComposedRule, Gate, GateSubject } from './gate.ts'
import { answeredDisparity, groupExhibits, judgeDisparity, toldSupport } from './judge-fairness.ts'
import { limitOf, shownNumbers } from './judge-measured.ts'
import { isForTask, placeOfMeasure } from './metrics-request.ts'
import { listText } from './number-text.ts'
import { outputFindings } from './output-findings.ts'
import { type Part, undecided } from './part.ts'
import { heldToProvenance, weakest } from './provenance-part.ts'
import { evidenceAbsent, gateFinding, nothingDeclared, ruleFinding } from './rule-finding.ts'

type Asked = { readonly request: FairnessRequest; readonly evidence: Evidence<'fairness'> } | null

/** How differently the candidate treats groups of people, alone and beside the incumbent. */
export const fairnessGate: Gate<FairnessRule> = {
  name: 'fairness',
  about:
    'How differently the candidate treats the groups of each sensitive column, alone and beside the incumbent. Groups too small to count are listed, and hold where they are many.',
  shape: 'list',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule: fairnessRule,
  idParts: (rule) => [
    rule.metric,
    columnsAcross(rule).join(','),
    ...(rule.against === undefined ? [] : [rule.against]),
  ],
  plan(subject, gate) {
    const request = fairnessRequest(
      subject,
      gate.rules.map(({ rule }) => rule),
    )
    return request === null ? [] : [request]
  },
  judge(subject, gate, evidence) {
    if (gate.rules.length === 0) {
      return nothingDeclared(subject, gate, 'The policy has no rule for fairness.', 'Add a rule to gates.fairness.')
    }
    if (sensitiveColumns(subject.model).length === 0) {
      const because = 'model.yml declares no sensitive columns.'
      return nothingDeclared(subject, gate, because, 'Declare sensitive: [...] in model.yml.')
    }
    const { task } = subject.model
    if (gate.required && gate.rules.every(({ rule }) => !isForTask(rule, subject.model))) {
      const mend = `Add a rule with tasks: [${task}], or say in model.yml why fairness is not_applicable.`
      return nothingDeclared(subject, gate, `The policy has no rule for fairness of ${task} models.`, mend)
    }
    const request = fairnessRequest(
      subject,
      gate.rules.map(({ rule }) => rule),
    )
    const asked = request && { request, evidence: evidence.of<'fairness'>(request) }
    const facts = asked?.evidence.status === 'present' ? asked.evidence.facts : null
    const rules = gate.rules.map((composed) => judgeRule(subject, gate, composed, asked))
    return gateFinding(gate, [...(facts ? outputFindings('fairness', facts.candidate) : []), ...rules])
  },
}

function judgeRule(
  subject: GateSubject,
  gate: ComposedGate<FairnessRule>,
  composed: ComposedRule<FairnessRule>,
  asked: Asked,
): Finding {
  const { rule } = composed
  const shown = { limit: limitOf(rule) }
  const obstacle = obstacleTo(subject, rule)
  if (obstacle !== null) return ruleFinding(gate.gate, composed, obstacle, shown)
  if (asked !== null && asked.evidence.status !== 'present') {
    return ruleFinding(gate.gate, composed, evidenceAbsent(nameOf(rule), asked.evidence), shown)
  }
  const facts: FairnessFacts | undefined = asked?.evidence.status === 'present' ? asked.evidence.facts : undefined
  const measured = facts?.measured[placeOfMeasure(asked?.request.measures ?? [], disparityMeasure(rule))]
  if (facts === undefined || measured === undefined) {
    const part = undecided(`${nameOf(rule)} was not measured`, 'The evidence holds no answer to this rule.', {
      reason: 'no-answer',
    })
    return ruleFinding(gate.gate, composed, part, shown)
  }
  const answered = answeredDisparity(subject, rule, measured, facts)
  const provenance = weakest(facts.candidate.provenance)
  const part = heldToProvenance(judgeDisparity(rule, answered, measured), provenance, gate)
  return ruleFinding(gate.gate, composed, part, {
    ...shownNumbers(answered, provenance),
    support: toldSupport(subject, measured),
    exhibits: groupExhibits(rule, measured),
  })
}

function nameOf(rule: FairnessRule): string {
  return `${rule.metric} across ${columnsAcross(rule).join(', ')}`
}

/** Why a rule cannot even be asked of this model, or is not meant for it. */
function obstacleTo(subject: GateSubject, rule: FairnessRule): Part | null {
  const { model } = subject
  const name = nameOf(rule)
  if (!isForTask(rule, model)) {
    const because = `The rule is for ${listText(rule.tasks ?? [])} models; this one is ${model.task}.`
    return { status: 'skipped', title: `${name}: not for this task`, because }
  }
  if (model.task === 'other') {
    const because = 'Fairness of models with task other is not judged by this version.'
    return undecided(`${name} is not judged by this version`, because, { reason: 'not-judged' })
  }
  const task = findDisparity(rule.metric)?.task ?? 'binary'
  if (model.task === 'multiclass' && task === 'binary' && comparedTask(model) !== task) {
    const because = 'Groups are compared by who gets the favourable class, and model.yml does not say which it is.'
    return undecided(`${name}: no class is the favourable one`, because, {
      flips: 'label.positive in model.yml (judge: --positive), such as approved',
      reason: 'favourable-class',
    })
  }
  if (task !== comparedTask(model)) {
    const because = `${rule.metric} is a disparity of ${task} models; this one is ${model.task}.`
    const flips = `tasks: [${task}] on the rule, which skips it here`
    return undecided(`${name} does not exist for ${model.task} models`, because, { flips, reason: 'task' })
  }
  if (isVaulted(subject)) {
    const because = 'The sensitive columns lie where only a runner reads; this version does not join them.'
    return undecided(`${name} is not judged by this version`, because, { reason: 'not-judged' })
  }
  const undeclared = undeclaredColumns(subject, rule)
  if (undeclared.length > 0) {
    const because = `model.yml does not declare ${listText(undeclared)} as sensitive; it declares ${listText(sensitiveColumns(model))}.`
    const flips = `sensitive: [${[...sensitiveColumns(model), ...undeclared].join(', ')}] in model.yml`
    return undecided(`${name}: ${listText(undeclared)} is not declared`, because, { flips, reason: 'sensitive' })
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
