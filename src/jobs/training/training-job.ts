import type { BudgetRun, BudgetState } from '../../ledger/budget-state.ts'
import type { RepositoryNow } from '../../ports/pull-now.ts'
import type { Workflows } from '../../ports/workflow-run.ts'
import type { TrainingRequest } from '../../training/training-request.ts'
import { momentOf, type RepositoryJob } from '../github/job-context.ts'
import type { TrainingMemory } from './training-memory.ts'
import { trainingWork } from './training-work.ts'

/** Following one correlation: what the ledger says of it, and where GitHub tells more. */
export interface TrainingJob extends RepositoryJob {
  readonly correlation: string
  readonly now: RepositoryNow
  readonly budget: BudgetState
  /** Its newest dispatch. */
  readonly dispatched: BudgetRun
  /** What it asked for. */
  readonly request: TrainingRequest
  readonly memory: TrainingMemory
  readonly workflows: Workflows
}

/** What people are told of a training. */
export interface Progress {
  readonly is: 'running' | 'done' | 'failed'
  /** One line of plain text; it is escaped where it is shown. */
  readonly headline: string
  /** Lines of Markdown below it. */
  readonly details: readonly string[]
}

type Looking = Pick<TrainingJob, 'inbox' | 'repository' | 'correlation'>

/** Looks again at a moment, whatever happens meanwhile; a later call replaces an earlier one. */
export function lookAgain({ inbox, repository, correlation }: Looking, at: string): void {
  const work = trainingWork(repository, correlation)
  inbox.wakeAt(work.key, at, work)
}

/** Looks again after so many milliseconds. */
export function lookAgainIn(job: Looking & Pick<TrainingJob, 'clock'>, inMs: number): void {
  lookAgain(job, momentOf(job, inMs))
}
