import { type Registration, registrationKey, trainingDigest } from '../../gates/registration.ts'
import type { BudgetState } from '../../ledger/budget-state.ts'
import type { RunNow } from '../../ports/workflow-run.ts'
import { TooLarge, Unavailable } from '../../ports.ts'
import type { TableReference } from '../../registry/model.ts'
import type { VersionRecord } from '../../registry/record.ts'
import { checkProposal, type ProposalMistake } from '../../training/check-proposal.ts'
import { dispatchCause } from '../../training/correlation.ts'
import type { NextVersion } from '../../training/next-version.ts'
import type { Proposal } from '../../training/proposal.ts'
import { artifactFacts } from '../artifact.ts'
import { momentOf } from '../github/job-context.ts'
import { type Job, openJob } from '../job.ts'
import type { RegistryNow } from './registry-now.ts'
import { sharedRows } from './search/shared-rows.ts'
import type { TrainingJob } from './training-job.ts'
import { withStores } from './with-stores.ts'

export type Refusal = ProposalMistake

export interface RegisteredCandidate {
  readonly is: 'registered'
  readonly record: VersionRecord
  readonly next: NextVersion
  readonly proposal: Proposal
}

export interface CandidateAsk {
  readonly proposal: unknown
  readonly run: RunNow
  readonly trial: number | null
  readonly registry: RegistryNow
}

/**
 * Checks a proposal against what was asked for and the bytes that lie in the store, and gives it its number.
 *
 * The number is taken in the ledger, where of two trainings that end at once one is first; from then on it stays.
 */
export async function registerCandidate(
  job: TrainingJob,
  ask: CandidateAsk,
): Promise<RegisteredCandidate | { readonly is: 'refused'; readonly mistakes: readonly Refusal[] }> {
  const first = judged(job, ask, job.budget)
  if (first.is === 'refused') return first
  const wrong = await wrongBytes(job, first, ask.trial === null ? null : examOf(ask.registry))
  if (wrong.length > 0) return { is: 'refused', mistakes: wrong }
  const budget = await takeNumber(job, ask)
  const last = judged(job, ask, budget)
  if (last.is === 'refused') return last
  await keepRegistration(job, last.record)
  return { ...last, is: 'registered' }
}

/** The same proposal as checked on another budget: only its number can differ. */
function judged(job: TrainingJob, { proposal, run, trial, registry }: CandidateAsk, budget: BudgetState) {
  const { dispatched, request } = job
  const { model, configuration, records, versions, parent } = registry
  const own = ownOf(job, budget)?.registered ?? null
  const verdict = checkProposal(proposal, {
    request,
    run: { id: run.id, workflow: dispatched.workflow },
    trial,
    model,
    store: configuration.store,
    exam: examOf(registry)?.data.digest ?? null,
    versions: { parent, taken: [...versions, ...numbersIn(job, budget)] },
    recorded: new Map([
      ...registeredIn(job, budget),
      ...records.filter(({ version }) => version !== own?.version).map(digestAndVersion),
    ]),
  })
  if (verdict.is === 'refused' || own === null) return verdict
  return {
    ...verdict,
    record: { ...verdict.record, version: own.version },
    next: { ...verdict.next, version: own.version },
  }
}

const digestAndVersion = ({ artifact, version }: VersionRecord) => [artifact.digest, version] as const

interface Exam {
  readonly data: TableReference
  /** Column that tells its rows apart; null where model.yml names none. */
  readonly id: string | null
}

/** The set that the incumbent and its candidates are judged on. */
function examOf({ model, parent }: RegistryNow): Exam | null {
  const data = model.evaluation?.data ?? parent?.evaluation.data
  return data === undefined ? null : { data, id: model.columns?.id ?? null }
}

/** Bytes and numbers of other trainings of the model, whether or not their pull requests are open. */
function registeredIn({ correlation, dispatched }: TrainingJob, { runs }: BudgetState) {
  const others = runs.filter((run) => run.model === dispatched.model && run.correlation !== correlation)
  return others.flatMap(({ registered }) =>
    registered === null ? [] : [[registered.digest, registered.version] as const],
  )
}

function numbersIn(job: TrainingJob, budget: BudgetState): readonly string[] {
  return registeredIn(job, budget).map(([, version]) => version)
}

function ownOf({ correlation }: TrainingJob, { runs }: BudgetState) {
  return runs.find((run) => run.correlation === correlation && run.registered !== null) ?? null
}

async function takeNumber(job: TrainingJob, ask: CandidateAsk): Promise<BudgetState> {
  const { correlation, dispatched } = job
  const ledger = job.openLedger(job.host, job.repository)
  const { budget } = await ledger.appendBudget((newest) => {
    const verdict = judged(job, ask, newest)
    if (verdict.is === 'refused' || ownOf(job, newest) !== null) return []
    const { model, version, artifact } = verdict.record
    const fact = {
      kind: 'registered',
      ...{ correlation, model, version, digest: artifact.digest, commit: job.request.sha },
      ...{ run: ask.run.id, attempt: dispatched.attempt, workflow: dispatched.workflow, pull: null },
    } as const
    return [{ scope: 'budget', fact, cause: dispatchCause(dispatched), actorId: 0, at: momentOf(job) }]
  })
  return budget
}

/** What the record names must be there, with these bytes: who weighs it later finds the same ones. */
function wrongBytes(
  job: TrainingJob,
  { record, proposal }: { readonly record: VersionRecord; readonly proposal: Proposal },
  exam: Exam | null,
): Promise<readonly Refusal[]> {
  return withStores(job, async (ports) => {
    const at = openJob(ports)
    const { evaluation } = record
    const tables = (['data', 'reference', 'predictions', 'units'] as const).map((name) => {
      const table = evaluation[name]
      const { maxTableBytes } = at.limits
      return wrongIn(`record.evaluation.${name}`, async () => {
        if (table !== undefined) await at.files.verified(table.uri, table.digest, maxTableBytes)
        return []
      })
    })
    const artifact = wrongIn('record.artifact', async () => (await artifactFacts(artifactAsk(at, record), at)).problems)
    const ranked = wrongIn('validation.data', async () =>
      exam === null ? [] : sharedRows(at, proposal.validation?.data ?? null, exam),
    )
    return (await Promise.all([artifact, ...tables, ranked])).flat()
  })
}

function artifactAsk({ limits }: Job, { model, version, artifact, files, signature }: VersionRecord) {
  const subject = { model, version, artifact, ...(files && { files }), ...(signature && { signature }) }
  return { kind: 'artifact', subject, max_bytes: limits.maxArtifactBytes } as const
}

/** What is not there, or too large to be looked at, is refused; a store that does not answer now is asked again later. */
async function wrongIn(
  where: string,
  look: () => Promise<readonly { readonly what: string; readonly mend: string }[]>,
): Promise<readonly Refusal[]> {
  try {
    return (await look()).map(({ what, mend }) => ({ where: `${where}:`, what, mend }))
  } catch (error) {
    const isForNow = error instanceof Unavailable && error.status === 'unreachable' && !(error instanceof TooLarge)
    if (!(error instanceof Unavailable) || isForNow) throw error
    return [{ where: `${where}:`, what: error.message, mend: error.mend }]
  }
}

/** Weighing reads this: the app has looked the run up itself. */
async function keepRegistration(job: TrainingJob, record: VersionRecord): Promise<void> {
  const { dispatched, correlation, request } = job
  const { model, version, artifact } = record
  const registration: Registration = {
    schema: 'weighbridge.registration/v1',
    ...{ model, version, digest: artifact.digest, correlation, commit: request.sha },
    ...{ workflow: dispatched.workflow, run: dispatched.ended?.run ?? 0, attempt: 1 },
    requested_by: dispatched.account,
    gpu_seconds: dispatched.ended?.gpu_seconds ?? 0,
    training: trainingDigest(record),
  }
  await withStores(job, ({ evidence }) => evidence.put(registrationKey(artifact.digest), registration))
}
