import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type LedgerOptions, openLedger } from '../../../src/adapters/ledger/ledger.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import { causeOf } from '../../../src/ledger/cause.ts'
import type { Fact, NewFact } from '../../../src/ledger/fact.ts'
import type { Line } from '../../../src/ledger/line.ts'
import { type SigningKey, signingKeyOf } from '../../../src/ledger/signature.ts'
import type { Dispatched, Ended } from '../../../src/ledger/training-fact.ts'
import { verifyFiles } from '../../../src/ledger/verify-files.ts'
import type { HostedRepository } from '../../../src/ports/pull-now.ts'
import type { ObjectStore } from '../../../src/ports.ts'
import { type BranchDouble, branchDouble } from './branch-double.ts'

export const REPOSITORY: HostedRepository = { id: 42, owner: 'acme', name: 'models', installation: 9 }
export const CHURN = { environment: 'production', model: 'churn' } as const
export const OUR_KEY = newKey()

export function newKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
}

export interface LedgerWorld {
  readonly branch: BranchDouble
  readonly store: ObjectStore
  readonly prefix: string
  /** An instance of the app, with a memory of its own. */
  open(over?: Partial<LedgerOptions>): ReturnType<typeof openLedger>
  /** The branch, verified wholly, and equal to its mirror. */
  lines(): Promise<readonly Line[]>
}

/** A branch in memory and a real file store, or the store given. */
export function openLedgerWorld(
  at: { readonly store: ObjectStore; readonly prefix: string } = fileStore(),
): LedgerWorld {
  const branch = branchDouble()
  return {
    branch,
    ...at,
    open: (over = {}) =>
      openLedger({
        host: branch.host,
        repository: REPOSITORY,
        ...at,
        signingKey: OUR_KEY,
        publicKeys: [OUR_KEY.public],
        seen: memory(),
        clock: { sleep: async (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms / 50, 5))) },
        ...over,
      }),
    lines: async () => {
      const verified = verifyFiles(branch.files(), [OUR_KEY.public])
      if (verified.flaw !== null) throw new Error(`line ${verified.flaw.seq} ${verified.flaw.because}`)
      return verified.lines
    },
  }
}

export function memory(): { get(): string | null; set(value: string): void } {
  let mark: string | null = null
  return {
    get: () => mark,
    set: (value) => {
      mark = value
    },
  }
}

export function fileStore(): { readonly store: ObjectStore; readonly prefix: string } {
  const root = mkdtempSync(join(tmpdir(), 'weighbridge-ledger-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return { store: openStore({ root, prefixes: ['file:evidence'] }), prefix: 'file:evidence' }
}

/** A store for stories of many lines. */
export function inMemory(): { readonly store: ObjectStore; readonly prefix: string } {
  const objects = new Map<string, Uint8Array>()
  const store: Pick<ObjectStore, 'get' | 'putNew'> = {
    get: async (uri) => objects.get(uri),
    putNew: async (uri, bytes) => {
      if (objects.has(uri)) return 'exists'
      objects.set(uri, bytes)
      return 'written'
    },
  }
  return { store: store as ObjectStore, prefix: 's3://acme/evidence' }
}

/** A fact of production/churn; the same number is the same cause. */
export function fact(number: number, over: Partial<NewFact> = {}): NewFact {
  return {
    scope: CHURN,
    fact: deployed(`1.${number}.0`),
    cause: causeOf('landing', [number]),
    actorId: 7,
    at: '2026-11-21T10:00:00Z',
    ...over,
  }
}

export function deployed(version: string, over: Partial<Extract<Fact, { kind: 'deployed' }>> = {}): Fact {
  return {
    kind: 'deployed',
    version,
    digest: `sha256:${version}`,
    from: null,
    commit: `commit of ${version}`,
    pull: 3,
    weighed: true,
    ...over,
  } as Fact
}

/** A dispatch of production's model; `wb-` and the number, first attempt, one hour reserved. */
export function dispatched(number: number, over: Partial<Dispatched> = {}): Dispatched {
  return {
    kind: 'dispatched',
    correlation: correlationOf(number),
    attempt: 1,
    model: 'churn',
    team: 'data-science',
    command: 'train',
    request: { format: 1, command: 'train', parameters: { epochs: 20 } },
    search: null,
    workflow: 'train.yml',
    sha: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    issue: 12,
    comment: 7001,
    gpu_seconds: 3600,
    runner: ['self-hosted', 'gpu'],
    identity: `sha256:${number.toString(16).padStart(64, '0')}`,
    ...over,
  }
}

export function ended(number: number, over: Partial<Ended> = {}): Ended {
  return {
    kind: 'ended',
    correlation: correlationOf(number),
    attempt: 1,
    run: 900 + number,
    conclusion: 'success',
    gpu_seconds: 1840,
    because: 'it ended well',
    ...over,
  }
}

export const correlationOf = (number: number) => `wb-${number.toString(16).padStart(20, '0')}`

/** A fact of the budget; the cause is that of its words. */
export function ofBudget(one: Fact, over: Partial<NewFact> = {}): NewFact {
  return { ...fact(0), scope: 'budget', fact: one, cause: causeOf('budget', [JSON.stringify(one)]), ...over }
}

export const quarantine = (version: string): Fact => ({
  kind: 'quarantined',
  digest: `sha256:${version}`,
  version,
  until: null,
  reason: 'error rate doubled',
})

export function versionsOf(lines: readonly Line[]): readonly string[] {
  return lines.map(({ fact }) => String((fact as { version?: unknown }).version)).sort()
}
