import type { BudgetReading } from '../../ports/ledger.ts'
import { Unavailable } from '../../ports.ts'
import { momentOf } from '../github/job-context.ts'
import type { CommentJob, Effect } from './comment-job.ts'
import { statusFacts } from './status-facts.ts'
import { openRuns, statusText } from './status-text.ts'

/** What each environment serves, what waits, and what runs. */
export const statusEffect: Effect<'status'> = async (job, { model }) => {
  const { configuration } = job
  if (configuration === null)
    return { is: 'refused', text: 'Nothing to show: `.github/weighbridge.yml` is not there, or has mistakes.' }
  const [facts, budget] = await Promise.all([statusFacts(job, configuration, model), budgetOf(job)])
  return { is: 'done', text: statusText(facts, openRuns(budget, model), momentOf(job)) }
}

async function budgetOf(job: CommentJob): Promise<BudgetReading> {
  try {
    return await job.openLedger(job.host, job.repository).readBudget(job.now.ledgerTip)
  } catch (error) {
    if (error instanceof Unavailable) return { is: 'unreadable', because: error.message }
    throw error
  }
}
