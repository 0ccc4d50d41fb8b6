import { type BudgetRun, type BudgetState, isOpen } from '../../ledger/budget-state.ts'
import type { RepositoryNow } from '../../ports/pull-now.ts'
import { dispatchInTitle } from '../../training/correlation.ts'
import { runOf } from '../../training/decide-dispatch.ts'
import type { RepositoryJob } from '../github/job-context.ts'
import { budgetNow } from './budget-now.ts'
import { trainingMemory } from './training-memory.ts'
import { trainingWork } from './training-work.ts'

/** What ended so long ago was followed up, or never will be. */
const RECENT_MS = 86_400_000

/**
 * Goes on with everything that the ledger says is open, or ended without what follows from it, so that a lost inbox
 * heals from the ledger alone; and ends runs of ours that the ledger knows nothing of.
 */
export async function sweepTrainings(job: RepositoryJob, now: RepositoryNow): Promise<void> {
  const { budget } = await budgetNow(job, now)
  if (budget === null) return
  const open = newestOf(budget.runs).filter((run) => goesOn(job, run))
  for (const { correlation } of open) job.inbox.enqueue(trainingWork(job.repository, correlation))
  await endOrphans(job, budget)
}

/** The newest dispatch of each correlation. */
function newestOf(runs: readonly BudgetRun[]): readonly BudgetRun[] {
  return [...new Map(runs.map((run) => [run.correlation, run])).values()]
}

function goesOn(job: RepositoryJob, run: BudgetRun): boolean {
  if (run.ended === null) return true
  const isRecent = job.clock.now() - Date.parse(run.ended.at) < RECENT_MS
  return isRecent && !trainingMemory(job, run.correlation).isOver()
}

/** A run with our title, started by us, that answers to no open line: a doubled dispatch that came late, mostly. */
async function endOrphans(job: RepositoryJob, budget: BudgetState): Promise<void> {
  const recent = budget.runs.filter(({ at }) => job.clock.now() - Date.parse(at) < RECENT_MS)
  const bots = recent.length === 0 ? [] : await job.bots()
  const workflows = job.host.workflows(job.repository)
  for (const workflow of new Set(recent.map((run) => run.workflow))) {
    const since = `${new Date(job.clock.now() - RECENT_MS).toISOString().slice(0, 19)}Z`
    for (const run of await workflows.dispatched({ workflow, since })) {
      const name = dispatchInTitle(run.title)
      const isOurs = name !== null && run.actor !== null && bots.includes(run.actor.id)
      if (!isOurs || run.status === 'completed' || isFollowed(budget, name)) continue
      job.log.warn({ repository: job.repository.id, run: run.id }, 'a run that nobody asked for is ended')
      await workflows.cancel(run.id)
    }
  }
}

function isFollowed(budget: BudgetState, name: NonNullable<ReturnType<typeof dispatchInTitle>>): boolean {
  const run = runOf(budget, name)
  return run !== null && isOpen(run)
}
