import type { LoggedCommit, ServingLog } from '../adapters/checkout/serving-log.ts'
import type { Snapshot } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import { type Served, servedVersion } from '../serving/served-version.ts'
import { readDocuments } from './environment-reader.ts'
import type { RegistryReader } from './registry-reader.ts'

/** How the version that an environment serves changed. `unclear`: its manifests said nothing that could be told. */
export type ChangeHow = 'first' | 'promotion' | 'rollback' | 'removed' | 'unclear'

/** One change of what an environment serves, and how long it lasted. */
export interface ServingChange extends LoggedCommit {
  readonly from: string | null
  readonly to: string | null
  readonly how: ChangeHow
  /** When the next change came; null while it stands. */
  readonly until: string | null
}

export interface EnvironmentHistory {
  readonly environment: string
  readonly serves: string | null
  /** Newest first. */
  readonly changes: readonly ServingChange[]
  /** Older commits were not looked at. */
  readonly is_cut_short: boolean
}

export interface HistoryInput {
  readonly log: ServingLog
  readonly snapshotAt: (sha: string) => Promise<Snapshot>
  readonly registryAt: (snapshot: Snapshot) => RegistryReader
  readonly environments: readonly Environment[]
  readonly store: Configuration['store']
  readonly model: string
  readonly progress: (text: string) => void
}

/** Commits that are looked at for an environment. */
const MOST_COMMITS = 300

/** What each environment served of a model and when, as the manifests of first-parent history say. */
export async function readHistory(input: HistoryInput): Promise<readonly EnvironmentHistory[]> {
  const histories: EnvironmentHistory[] = []
  for (const environment of input.environments) histories.push(await historyOf(input, environment))
  return histories
}

async function historyOf(input: HistoryInput, environment: Environment): Promise<EnvironmentHistory> {
  const { log, model } = input
  const paths = new Set(await log.pathsNaming(environment.manifests.replace(/\/$/, ''), model))
  const commits = await log.commitsOn([...paths])
  const looked = commits.slice(0, MOST_COMMITS)
  const states: State[] = []
  for (const [index, commit] of looked.entries()) {
    input.progress(`${environment.name}: ${index + 1} of ${looked.length} commits`)
    states.push({ commit, served: await servedAt(input, environment, commit.sha, paths) })
  }
  const isCutShort = commits.length > looked.length
  const changes = changesIn(states.reverse(), isCutShort)
  const last = states.at(-1)?.served
  return {
    environment: environment.name,
    serves: last?.status === 'served' ? last.version : null,
    changes: changes.reverse(),
    is_cut_short: isCutShort,
  }
}

interface State {
  readonly commit: LoggedCommit
  readonly served: Served
}

async function servedAt(
  { snapshotAt, registryAt, store, model }: HistoryInput,
  environment: Environment,
  sha: string,
  paths: ReadonlySet<string>,
): Promise<Served> {
  const snapshot = await snapshotAt(sha)
  const documents = await readDocuments(snapshot, registryAt(snapshot), environment, store, paths)
  const own = documents.filter((document) => document.model === model)
  return own.length === 0 ? { status: 'none' } : servedVersion(own, model)
}

/**
 * States in order as changes: commits that changed nothing of what is served are left out.
 *
 * @param states      oldest first
 * @param isCutShort  the first state is none that began with its commit
 */
function changesIn(states: readonly State[], isCutShort: boolean): ServingChange[] {
  const changes: ServingChange[] = []
  const before = new Set<string>()
  for (const { commit, served } of states) {
    const last = changes.at(-1)
    const to = served.status === 'served' ? served.version : null
    const how = howChanged(served, last, before, isCutShort)
    if (to !== null) before.add(to)
    if (how === null) continue
    if (last !== undefined) changes[changes.length - 1] = { ...last, until: commit.at }
    changes.push({ ...commit, from: last?.to ?? null, to, how, until: null })
  }
  return changes
}

function howChanged(
  served: Served,
  last: ServingChange | undefined,
  before: ReadonlySet<string>,
  isCutShort: boolean,
): ChangeHow | null {
  if (served.status === 'unreadable') return last?.how === 'unclear' ? null : 'unclear'
  if (served.status === 'none') return last === undefined || last.how === 'removed' ? null : 'removed'
  if (last === undefined) return isCutShort ? 'promotion' : 'first'
  if (last.to === served.version) return null
  return before.has(served.version) ? 'rollback' : 'promotion'
}
