import { lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { openEvidence } from '../adapters/evidence/evidence-store.ts'
import { localSealKey } from '../adapters/evidence/seal-key.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { openModelRunner } from '../adapters/onnx/model-runner.ts'
import { openStore } from '../adapters/store/store.ts'
import { openTables } from '../adapters/tables/tables.ts'
import { Unavailable } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { GatherPorts } from './evidence-ports.ts'

/** Limits of one weighing on one machine. */
export const LIMITS = { timeoutMs: 300_000, memoryMb: 4096, maxTableBytes: 2 ** 33, maxArtifactBytes: 2 ** 31 } as const
const EVIDENCE = 'file:.weighbridge/evidence'

/** Stores, tables, runner and cache of one weighing. */
export interface CheckoutPorts {
  /**
   * Opened at the first call, and once.
   *
   * @param modelsRoot  where `file:` URIs of records start, when models lie in another repository
   */
  openPorts(configuration: Configuration, modelsRoot?: string): Promise<GatherPorts>
  /** Ends what was opened, children first. */
  close(): Promise<void>
}

/** The world of a checkout: its stores, its own evidence cache, and a folder that goes when the job ends. */
export function openCheckoutPorts(
  root: string,
  gitFolder: string,
  progress: (text: string | null) => void,
): CheckoutPorts {
  const folder = openJobFolder()
  const tables = openTables({ folder: folder.path })
  let opened: Promise<GatherPorts> | null = null
  const open = async ({ store }: Configuration, modelsRoot: string): Promise<GatherPorts> => {
    const kept = store.evidence?.startsWith('file:') ? store.evidence : EVIDENCE
    ignoreFolder(root, kept.slice('file:'.length))
    return {
      store: openStore({ root: modelsRoot, prefixes: [store.artifacts, ...(store.read ?? [])] }),
      tables,
      runner: openModelRunner(),
      evidence: openEvidence({
        store: openStore({ root, prefixes: [kept] }),
        prefix: kept,
        seal: localSealKey(gitFolder),
      }),
      folder: folder.path,
      engine: engineName(),
      limits: LIMITS,
      runnerClass: process.env.WEIGHBRIDGE_RUNNER ?? null,
      progress,
    }
  }
  return {
    openPorts: (configuration, modelsRoot = root) => {
      opened ??= open(configuration, modelsRoot)
      return opened
    },
    close: async () => {
      await tables.close()
      folder.close()
      progress(null)
    },
  }
}

/** A cache is nobody's commit: the folder ignores itself. A commit may have put a link there that leads elsewhere. */
function ignoreFolder(root: string, path: string): void {
  const folder = join(root, path)
  refuseLinks(root, path)
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function refuseLinks(root: string, path: string): void {
  let place = realpathSync(root)
  for (const segment of path.split(/[/\\]/)) {
    place = join(place, segment)
    const found = lstatSync(place, { throwIfNoEntry: false })
    if (found === undefined) return
    if (found.isSymbolicLink())
      throw new Unavailable(
        'unreachable',
        `${path} is a link: evidence would be written where it leads`,
        'Remove the link; evidence lies in the checkout itself.',
      )
  }
}
