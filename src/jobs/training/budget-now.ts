import type { BudgetState } from '../../ledger/budget-state.ts'
import type { RepositoryNow } from '../../ports/pull-now.ts'
import type { RepositoryJob } from '../github/job-context.ts'

export interface BudgetNow {
  readonly now: RepositoryNow
  /** null: there is none that can be believed. */
  readonly budget: BudgetState | null
}

/** What governs the repository now, and the budget at the tip of its ledger; of a broken one that of the mirror. */
export async function budgetNow(job: RepositoryJob, known?: RepositoryNow): Promise<BudgetNow> {
  const now = known ?? (await job.host.now(job.repository))
  if (now.ledgerTip === null) return { now, budget: null }
  const reading = await job.openLedger(job.host, job.repository).readBudget(now.ledgerTip)
  return { now, budget: reading.is === 'sound' ? reading.budget : reading.is === 'broken' ? reading.mirror : null }
}
