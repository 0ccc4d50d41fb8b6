import { changesFinding } from '../gates/approvals.ts'
import { type EvaluationRule, examExpiry } from '../gates/evaluation.ts'
import type { EvidenceReader } from '../gates/evidence.ts'
import { allOf, type Finding, finding } from '../gates/finding.ts'
import { type FreezeRule, freezeBoundaries } from '../gates/freeze.ts'
import type { ComposedGate, Gate, GateSubject, ManifestFacts } from '../gates/gate.ts'
import type { GitHubFacts, LedgerState } from '../gates/github-facts.ts'
import { gateNamed, gates } from '../gates/index.ts'
import { foreignCacheFinding } from '../gates/integrity.ts'
import { ledgerBoundaries, unweighedFindings } from '../gates/ledger-findings.ts'
import { manifestFinding } from '../gates/manifest.ts'
import { mistakeFinding } from '../gates/mistake-finding.ts'
import { type RegistryReading, registryFinding } from '../gates/registry.ts'
import type { Configuration } from '../registry/configuration.ts'
import { applicableGate, isAskedOf } from './applicable-gate.ts'
import type { Composed } from './compose.ts'
import { foundOrCrashed } from './crash.ts'
import { planPromotion } from './plan.ts'
import type { PolicyGate } from './policy-gate.ts'
import { settle } from './settle.ts'

/**
 * A gate of options that are advisory, and every measuring gate in a rollback, holds nothing. In a list each rule says
 * so by itself, and what is wrong with the whole list still holds.
 */
function withAdvice(subject: GateSubject, gate: Gate, composed: PolicyGate, judged: Finding): Finding {
  const onlyAdvice = gate.shape === 'options' && composed.rules.some(({ advisory }) => advisory)
  const rollback = subject.rollback && gate.measuring
  if (judged.status === 'skipped' && judged.children.length === 0) return judged
  if (!onlyAdvice && !rollback) return judged
  const shown = judged.status === 'skipped' ? allOf(judged.children.map(binding)) : judged.status
  return { ...judged, status: shown, advisory: true }
}

function binding({ advisory: _, ...child }: Finding): Finding {
  return child
}

function placed(judged: Finding, composed: PolicyGate): Finding {
  return judged.place === undefined && composed.place !== undefined ? { ...judged, place: composed.place } : judged
}

function judgeGate(subject: GateSubject, composed: PolicyGate, evidence: EvidenceReader): Finding {
  const gate = gateNamed(composed.gate)
  if (gate === undefined) {
    return finding(composed.gate, composed.gate, 'inconclusive', `this version has no gate ${composed.gate}`)
  }
  if (!isAskedOf(subject, composed)) {
    return finding(gate.name, gate.name, 'skipped', `a rollback is not asked about ${gate.name}`)
  }
  const judged = foundOrCrashed(gate.name, () => gate.judge(subject, applicableGate(subject, composed), evidence))
  return withAdvice(subject, gate, composed, placed(judged, composed))
}

/** Mistakes of the policy itself: it belongs to the governed branch, so nobody can mend it in this pull request. */
function policyFinding({ mistakes, loosened }: Composed): readonly Finding[] {
  const loose = loosened.map(({ id, from, to, place }) => {
    const because = to === null ? `does not apply here: ${from}` : `looser here: ${to} instead of ${from}`
    return finding('policy', id, 'passed', because, { place, advisory: true })
  })
  const children = [...loose, ...mistakes.map((mistake) => mistakeFinding('policy', mistake, 'inconclusive'))]
  if (children.length === 0) return []
  const wrong = children.filter(({ status }) => status === 'inconclusive')
  const because = (wrong.length > 0 ? wrong : children)
    .map((child) => child.because)
    .join(wrong.length > 0 ? ' ' : '; ')
  const status = allOf(children, 'passed')
  return [finding('policy', 'policy', status, because, { children, ...(wrong.length > 0 ? {} : { advisory: true }) })]
}

/** Says of kept evidence that was not ours, whichever gate asked for it, under `integrity`. */
function withForeignCaches(
  subject: GateSubject,
  composed: Composed,
  evidence: EvidenceReader,
  found: Finding,
): Finding {
  if (found.gate !== 'integrity') return found
  const foreign = planPromotion(subject, composed).flatMap((request) => {
    try {
      const answer = evidence.of(request as never)
      return answer.status === 'present' && answer.cache === 'not-ours' ? [request.kind] : []
    } catch {
      return []
    }
  })
  const notes = [...new Set(foreign)].map(foreignCacheFinding)
  return notes.length === 0 ? found : { ...found, children: [...found.children, ...notes] }
}

/** Undeclared gates that this version can't judge say nothing; nobody asked for them. */
function isWorthSaying(composed: PolicyGate): boolean {
  const silent = ['explainability', 'latency', 'soak', 'evaluation']
  return composed.declared || composed.required || !silent.includes(composed.gate)
}

/** Always-on gates judge also where a composition lacks them. */
function complete(composed: Composed): readonly PolicyGate[] {
  const missing = gates
    .filter(({ name, always }) => always && !composed.gates.some(({ gate }) => gate === name))
    .map((gate): PolicyGate => {
      return {
        gate: gate.name,
        declared: false,
        required: false,
        rules: [],
        atLeast: 'attested',
        provenanceAsked: true,
      }
    })
  return [...missing, ...composed.gates]
}

/**
 * The findings of all gates on one promotion but the approvals, in the order of `gates`, the policy's own first where
 * it has something to say. Pure: judging again with another policy, or at another time, costs nothing.
 *
 * @param evidence  answers every request of `planPromotion`
 */
export function judgeGates(subject: GateSubject, composed: Composed, evidence: EvidenceReader): readonly Finding[] {
  const judged = complete(composed)
    .filter((gate) => gate.gate !== 'approvals' && isWorthSaying(gate))
    .map((gate) => withForeignCaches(subject, composed, evidence, judgeGate(subject, gate, evidence)))
  return [...policyFinding(composed), ...judged]
}

/** The findings of a promotion, approvals last: `judgeGates`, then `settle`. */
export function judgePromotion(subject: GateSubject, composed: Composed, evidence: EvidenceReader): readonly Finding[] {
  return settle(subject, composed, judgeGates(subject, composed, evidence))
}

/** Gates whose answer only GitHub has, of those that a promotion is held to. */
export function notAskedOf(findings: readonly Finding[]): readonly string[] {
  const open = findings.filter(({ gate, status }) => gateNamed(gate)?.needsGitHub && status !== 'skipped')
  return [...new Set(open.map(({ gate }) => gate))]
}

/**
 * When time alone could next change what was judged.
 * @returns ISO 8601, later than `subject.now`; null when no rule asks the time
 */
export function validUntilOf(subject: GateSubject, composed: Composed): string | null {
  const now = Date.parse(subject.now)
  const boundaries = composed.gates.flatMap((gate) => {
    if (gate.gate === 'freeze' && !subject.rollback) return freezeBoundaries(gate as ComposedGate<FreezeRule>, now)
    if (gate.gate !== 'evaluation') return []
    const maxAge = (gate.rules[0]?.rule as EvaluationRule | undefined)?.max_age
    const expiry = maxAge === undefined ? null : examExpiry(subject, maxAge)
    return expiry === null ? [] : [expiry]
  })
  const later = [...boundaries, ...ledgerBoundaries(subject)].filter((at) => at > now)
  return later.length === 0 ? null : new Date(Math.min(...later)).toISOString()
}

/** What a weighing that promotes nothing is held to: a sound registry, and closed environments. */
export interface GeneralReading extends RegistryReading {
  /** Of the environments that this change touches. */
  readonly manifests: readonly { readonly environment: string; readonly facts: ManifestFacts }[]
  /** What only GitHub knows of a change that promotes nothing; absent in a checkout. */
  readonly github?: GeneralGitHub
}

export interface GeneralGitHub {
  readonly facts: GitHubFacts
  readonly configuration: Configuration
  /** Of the models that the change concerns, in every environment. */
  readonly states: readonly LedgerState[]
}

/**
 * Findings that belong to no promotion. Beside one, the registry and the approvals are judged with it; what is left are
 * environments that it does not enter.
 */
export function judgeGeneral(reading: GeneralReading): readonly Finding[] {
  const manifests = reading.manifests.map(({ environment, facts }) => {
    const found = manifestFinding(facts)
    return { ...found, title: `manifests of ${environment}` }
  })
  const promotes = reading.changes.some(({ kind }) => kind === 'promotion' || kind === 'rollback')
  if (promotes) return manifests
  const { facts = null, configuration = null, states = [] } = reading.github ?? {}
  const unweighed = states.flatMap(unweighedFindings)
  return [registryFinding(reading), ...manifests, ...unweighed, changesFinding(reading.changes, facts, configuration)]
}
