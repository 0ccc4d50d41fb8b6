import { type BudgetRun, isOpen } from '../../ledger/budget-state.ts'
import { codeSpan, escapeMarkdown } from '../../report/markdown-text.ts'
import { momentOf } from '../github/job-context.ts'
import { trainingMemory } from '../training/training-memory.ts'
import { trainingWork } from '../training/training-work.ts'
import { deniedText } from './answer-words.ts'
import type { CommentJob, Effect } from './comment-job.ts'
import { mayAll } from './who-asks.ts'

/**
 * Ends what this thread started last, or one run by its id: for whoever started it, and for who may train its model.
 * The follower ends it; the ledger's reservation becomes what was really used.
 */
export const cancelEffect: Effect<'cancel'> = async (job, command) => {
  const found = await runToCancel(job, command.correlation)
  if (typeof found === 'string') return { is: 'refused', text: `Not done: ${found}` }
  const { correlation, model, account } = found
  const may = await mayAll(job, command, [{ model, environment: null }], { starter: account })
  if (may.is === 'denied') return { is: 'refused', text: deniedText(may) }
  const says = `cancelled by ${job.by.login}`
  trainingMemory(job, correlation).setStop({ why: 'cancelled', says, at: momentOf(job) })
  job.inbox.enqueue(trainingWork(job.repository, correlation))
  return { is: 'done', text: `Ending ${codeSpan(correlation)}, which was asked for in #${found.issue}.` }
}

/** Markdown where there is none. */
async function runToCancel(job: CommentJob, correlation: string | null): Promise<BudgetRun | string> {
  const ledger = job.openLedger(job.host, job.repository)
  const reading = await ledger.readBudget(job.now.ledgerTip)
  const budget = reading.is === 'sound' ? reading.budget : reading.is === 'broken' ? reading.mirror : null
  if (budget === null)
    return `the ledger cannot be read now${reading.is === 'sound' ? '' : `: ${escapeMarkdown(reading.because)}`}.`
  const open = budget.runs.filter(isOpen)
  const run = open.findLast((one) =>
    correlation === null ? one.issue === job.thread.number : one.correlation === correlation,
  )
  if (run !== undefined) return run
  const known = open.slice(-5).map((one) => `${codeSpan(one.correlation)} (${codeSpan(one.model)})`)
  const others = known.length === 0 ? 'Nothing is open here.' : `Open: ${known.join(', ')}.`
  return correlation === null
    ? `this thread started nothing that is still open. ${others}`
    : `${codeSpan(correlation)} is not open. ${others}`
}
