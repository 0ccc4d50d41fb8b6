import { emptyState, type FactScope, type LedgerState } from '../../ledger/fact.ts'
import { foldLines } from '../../ledger/fold.ts'
import type { SigningKey, VerifyingKey } from '../../ledger/signature.ts'
import type { GitHost } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Ledger, LedgerReading } from '../../ports/ledger.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { type ObjectStore, Unavailable } from '../../ports.ts'
import { type AppendPorts, appendFacts } from './append.ts'
import { BROKEN_MEND, LedgerBroken } from './ledger-broken.ts'
import { openMirror } from './mirror.ts'
import { type MirrorStates, openMirrorStates } from './mirror-states.ts'
import { LEDGER_BRANCH, type SeenTip, viewLedger } from './view.ts'

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
    append: async (facts) => {
      if (facts.length === 0) return { tip: (await host.tip(repository, LEDGER_BRANCH)) ?? '', appended: 0 }
      try {
        return await appendFacts(ports, facts)
      } catch (error) {
        if (error instanceof LedgerBroken)
          throw new Unavailable('unreachable', error.message, BROKEN_MEND, { cause: error })
        throw error
      }
    },
  }
}

async function readState(
  ports: AppendPorts,
  mirrored: MirrorStates,
  scope: Exclude<FactScope, 'budget'>,
  tip: string | null,
): Promise<LedgerReading> {
  try {
    const view = await viewLedger(ports, tip, [scope])
    const file = await view.branch.state(scope)
    const before = file?.state ?? emptyState(scope.environment, scope.model)
    const mine = view.pending.filter(
      (line) =>
        line.scope !== 'budget' && line.scope.environment === scope.environment && line.scope.model === scope.model,
    )
    return { is: 'sound', state: foldLines(before, mine), tip: view.tip }
  } catch (error) {
    if (error instanceof LedgerBroken)
      return { is: 'broken', because: error.message, mirror: await orNull(mirrored(scope)) }
    if (error instanceof HostFailure) return { is: 'unreadable', because: error.message }
    // where the mirror lies is the operator's matter, and this is read by everybody who reads the check
    if (error instanceof Unavailable)
      return { is: 'unreadable', because: 'its mirror, which the operator of this app keeps, cannot be reached' }
    throw error
  }
}

/** A mirror that cannot be reached now helps no more than one that is broken. */
async function orNull(state: Promise<LedgerState | null>): Promise<LedgerState | null> {
  try {
    return await state
  } catch (error) {
    if (error instanceof HostFailure || error instanceof Unavailable) return null
    throw error
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
