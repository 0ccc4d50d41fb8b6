import { suggest } from '../registry/did-you-mean.ts'
import type { Feature } from '../registry/model.ts'
import { type DriftRule, driftRule, MAX_DRIFTED_SHARE, MIN_EFFECT, WINDOW } from './drift-rule.ts'
import type { DriftFacts, DriftRequest } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { ComposedGate, ComposedRule, DriftWindow, Gate, GateSubject } from './gate.ts'
import { judgeDrift } from './judge-drift.ts'
import { type Part, undecided } from './part.ts'
import { evidenceAbsent, nothingDeclared, ruleFinding } from './rule-finding.ts'
import { endOfWindow, isOlderThan } from './window-age.ts'

/** A reference of as many rows is not read at each weighing: its profile, made once, stands in. */
const PROFILED_ROWS = 1_000_000
const COMPARED: readonly Feature['type'][] = ['number', 'category', 'boolean']

type Composed = ComposedRule<DriftRule>

/** Whether what production sees is still what the candidate was trained on. */
export const driftGate: Gate<DriftRule> = {
  name: 'drift',
  about:
    'Whether the features that production sees still look like those the candidate was trained on. Drift is a reason to look, not evidence that the candidate is worse.',
  shape: 'options',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule: driftRule,
  idParts: () => [],
  plan(subject, gate) {
    const composed = gate.rules[0]
    const request = composed && driftRequest(subject, composed.rule)
    return request ? [request] : []
  },
  judge(subject, gate, evidence) {
    const composed = gate.rules[0]
    if (composed === undefined) {
      return nothingDeclared(subject, gate, 'The policy has no rule for drift.', 'Add gates.drift.')
    }
    const obstacle = obstacleTo(subject, gate, composed.rule)
    if (obstacle !== null) return 'gate' in obstacle ? obstacle : ruleFinding('drift', composed, obstacle)
    const request = driftRequest(subject, composed.rule)
    if (request === null) return ruleFinding('drift', composed, nothingToCompare())
    const answer = evidence.of<'drift'>(request)
    if (answer.status !== 'present') return ruleFinding('drift', composed, evidenceAbsent('drift', answer))
    return driftFinding(composed, answer.facts)
  },
}

/** The features of a rule in both windows; null when there is nothing to compare. */
export function driftRequest(subject: GateSubject, rule: DriftRule): DriftRequest | null {
  if (subject.drift?.status !== 'found') return null
  const columns = comparedFeatures(subject, rule)
  if (columns.length === 0) return null
  return {
    kind: 'drift',
    reference: subject.candidate.record.evaluation.reference,
    current: subject.drift.partitions,
    columns,
    test: rule.test ?? 'default',
    min_effect: rule.min_effect ?? MIN_EFFECT,
    ...(rule.max !== undefined && { max: rule.max }),
    ...(asksForTime(rule) ? periodsOf(subject, rule) : profileOf(subject)),
  }
}

/** Windows of time need rows; everything else can be told from profiles. */
function profileOf({ model, candidate }: GateSubject): Pick<DriftRequest, 'profile'> {
  if ((candidate.record.evaluation.reference.rows ?? 0) < PROFILED_ROWS) return {}
  const { features, sensitive, label, columns } = model
  return { profile: { features, sensitive, label, columns } }
}

/** What the rule says of time, where the model has a time column. */
function periodsOf({ model }: GateSubject, rule: DriftRule): Pick<DriftRequest, 'periods'> {
  const time = model.columns?.time
  if (time === undefined) return {}
  const { calibrate = 'rows', window = WINDOW, season = 'none' } = rule
  return { periods: { time, calibrate, window, season } }
}

function asksForTime({ calibrate, season }: DriftRule): boolean {
  return calibrate === 'windows' || (season !== undefined && season !== 'none')
}

function comparedFeatures({ model }: GateSubject, { columns }: DriftRule): readonly Feature[] {
  return (model.features ?? []).filter(
    ({ name, type }) => COMPARED.includes(type) && (columns === undefined || columns.includes(name)),
  )
}

/** Why there is nothing to compare: nothing is monitored, nothing was found, or the rule names what does not exist. */
function obstacleTo(subject: GateSubject, gate: ComposedGate<DriftRule>, rule: DriftRule): Part | Finding | null {
  const window = subject.drift
  if (window === null || window.status === 'none') {
    const because = window === null ? 'model.yml says nothing of production rows.' : window.because
    const mend = window === null || window.mend === '' ? 'Add monitoring.predictions to model.yml.' : window.mend
    const required = gate.required || rule.required === true
    return nothingDeclared(subject, { ...gate, required }, `${because} ${mend}`, mend)
  }
  return (
    unknownColumns(subject, rule) ??
    timeless(subject, rule) ??
    (window.status === 'found' ? staleness(window, rule, subject.now) : absentWindow(window))
  )
}

function absentWindow(window: Exclude<DriftWindow, { status: 'found' }>): Part {
  return evidenceAbsent('drift', { kind: 'drift-window', ...window })
}

function unknownColumns(subject: GateSubject, rule: DriftRule): Part | null {
  const known = comparedFeatures(subject, {}).map(({ name }) => name)
  const unknown = [...(rule.critical ?? []), ...(rule.columns ?? [])].find((name) => !known.includes(name))
  if (unknown === undefined) return null
  const because = `The policy names ${unknown}, and model.yml has no number, category or boolean of that name.`
  return undecided(`drift: there is no feature ${unknown}`, because, {
    flips: suggest(unknown, known, 'Features'),
    reason: 'drift:columns',
  })
}

/** A rule of time for a model without one could only be judged by another rule than the policy's. */
function timeless({ model }: GateSubject, rule: DriftRule): Part | null {
  if (!asksForTime(rule) || model.columns?.time !== undefined) return null
  const because = 'The policy compares windows of time or seasons, and model.yml names no time column.'
  return undecided('drift: the model has no time column', because, {
    flips: 'columns.time in model.yml',
    reason: 'drift:time',
  })
}

function staleness(
  window: Extract<DriftWindow, { status: 'found' }>,
  { max_age }: DriftRule,
  now: string,
): Part | null {
  if (window.partitions.length === 0) {
    return undecided('drift: the window is empty', 'No production partition was found in the window.', {
      reason: 'drift:empty',
    })
  }
  if (max_age === undefined || !isOlderThan(endOfWindow(window.until), max_age, now)) return null
  const because = `The last production rows are of ${window.until}; the policy takes rows that ended at most ${max_age} ago.`
  return undecided('drift: the production rows are too old', because, {
    flips: 'newer production rows',
    reason: 'drift:stale',
  })
}

function nothingToCompare(): Part {
  const because = 'model.yml has no number, category or boolean feature to compare.'
  return undecided('drift: no column to compare', because, { reason: 'drift:columns' })
}

function driftFinding(composed: Composed, facts: DriftFacts): Finding {
  const { part, children, exhibit, share } = judgeDrift(composed.rule, facts)
  return ruleFinding('drift', composed, part, {
    measured: share,
    limit: { max: composed.rule.max_drifted_share ?? MAX_DRIFTED_SHARE },
    support: { rows: facts.rows.current },
    exhibits: [exhibit],
    children,
  })
}
