import { join } from 'node:path'
import { openAppHost } from '../../src/adapters/github/app-host.ts'
import { githubLimits } from '../../src/adapters/github/throttle-settings.ts'
import { openLedger } from '../../src/adapters/ledger/ledger.ts'
import { openGrantedStore } from '../../src/adapters/operator/granted-store.ts'
import { ledgerKeys } from '../../src/adapters/operator/ledger-keys.ts'
import type { BudgetState } from '../../src/ledger/budget-state.ts'
import type { Fact, LedgerState } from '../../src/ledger/fact.ts'
import type { RepositoryHandle } from '../../src/world/repository-handle.ts'
import type { World } from '../../src/world/world.ts'
import type { Home } from './story-app.ts'

const BRANCH = 'weighbridge/ledger'

/** A line as it stands on the branch. */
export interface StoryFact {
  readonly seq: number
  readonly kind: string
  readonly scope: { readonly environment: string; readonly model: string }
  readonly [field: string]: unknown
}

/** The ledger of a story: what the app wrote, and facts that come from elsewhere. */
export interface StoryLedger {
  /** Every line of every part, by seq. */
  facts(): Promise<readonly StoryFact[]>
  kinds(): Promise<readonly string[]>
  /** The fold of a scope; null before its first fact. */
  state(environment?: string, model?: string): Promise<LedgerState | null>
  /** The fold of the budget; null before its first fact. */
  budget(): Promise<BudgetState | null>
  /** Writes facts with the app's own keys, as a later version of the app would. */
  records(...facts: readonly Fact[]): Promise<void>
}

export function openStoryLedger(world: World, home: Home, repository: RepositoryHandle): StoryLedger {
  const facts = async (): Promise<readonly StoryFact[]> => {
    if ((await repository.tip(BRANCH)) === null) return []
    const paths = (await repository.paths(BRANCH)).filter((path) => path.startsWith('facts/'))
    const parts = await Promise.all(paths.map((path) => repository.file(path, BRANCH)))
    const lines = parts.flatMap((text) => (text ?? '').split('\n').filter((line) => line !== ''))
    return lines.map((line) => JSON.parse(line) as StoryFact).toSorted((a, b) => a.seq - b.seq)
  }
  let written = 0
  return {
    facts,
    kinds: async () => (await facts()).map(({ kind }) => kind),
    state: async (environment = 'production', model = 'adult') => {
      const text = await repository.file(`state/${environment}/${model}.json`, BRANCH)
      return text === null ? null : JSON.parse(text).state
    },
    budget: async () => {
      const text = await repository.file('budget.json', BRANCH)
      return text === null ? null : JSON.parse(text).state
    },
    records: async (...more) => {
      const now = new Date(world.clock.now()).toISOString()
      await ledgerOf(world, home, repository).append(
        more.map((fact) => ({
          scope: { environment: 'production', model: 'adult' },
          fact,
          cause: (++written).toString(16).padStart(64, '0'),
          actorId: 1,
          at: now,
        })),
      )
    },
  }
}

function ledgerOf(world: World, home: Home, { id, fullName }: RepositoryHandle) {
  const [owner = '', name = ''] = fullName.split('/')
  const { id: appId, privateKey } = world.app
  const installation = world.installation(fullName)
  const clock = { now: () => world.clock.now(), sleep: (ms: number) => world.clock.sleep(ms) }
  const host = openAppHost({
    weigher: { appId, privateKey },
    mover: null,
    fetch: world.fetch,
    clock,
    throttle: { ...githubLimits, spacingMs: 0 },
  })
  const { signing, believed } = ledgerKeys(null, home.path)
  const prefix = `file:.weighbridge/evidence/${id}/`
  const seen: { mark: string | null } = { mark: null }
  return openLedger({
    host: host.weigher(installation),
    repository: { id, owner, name, installation },
    store: openGrantedStore({
      prefixes: [{ prefix, roleArn: null }],
      folder: join(home.path, 'files'),
    }),
    prefix,
    signingKey: signing,
    publicKeys: believed,
    seen: {
      get: () => seen.mark,
      set: (value) => {
        seen.mark = value
      },
    },
    clock,
    random: () => 0.5,
  })
}
