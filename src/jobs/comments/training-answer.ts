import type { BudgetState } from '../../ledger/budget-state.ts'
import { codeSpan, escapeMarkdown } from '../../report/markdown-text.ts'
import { asSentence } from '../../report/words.ts'
import { judgeBudget } from '../../training/budget.ts'
import type { DispatchRefusal } from '../../training/decide-dispatch.ts'
import { estimateRun } from '../../training/estimate.ts'
import type { ParameterMistake } from '../../training/parameters.ts'
import type { TrainingRequest } from '../../training/training-request.ts'
import { trainingMemory } from '../training/training-memory.ts'
import { trainingWork } from '../training/training-work.ts'
import type { Asking, CommentJob, EffectAnswer } from './comment-job.ts'
import type { TrainingGround } from './training-ground.ts'

/**
 * What is said of a training or search that the ledger has reserved, the same however often the command is done again;
 * its follower is woken, and goes on from there.
 */
export function startedAnswer(
  job: CommentJob,
  { line }: Asking,
  { asked, told, at }: { readonly asked: TrainingRequest; readonly told: string; readonly at: string },
): EffectAnswer {
  const memory = trainingMemory(job, asked.correlation)
  const headSha = job.thread.pull?.headSha ?? asked.sha
  if (memory.asked() === null) memory.setAsked({ line, told, headSha, at })
  job.inbox.enqueue(trainingWork(job.repository, asked.correlation))
  return { is: 'running', text: memory.asked()?.told ?? told }
}

/** What it will probably take, and what is left. */
export function moneyLines(
  budget: BudgetState,
  { limits, model }: TrainingGround,
  run: {
    readonly asked: TrainingRequest
    /** The most that all of it may take, later rungs too. */
    readonly gpuSeconds: number
    readonly account: number
    readonly at: string
  },
): readonly string[] {
  const { asked, gpuSeconds, account, at } = run
  const verdict = judgeBudget(budget, limits, { ...asked, account, gpuSeconds, at, request: asked })
  const estimate = estimateRun(budget, model.model)
  const says = [...(estimate === null ? [] : [estimate.says]), ...(verdict.is === 'allowed' ? verdict.says : [])]
  return says.length === 0 ? [] : [says.map((line) => `- ${escapeMarkdown(asSentence(line))}`).join('\n')]
}

/** All that was wrong with the parameters, each with what to do. */
export function mistakesText(mistakes: readonly ParameterMistake[]): string {
  const lines = mistakes.map(({ name, what, mend }) => `- ${codeSpan(name)}: ${escapeMarkdown(`${what}. ${mend}`)}`)
  return ['Not done:', lines.join('\n')].join('\n\n')
}

/** Why the ledger reserved nothing. */
export function refusalText({ webUrl, repository }: CommentJob, refused: DispatchRefusal): string {
  if (refused.is === 'over-budget')
    return [
      'Not done, the budget does not allow it:',
      refused.says.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    ].join('\n\n')
  const { earlier } = refused
  const again = 'To train it all the same, add `again=yes`.'
  if (earlier.is === 'running')
    return `Not done: ${codeSpan(earlier.run.correlation)} is training exactly this, asked for in #${earlier.run.issue}. ${again}`
  const version = earlier.version === null ? '' : ` and became version ${codeSpan(earlier.version)}`
  const run = `[run ${earlier.run}](${webUrl}/${repository.owner}/${repository.name}/actions/runs/${earlier.run})`
  return `Not done: ${codeSpan(earlier.correlation)} trained exactly this in ${run}${version}. ${again}`
}
