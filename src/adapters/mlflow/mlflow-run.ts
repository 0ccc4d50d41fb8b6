import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Unavailable } from '../../ports.ts'
import { foreignYaml } from '../input/foreign-yaml.ts'

/** A run as MLflow keeps it in files: `params/`, `metrics/`, `tags/`, `meta.yaml`. */
export interface MlflowRun {
  readonly id: string
  readonly parameters: Readonly<Record<string, string>>
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, number>>
  readonly tags: Readonly<Record<string, string>>
}

const MAX_FILES = 5000
/** `meta.yaml` has the number of FINISHED, or the word. */
const FINISHED = ['3', 'FINISHED']

/** @throws {Unavailable} when a folder holds no run, or one that has not finished */
export async function readMlflowRun(folder: string): Promise<MlflowRun> {
  const meta = await foreignYaml(join(folder, 'meta.yaml'))
  if (typeof meta !== 'object' || meta === null)
    throw new Unavailable('missing', 'holds no meta.yaml of an MLflow run', 'Name mlruns/<experiment>/<run id>.')
  const { run_id, status } = meta as { run_id?: unknown; status?: unknown }
  if (status !== undefined && !FINISHED.includes(String(status)))
    throw new Unavailable('missing', `the run has not finished (status ${status})`, 'Register when it has ended well.')
  const [parameters, metrics, tags] = await Promise.all(
    ['params', 'metrics', 'tags'].map((kind) => entries(folder, kind)),
  )
  return {
    id: typeof run_id === 'string' ? run_id : '',
    parameters: Object.fromEntries(parameters ?? []),
    metrics: Object.fromEntries((metrics ?? []).map(([name, text]) => [name, lastValue(text)] as const)),
    tags: Object.fromEntries(tags ?? []),
  }
}

/** Each file below a folder, `val/auc` by its path. */
async function entries(folder: string, kind: string): Promise<readonly (readonly [name: string, text: string])[]> {
  const below = join(folder, kind)
  const found = await readdir(below, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = found.filter((entry) => entry.isFile()).slice(0, MAX_FILES)
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(below.length + 1), (await readFile(path, 'utf8')).trimEnd()] as const
    }),
  )
}

/** Lines of `timestamp value step`; the newest stands last. */
function lastValue(text: string): number {
  return Number(text.split('\n').at(-1)?.split(' ')[1] ?? Number.NaN)
}
