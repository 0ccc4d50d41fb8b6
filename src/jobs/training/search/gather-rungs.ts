import { z } from 'zod'
import { turns } from '../../../adapters/turns.ts'
import type { BudgetRun } from '../../../ledger/budget-state.ts'
import { causeOf } from '../../../ledger/cause.ts'
import type { RunArtifact } from '../../../ports/workflow-run.ts'
import { requestOf } from '../../../training/build-request.ts'
import { TRIAL_ARTIFACT } from '../../../training/proposal.ts'
import type { TrialOutcome } from '../../../training/search/rank-trials.ts'
import { trialOutcome } from '../../../training/search/trial-outcome.ts'
import { parametersSchema, type TuneRequest } from '../../../training/training-request.ts'
import { readProposal } from '../read-proposal.ts'
import type { TrainingJob } from '../training-job.ts'
import { withStores } from '../with-stores.ts'

/** One rung of a search that has ended: its dispatch, and what its trials answered. */
export interface EndedRung {
  readonly dispatched: BudgetRun
  readonly rung: number
  readonly outcomes: readonly TrialOutcome[]
}

const outcomeSchema = z.strictObject({
  trial: z.int(),
  rung: z.int(),
  parameters: parametersSchema,
  status: z.enum(['done', 'failed', 'pending']),
  value: z.number().nullable(),
  validation: z.string().nullable(),
  epochs: z.number().nullable(),
  checkpoint: z.string().nullable(),
})
const keptSchema = z.strictObject({ rung: z.int(), outcomes: z.array(outcomeSchema) })
type Kept = z.infer<typeof keptSchema>

/** Artifacts that are read at once. */
const AT_ONCE = 8

/**
 * The rungs of a search that have ended, in order: from the ledger and the runs' own artifacts alone, so that any
 * process goes on with it. What was read once is kept, sealed: artifacts expire, and the ledger forgets old requests.
 */
export async function gatherRungs(job: TrainingJob): Promise<readonly EndedRung[]> {
  const attempts = job.budget.runs.filter((run) => run.correlation === job.correlation && run.ended !== null)
  const rungs = new Map<number, EndedRung>()
  for (const dispatched of attempts) {
    if (dispatched.ended?.conclusion === 'preempted') continue
    const kept = await rungOf(job, dispatched)
    if (kept !== null) rungs.set(kept.rung, { dispatched, ...kept })
  }
  return [...rungs.values()].sort((a, b) => a.rung - b.rung)
}

async function rungOf(job: TrainingJob, dispatched: BudgetRun): Promise<Kept | null> {
  const key = causeOf('search-outcomes', [job.repository.id, dispatched.correlation, dispatched.attempt])
  const request = requestOf(dispatched)
  if (request?.command !== 'tune' || job.memory.isRead(dispatched)) {
    const found = await withStores(job, ({ evidence }) => evidence.get(key))
    const read = keptSchema.safeParse(found.status === 'sealed' ? found.document : null)
    if (read.success) return read.data
  }
  if (request?.command !== 'tune') return null
  const kept = { rung: request.rung, outcomes: await outcomesOf(job, dispatched, request) }
  await withStores(job, ({ evidence }) => evidence.put(key, kept))
  job.memory.setRead(dispatched)
  return kept
}

/**
 * What the trials of a rung that still runs have answered so far; those without an artifact are pending. Each artifact is
 * read once.
 */
export async function outcomesSoFar(
  job: TrainingJob,
  run: number,
  request: TuneRequest,
): Promise<readonly TrialOutcome[]> {
  const known = z.array(outcomeSchema).safeParse(job.memory.outcomes(job.dispatched))
  const done = new Map((known.success ? known.data : []).map((one) => [one.trial, one]))
  const artifacts = await job.workflows.artifacts(run)
  const names = new Set(artifacts.map(({ name }) => name))
  const fresh = request.trials.filter(({ trial }) => !done.has(trial) && names.has(`${TRIAL_ARTIFACT}${trial}`))
  for (const [trial, outcome] of await proposedBy(job, { artifacts, request, trials: fresh })) done.set(trial, outcome)
  job.memory.setOutcomes(job.dispatched, [...done.values()])
  return request.trials.map((trial) => done.get(trial.trial) ?? { ...trialOutcome(request, trial, { is: 'pending' }) })
}

async function outcomesOf(job: TrainingJob, { ended }: BudgetRun, request: TuneRequest): Promise<Kept['outcomes']> {
  const { trials } = request
  const artifacts = ended?.run == null ? [] : await job.workflows.artifacts(ended.run)
  const proposed = await proposedBy(job, { artifacts, request, trials })
  return trials.map((trial) => proposed.get(trial.trial) ?? { ...trialOutcome(request, trial, { is: 'failed' }) })
}

/** What trials propose, by their numbers; one whose artifact cannot be read is not among them. */
async function proposedBy(
  job: TrainingJob,
  of: {
    readonly artifacts: readonly RunArtifact[]
    readonly request: TuneRequest
    readonly trials: TuneRequest['trials']
  },
): Promise<ReadonlyMap<number, Kept['outcomes'][number]>> {
  const inTurn = turns(AT_ONCE)
  const outcomes = of.trials.map((trial) =>
    inTurn(async () => {
      const found = await readProposal(job, of.artifacts, `${TRIAL_ARTIFACT}${trial.trial}`)
      if (found.is !== 'read') return []
      const outcome = trialOutcome(of.request, trial, { is: 'proposed', proposal: found.proposal })
      return [[trial.trial, { ...outcome }] as const]
    }),
  )
  return new Map((await Promise.all(outcomes)).flat())
}
