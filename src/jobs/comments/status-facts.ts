import type { LedgerFacts } from '../../gates/github-facts.ts'
import { EVERY_MODEL } from '../../ledger/every-model.ts'
import { Unavailable } from '../../ports.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { VersionRecord } from '../../registry/record.ts'
import { readLedger } from '../github/github-side.ts'
import { governedBranches } from '../github/governed-branches.ts'
import { rememberedWeighing } from '../github/remembered-weighing.ts'
import { servedBy } from '../list-registry.ts'
import type { Read } from '../registry-reader.ts'
import type { CommentJob } from './comment-job.ts'

/** A model in an environment, as manifests, records and ledger have it. */
export interface ServedModel {
  readonly environment: string
  readonly model: string
  /** null when it serves none yet. */
  readonly version: string | null
  /** `created` of its record; null when that cannot be read. */
  readonly created: string | null
  readonly ledger: LedgerFacts
}

/** An open pull request that promotes something. */
export interface WaitingPull {
  readonly pull: number
  /** null: not known, because nothing of its head was shown yet. */
  readonly promotes: readonly { readonly environment: string; readonly model: string }[] | null
  readonly isWeighed: boolean
  readonly conclusion: string | null
}

/** What concerns a whole environment. */
export interface EnvironmentNow {
  readonly environment: string
  readonly ledger: LedgerFacts
}

export interface StatusFacts {
  readonly environments: readonly EnvironmentNow[]
  readonly served: readonly ServedModel[]
  readonly waiting: readonly WaitingPull[]
  /** Of rows that are not shown. */
  readonly more: number
}

/** Rows of the table; whoever wants one that is not there names its model. */
const MOST_ROWS = 30

/** Reads what each environment serves and what waits. Cost follows the rows that are shown, not the registry. */
export async function statusFacts(
  job: CommentJob,
  configuration: Configuration,
  model: string | null,
): Promise<StatusFacts> {
  const [served, waiting] = await Promise.all([servedBy(job.registry.snapshot, configuration), waitingPulls(job)])
  const isAsked = (name: string) => model === null || name === model
  const places = configuration.environments.flatMap(({ name: environment }) => {
    const promoted = waiting.flatMap(({ promotes }) => promotes ?? []).filter((one) => one.environment === environment)
    const names = [...new Set([...served.keys(), ...promoted.map((one) => one.model)])].filter(isAsked).sort()
    return names.map((name) => ({ environment, model: name, version: served.get(name)?.[environment] ?? null }))
  })
  const some = places.filter(
    ({ version, environment, model: name }) => version !== null || isPromoted(waiting, environment, name),
  )
  const [environments, rows] = await Promise.all([
    Promise.all(
      configuration.environments.map(async ({ name: environment }) => ({
        environment,
        ledger: await readLedger(job, { environment, model: EVERY_MODEL }, job.now.ledgerTip),
      })),
    ),
    Promise.all(some.slice(0, MOST_ROWS).map((place) => servedModel(job, place))),
  ])
  const concerned = waiting.filter(({ promotes }) => promotes === null || promotes.some((one) => isAsked(one.model)))
  return { environments, served: rows, waiting: concerned, more: Math.max(0, some.length - MOST_ROWS) }
}

function isPromoted(waiting: readonly WaitingPull[], environment: string, model: string): boolean {
  return waiting.some(({ promotes }) => promotes?.some((one) => one.environment === environment && one.model === model))
}

async function servedModel(
  job: CommentJob,
  { environment, model, version }: Pick<ServedModel, 'environment' | 'model' | 'version'>,
): Promise<ServedModel> {
  const [record, ledger] = await Promise.all([
    version === null ? null : recordOf(job, model, version),
    readLedger(job, { environment, model }, job.now.ledgerTip),
  ])
  return { environment, model, version, created: record?.ok === true ? record.value.created : null, ledger }
}

/** What is served is told also where its record cannot be reached. */
async function recordOf(job: CommentJob, model: string, version: string): Promise<Read<VersionRecord>> {
  try {
    return await job.registry.record(model, version)
  } catch (error) {
    if (error instanceof Unavailable) return null
    throw error
  }
}

/** Open pull requests that promote something, or of which nothing is known yet. */
async function waitingPulls(job: CommentJob): Promise<readonly WaitingPull[]> {
  const { host, repository, now } = job
  const { others } = governedBranches(now.configuration, now.defaultBranch, [])
  const lists = await Promise.all([now.defaultBranch, ...others].map((ref) => host.openPulls(repository, ref)))
  return lists.flat().flatMap(({ number, headSha, rollUp }): readonly WaitingPull[] => {
    const shown = rememberedWeighing(job, number, headSha)
    if (shown !== null && shown.promotions.length === 0) return []
    const promotes = shown?.promotions.map(({ environment, model }) => ({ environment, model })) ?? null
    return [
      { pull: number, promotes, isWeighed: rollUp?.status === 'completed', conclusion: rollUp?.conclusion ?? null },
    ]
  })
}
