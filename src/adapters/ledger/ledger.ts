import { scopeName } from '../../ledger/cause.ts'
import { everyModelOf, withEnvironment } from '../../ledger/every-model.ts'
import { emptyState, type LedgerState, type ModelScope } from '../../ledger/fact.ts'
import { foldLines } from '../../ledger/fold.ts'
import { foldBudget } from '../../ledger/fold-budget.ts'
import type { SigningKey, VerifyingKey } from '../../ledger/signature.ts'
import type { GitHost } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { BudgetReading, Ledger, LedgerReading } from '../../ports/ledger.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { type ObjectStore, Unavailable } from '../../ports.ts'
import { type AppendPorts, appendFacts } from './append.ts'
import { appendDecided } from './append-budget.ts'
import { BROKEN_MEND, LedgerBroken } from './ledger-broken.ts'
import { openMirror } from './mirror.ts'
import { type MirrorStates, openMirrorStates } from './mirror-states.ts'
import { LEDGER_BRANCH, type LedgerView, type SeenTip, viewLedger } from './view.ts'

export interface LedgerOptions {
  readonly host: Pick<GitHost, 'open' | 'tip' | 'commit'>
  readonly repository: HostedRepository
  /** `store.evidence`, where only the app writes; a prefix belongs to one repository. */
  readonly store: Pick<ObjectStore, 'get' | 'putNew'>
  readonly prefix: string
  /** The newest key; its public part must be among `publicKeys`. */
  readonly signingKey: SigningKey
  /** The operator's: they decide what is believed. */
  readonly publicKeys: readonly VerifyingKey[]
  readonly seen: SeenTip
  readonly clock?: { sleep(ms: number): Promise<void> }
  readonly random?: () => number
  /** Prefixes whose store has been seen to write nothing over; shared by a process, each is tried once. */
  readonly tried?: Set<string>
}

/**
 * The ledger of one repository: the branch `weighbridge/ledger`, and its mirror in `store.evidence`.
 *
 * @throws {RangeError} when the operator's list lacks the key that signs: nobody would believe what it writes
 */
export function openLedger(options: LedgerOptions): Ledger {
  const { host, repository, publicKeys: keys, signingKey } = options
  if (!keys.some(({ key_id }) => key_id === signingKey.key_id))
    throw new RangeError(`the ledger's signing key ${signingKey.key_id} is not among the public keys of the operator`)
  const mirror = openMirror(options.store, options.prefix)
  const { prefix, tried = new Set() } = options
  const probe = async () => {
    if (tried.has(prefix)) return
    await mirror.refuseForgetful()
    tried.add(prefix)
  }
  const ports: AppendPorts = {
    host,
    repository,
    mirror: { ...mirror, refuseForgetful: probe },
    keys,
    seen: options.seen,
    signingKey,
    sleep: options.clock?.sleep.bind(options.clock) ?? sleep,
    random: options.random ?? Math.random,
  }
  const mirrored = openMirrorStates(mirror, { ledger: repository.id, keys })
  return {
    read: (scope, tip) => readState(ports, mirrored, scope, tip),
    readAll: (tip) => readStates(ports, tip),
    append: async (facts, seenTip) => {
      if (facts.length === 0) return { tip: (await host.tip(repository, LEDGER_BRANCH)) ?? '', appended: 0 }
      return orMend(appendFacts(ports, facts, seenTip))
    },
    readBudget: (tip) => readBudget(ports, mirrored, tip),
    appendBudget: (decide, seenTip) => orMend(appendDecided(ports, decide, seenTip)),
  }
}

/** A broken ledger, in the words of a store that cannot be had. */
async function orMend<Answer>(appending: Promise<Answer>): Promise<Answer> {
  try {
    return await appending
  } catch (error) {
    if (error instanceof LedgerBroken)
      throw new Unavailable('unreachable', error.message, BROKEN_MEND, { cause: error })
    throw error
  }
}

async function readState(
  ports: AppendPorts,
  mirrored: MirrorStates,
  scope: ModelScope,
  tip: string | null,
): Promise<LedgerReading> {
  const reading = async (): Promise<LedgerReading> => {
    const everyModel = everyModelOf(scope.environment)
    const view = await viewLedger(ports, tip, [scope, everyModel])
    const [own, whole] = await Promise.all([stateIn(view, scope), stateIn(view, everyModel)])
    return { is: 'sound', state: withEnvironment(own, whole), tip: view.tip }
  }
  return orWhy(reading(), () => mirrored.model(scope))
}

async function readStates(ports: AppendPorts, tip: string | null): Promise<readonly LedgerState[] | null> {
  const reading = async () => {
    const view = await viewLedger(ports, tip, [])
    const waiting = view.pending.flatMap(({ scope }) => (scope === 'budget' ? [] : [scope]))
    const scopes = new Map([...(await view.branch.allScopes()), ...waiting].map((one) => [scopeName(one), one]))
    return { is: 'sound' as const, states: await Promise.all([...scopes.values()].map((one) => stateIn(view, one))) }
  }
  const read = await orWhy(reading(), async () => null)
  return read.is === 'sound' ? read.states : null
}

async function stateIn({ branch, pending }: LedgerView, { environment, model }: ModelScope): Promise<LedgerState> {
  const file = await branch.state({ environment, model })
  const mine = pending.filter(
    ({ scope }) => scope !== 'budget' && scope.environment === environment && scope.model === model,
  )
  return foldLines(file?.state ?? emptyState(environment, model), mine)
}

async function readBudget(ports: AppendPorts, mirrored: MirrorStates, tip: string | null): Promise<BudgetReading> {
  const reading = async (): Promise<BudgetReading> => {
    const view = await viewLedger(ports, tip, ['budget'])
    return { is: 'sound', budget: foldBudget(await view.branch.budget(), view.pending), tip: view.tip }
  }
  return orWhy(reading(), () => mirrored.budget())
}

type Unread<State> =
  | { readonly is: 'broken'; readonly because: string; readonly mirror: State | null }
  | { readonly is: 'unreadable'; readonly because: string }

/** What was read, or why it cannot be believed, with what the mirror alone says. */
async function orWhy<Reading, State>(
  reading: Promise<Reading>,
  mirror: () => Promise<State | null>,
): Promise<Reading | Unread<State>> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof LedgerBroken) return { is: 'broken', because: error.message, mirror: await orNull(mirror()) }
    if (error instanceof HostFailure) return { is: 'unreadable', because: error.message }
    // where the mirror lies is the operator's matter, and this is read by everybody who reads the check
    if (error instanceof Unavailable)
      return { is: 'unreadable', because: 'its mirror, which the operator of this app keeps, cannot be reached' }
    throw error
  }
}

/** A mirror that cannot be reached now helps no more than one that is broken. */
async function orNull<State>(state: Promise<State | null>): Promise<State | null> {
  try {
    return await state
  } catch (error) {
    if (error instanceof HostFailure || error instanceof Unavailable) return null
    throw error
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
