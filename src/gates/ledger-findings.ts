import type { LedgerState } from '../ledger/fact.ts'
import { type Finding, finding } from './finding.ts'
import type { GateSubject } from './gate.ts'
import type { LedgerFacts } from './github-facts.ts'

/** The ledger's state as it can be believed; null in a checkout, and where it cannot be. */
export function ledgerStateOf({ github }: GateSubject): LedgerState | null {
  return github?.ledger.is === 'sound' ? github.ledger.state : null
}

/**
 * Whether something that ends at a moment holds now; without an end it does. A moment that cannot be read, of the fact
 * or of this weighing, is no end.
 *
 * @param until  ISO 8601, or null for no end
 * @param now    ISO 8601
 */
export function isInForce(until: string | null, now: string): boolean {
  if (until === null) return true
  const [end, at] = [Date.parse(until), Date.parse(now)]
  return Number.isNaN(end) || Number.isNaN(at) || at < end
}

/** `until 2026-12-01T00:00:00Z`, or `until somebody ends it`. */
export function untilText(until: string | null): string {
  return until === null ? 'until somebody ends it' : `until ${until}`
}

/** The artifact's quarantine in this environment, under whatever version name; null when it has none. */
export function quarantineOf(
  { quarantined }: LedgerState,
  digest: string,
  now: string,
): LedgerState['quarantined'][number] | null {
  return quarantined.find((one) => one.digest === digest && isInForce(one.until, now)) ?? null
}

function brokenFinding(subject: GateSubject, ledger: Exclude<LedgerFacts, { is: 'sound' }>): Finding {
  const what = ledger.is === 'broken' ? 'the ledger cannot be believed' : 'the ledger cannot be read'
  const because = `${what}: ${ledger.because}. What is quarantined, held or waived is not known.`
  const flips = 'Mend the ledger, then weigh again.'
  const advice = subject.rollback ? { advisory: true as const } : {}
  return finding('ledger', 'ledger', 'inconclusive', because, { flips, reason: 'ledger', ...advice })
}

function quarantineFinding(subject: GateSubject, state: LedgerState): readonly Finding[] {
  const { version, artifact } = subject.candidate.record
  const found = quarantineOf(state, artifact.digest, subject.now)
  if (found === null) return []
  const as = found.version === null || found.version === version ? '' : ` as ${found.version}`
  const because = `the artifact of ${version} is quarantined in ${subject.environment.name}${as} ${untilText(found.until)}: ${found.reason}`
  return [
    finding('quarantine', 'quarantine', 'failed', because, {
      flips: 'Promote another artifact, or have it released from quarantine.',
    }),
  ]
}

function holdFinding({ github, rollback }: GateSubject, state: LedgerState): readonly Finding[] {
  if (rollback) return []
  const holds = state.held.filter(({ pull }) => pull === github?.pull)
  if (holds.length === 0) return []
  const said = holds.map(({ by, at, reason }) => `held by account ${by} at ${at}: ${reason}`).join('; ')
  return [finding('hold', 'hold', 'inconclusive', said, { flips: '/unhold, by somebody who may.' })]
}

/** What landed of a model without a passing verdict: shown with every check of it, holding nothing. */
export function unweighedFindings({ unweighed, environment, model }: LedgerState): readonly Finding[] {
  return unweighed.map(({ version, commit, at, because }) => {
    const what = version === null ? 'a change' : version
    const said = `${model}: ${what} landed in ${environment} at ${commit.slice(0, 12)} (${at}) without a passing verdict: ${because}`
    return finding('unweighed', `unweighed in ${environment}`, 'inconclusive', said, { advisory: true })
  })
}

/** What the ledger says of a promotion: nothing in a checkout, nothing where nothing is wrong. */
export function ledgerFindings(subject: GateSubject): readonly Finding[] {
  const { github } = subject
  if (github === null) return []
  if (github.ledger.is !== 'sound') return [brokenFinding(subject, github.ledger)]
  const { state } = github.ledger
  return [...quarantineFinding(subject, state), ...holdFinding(subject, state), ...unweighedFindings(state)]
}

/**
 * When time alone could next change what the ledger says of a promotion: ends of quarantine, freeze and waivers.
 *
 * @returns milliseconds since 1970, in any order, past ones too
 */
export function ledgerBoundaries(subject: GateSubject): readonly number[] {
  const state = ledgerStateOf(subject)
  if (state === null) return []
  const { evidenceKey = '' } = subject.github ?? {}
  const { digest } = subject.candidate.record.artifact
  const ends = [
    ...state.quarantined.filter((one) => one.digest === digest).map(({ until }) => until),
    subject.rollback ? null : (state.frozen?.until ?? null),
    ...state.waived.filter((one) => one.evidence_key === evidenceKey).map(({ until }) => until),
  ]
  return ends.flatMap((until) => (until === null ? [] : [Date.parse(until)])).filter((at) => !Number.isNaN(at))
}
