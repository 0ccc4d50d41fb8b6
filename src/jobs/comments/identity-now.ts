import type { BudgetRun } from '../../ledger/budget-state.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import { canonicalJson } from '../../registry/canonical-json.ts'
import { classifyPath } from '../../registry/registry-path.ts'
import { requestOf } from '../../training/build-request.ts'
import { identityOf } from '../../training/identity.ts'
import type { TrainRequest } from '../../training/training-request.ts'
import type { CommentJob } from './comment-job.ts'

/**
 * Identity of a training that is asked for now: that of an earlier one of the same parameters and seed, where nothing
 * that trains has changed since. A candidate that was merged, or a promotion, moves the branch and makes no new code.
 */
export async function identityNow(job: CommentJob, asked: TrainRequest): Promise<string> {
  const { model, sha, parameters, seed } = asked
  const reading = await job.openLedger(job.host, job.repository).readBudget(job.now.ledgerTip)
  const runs = reading.is === 'sound' ? reading.budget.runs : []
  const earlier = runs.findLast((run) => isAlike(run, asked))
  if (earlier?.identity != null && (await isSameCode(job, { model, from: earlier.sha, to: sha })))
    return earlier.identity
  return identityOf({ model, sha, data: [], parameters, seed })
}

/** Done or being done, by the same words. */
function isAlike(run: BudgetRun, { model, parameters, seed, correlation }: TrainRequest): boolean {
  const isWorthIt = run.ended === null || run.ended.conclusion === 'success'
  if (run.model !== model || run.correlation === correlation || !isWorthIt) return false
  const request = requestOf(run)
  if (request?.command !== 'train') return false
  return canonicalJson([request.parameters, request.seed]) === canonicalJson([parameters, seed])
}

/** Whether only files of ours differ that no training reads; what cannot be told counts as other code. */
async function isSameCode(
  { host, repository, configuration }: CommentJob,
  { model, from, to }: { readonly model: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  if (from === to) return true
  const git = host.open(repository)
  try {
    if ((await git.mergeBase(from, to)) !== from) return false
  } catch (error) {
    if (error instanceof HostFailure) return false
    throw error
  }
  const paths = [...git.shownLines(from, to).keys()]
  return paths.length > 0 && paths.every((path) => isNoCode(classifyPath(path, configuration), model))
}

function isNoCode(is: ReturnType<typeof classifyPath>, model: string): boolean {
  if (is.kind === 'model') return is.model !== model
  return ['policy', 'model-policy', 'version', 'manifest'].includes(is.kind)
}
