import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCheckout } from '../adapters/checkout/checkout.ts'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { openEvidence } from '../adapters/evidence/evidence-store.ts'
import { localSealKey } from '../adapters/evidence/seal-key.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { openModelRunner } from '../adapters/onnx/model-runner.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import { openStore } from '../adapters/store/store.ts'
import { openTables } from '../adapters/tables/tables.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { weigh } from './weigh.ts'

export interface CheckInput {
  /** Any folder of the checkout. */
  readonly folder: string
  readonly base: string | null
  readonly head: string | null
  readonly now: string
  readonly skip: readonly string[]
  readonly progress: (text: string | null) => void
}

/** Limits of one weighing on one machine. */
const LIMITS = { timeoutMs: 300_000, memoryMb: 4096, maxTableBytes: 2 ** 33, maxArtifactBytes: 2 ** 31 } as const
const EVIDENCE = 'file:.weighbridge/evidence'

/** Weighs a pull request between two refs of a checkout, with a local evidence cache that no app ever reads. */
export async function checkCheckout(input: CheckInput): Promise<CheckDocument> {
  const checkout = await openCheckout(input.folder)
  const base = input.base ?? (await defaultBase(checkout))
  const head = input.head ?? 'HEAD'
  const world = openWorld(checkout.root, checkout.gitFolder, input.progress)
  try {
    const weighed = await weigh({
      repository: checkout,
      base,
      head,
      now: input.now,
      skip: input.skip,
      shipped: shippedPolicies(),
      openPorts: world.openPorts,
    })
    const { pull, verdict } = weighed
    return {
      schema: 'weighbridge.check/v1',
      engine: engineName(),
      base: pull.base,
      head: pull.head,
      merge_base: pull.mergeBase,
      now: input.now,
      sources: (['environments', 'registry', 'policy'] as const).map((of) => ({
        of,
        repository: 'this checkout',
        sha: of === 'environments' ? pull.head : pull.base,
      })),
      not_asked: weighed.notAsked,
      changes: weighed.changes,
      rows: rowsOf(weighed.verdict),
      warnings: [],
      verdict,
      repeat: `npx weighbridge check --base ${pull.base.slice(0, 12)} --head ${pull.head.slice(0, 12)} --now ${input.now}`,
    }
  } finally {
    await world.close()
  }
}

/** The governed branch that a checkout most likely means. */
async function defaultBase(checkout: Awaited<ReturnType<typeof openCheckout>>): Promise<string> {
  for (const ref of ['origin/HEAD', 'main', 'master']) {
    const found = await checkout.resolve(ref).catch(() => null)
    if (found !== null) return ref
  }
  return 'HEAD'
}

function rowsOf(verdict: CheckDocument['verdict']): number | null {
  const metrics = [verdict, ...verdict.children]
    .flatMap((child) => child.children)
    .find((child) => child.gate === 'metrics' && child.support !== null)
  return metrics?.support?.rows ?? null
}

/** Stores, tables, runner and cache of one weighing, opened when they are first needed and closed together. */
export function openWorld(root: string, gitFolder: string, progress: (text: string | null) => void) {
  const folder = openJobFolder()
  let tables: GatherPorts['tables'] | null = null
  let opened: Promise<GatherPorts> | null = null
  const open = async (configuration: Configuration): Promise<GatherPorts> => {
    const { artifacts, read, evidence } = configuration.store
    const kept = evidence?.startsWith('file:') ? evidence : EVIDENCE
    ignoreFolder(join(root, kept.slice('file:'.length)))
    tables = openTables({ folder: folder.path })
    const store = openStore({ root, prefixes: [artifacts, ...(read ?? []), kept] })
    return {
      store,
      tables,
      runner: openModelRunner(),
      evidence: openEvidence({ store, prefix: kept, seal: localSealKey(gitFolder) }),
      folder: folder.path,
      engine: engineName(),
      limits: LIMITS,
      progress,
    }
  }
  return {
    openPorts: (configuration: Configuration): Promise<GatherPorts> => {
      opened ??= open(configuration)
      return opened
    },
    close: async (): Promise<void> => {
      await tables?.close()
      folder.close()
      progress(null)
    },
  }
}

/** A cache is nobody's commit: the folder ignores itself. */
function ignoreFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
