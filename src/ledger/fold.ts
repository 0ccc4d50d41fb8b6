import type { Decided, Deployed, Fact, LedgerState, Quarantined, Unweighed, Verified, Waived } from './fact.ts'
import type { Line } from './line.ts'

/** How many deployments a state remembers. */
const MOST_DEPLOYED = 200
/** How many waivers: one that falls out holds again, so that forgetting is safe. */
const MOST_WAIVED = 200

type Draft = { -readonly [Key in keyof LedgerState]: LedgerState[Key] }

/**
 * What a scope's state becomes with one more line.
 *
 * A line that is folded in already changes nothing, so that folding again from any prefix gives the same state. An
 * opposite without its fact (unfrozen but never frozen) is no error. A kind that is not known only moves `seq`.
 *
 * @param state  fold of the scope's lines before
 * @param line   a line of this scope
 * @throws {RangeError} for a line of another scope
 */
export function foldLine(state: LedgerState, line: Line): LedgerState {
  const { scope, seq } = line
  if (scope === 'budget' || scope.environment !== state.environment || scope.model !== state.model)
    throw new RangeError(`line ${seq} does not belong to ${state.environment}/${state.model}`)
  if (seq <= state.seq) return state
  return { ...state, ...changeBy(state, line), seq }
}

/** What a line changes in a state. */
function changeBy(state: LedgerState, line: Line): Partial<Draft> {
  const { at, actorId: by } = line
  const fact = line.fact as Exclude<Fact, { kind: 'rolled-back' }>
  switch (fact.kind) {
    case 'decided':
      // A pull request that is merged has nothing left to hold; what was waived for it outlives the merge.
      return { held: without(state.held, fact.pull), waived: landedWith(state.waived, fact) }
    case 'deployed':
      return withDeployed(state, fact, at)
    case 'unweighed':
      return withUnweighed(state, fact, at)
    case 'verified':
      return { deployed: kept(withVerified(state.deployed, fact, at)) }
    case 'looked':
      return { looked: withLook(state.looked, fact.evaluation, fact.version) }
    case 'quarantined':
      return { quarantined: withQuarantined(state, fact, { at, by }) }
    case 'released':
      return { quarantined: state.quarantined.filter(({ digest }) => digest !== fact.digest) }
    case 'frozen':
      return { frozen: { until: fact.until, reason: fact.reason, by, at } }
    case 'unfrozen':
      return { frozen: null }
    case 'held':
      return { held: [...without(state.held, fact.pull), { pull: fact.pull, reason: fact.reason, by, at }] }
    case 'unheld':
      return { held: without(state.held, fact.pull) }
    case 'waived':
      return { waived: withWaived(state, fact, { at, by }) }
    default:
      return {}
  }
}

const without = (held: LedgerState['held'], pull: number) => held.filter((one) => one.pull !== pull)

function landedWith(waived: LedgerState['waived'], fact: Decided): LedgerState['waived'] {
  return waived.map((one) => (one.evidence_key === fact.evidence_key ? { ...one, landed: fact.merge_commit } : one))
}

/** Another version stands there now: what was unweighed before is left. What no version names waits for a verdict. */
function withDeployed(state: LedgerState, fact: Deployed, at: string): Partial<Draft> {
  const { version, digest, commit, weighed } = fact
  return {
    deployed: kept([...state.deployed, { version, digest, at, commit, weighed, verified: false }]),
    unweighed: state.unweighed.filter((one) => one.commit === commit || (one.version === null && !weighed)),
  }
}

/** A landing without a verdict; once what landed was weighed and passed, it is as good as weighed. */
function withUnweighed(state: LedgerState, fact: Unweighed, at: string): Partial<Draft> {
  const { version, commit, because } = fact
  const others = state.unweighed.filter((one) => one.commit !== commit || one.version !== version)
  if (fact.status !== 'passed') return { unweighed: [...others, { version, commit, at, because }] }
  const passed = state.deployed.map((one) =>
    one.commit === commit && one.version === version ? { ...one, weighed: true } : one,
  )
  return { unweighed: others, deployed: passed }
}

/** The deployment that was verified, by its commit if it is known, else the newest with that digest. */
function withVerified(deployed: LedgerState['deployed'], fact: Verified, at: string): LedgerState['deployed'] {
  const { version, digest, commit } = fact
  const isSame = (one: LedgerState['deployed'][number]) => one.version === version && one.digest === digest
  const exact = deployed.findLastIndex((one) => isSame(one) && one.commit === commit)
  const index = exact < 0 ? deployed.findLastIndex(isSame) : exact
  if (index < 0) return [...deployed, { version, digest, at, commit, weighed: false, verified: true }]
  return deployed.map((one, place) => (place === index ? { ...one, verified: true } : one))
}

/** The newest 200, among them each version's newest weighed and newest verified one; the oldest others go first. */
function kept(deployed: LedgerState['deployed']): LedgerState['deployed'] {
  if (deployed.length <= MOST_DEPLOYED) return deployed
  const weighed = new Map(deployed.flatMap((one, index) => (one.weighed ? [[one.version, index] as const] : [])))
  const verified = new Map(deployed.flatMap((one, index) => (one.verified ? [[one.version, index] as const] : [])))
  const dear = new Set([...weighed.values(), ...verified.values()])
  const oldest = deployed.findIndex((_, index) => !dear.has(index))
  return deployed.filter((_, index) => index !== Math.max(oldest, 0))
}

function withLook(looked: LedgerState['looked'], evaluation: string, version: string): LedgerState['looked'] {
  const versions = looked.find((one) => one.evaluation === evaluation)?.versions ?? []
  if (versions.includes(version)) return looked
  return [...looked.filter((one) => one.evaluation !== evaluation), { evaluation, versions: [...versions, version] }]
}

/** The newest word on a digest holds; one that ended before now is not carried on. */
function withQuarantined(
  state: LedgerState,
  { digest, version, until, reason }: Quarantined,
  { at, by }: { readonly at: string; readonly by: number },
): LedgerState['quarantined'] {
  const running = state.quarantined.filter(
    (one) => one.digest !== digest && (one.until === null || Date.parse(one.until) >= Date.parse(at)),
  )
  return [...running, { digest, version, until, reason, by }]
}

function withWaived(
  state: LedgerState,
  { gate, evidence_key, until, role, reason }: Waived,
  said: { readonly at: string; readonly by: number },
): LedgerState['waived'] {
  const isSame = (one: LedgerState['waived'][number]) =>
    one.gate === gate && one.evidence_key === evidence_key && one.role === role && one.by === said.by
  const others = state.waived.filter((one) => !isSame(one))
  const landed = state.waived.find((one) => one.evidence_key === evidence_key)?.landed
  const waiver = { gate, evidence_key, until, role, reason, ...said, ...(landed !== undefined && { landed }) }
  return [...others, waiver].slice(-MOST_WAIVED)
}

/**
 * The state after many lines.
 *
 * @param lines  any order, of this scope
 */
export function foldLines(state: LedgerState, lines: readonly Line[]): LedgerState {
  return [...lines].sort((a, b) => a.seq - b.seq).reduce(foldLine, state)
}
