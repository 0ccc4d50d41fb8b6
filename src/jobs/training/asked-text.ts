import type { BudgetRun } from '../../ledger/budget-state.ts'
import { codeSpan, escapeMarkdown } from '../../report/markdown-text.ts'
import { spokenSeconds } from '../../training/spoken-time.ts'
import type { Parameters, TrainingRequest } from '../../training/training-request.ts'

/** What was asked for, whole: from the ledger's line alone. */
export function askedText({ correlation }: Pick<BudgetRun, 'correlation'>, request: TrainingRequest): string {
  const { model, sha, runner, limit_minutes: minutes } = request
  const labels = typeof runner === 'string' ? runner : runner.join(', ')
  const how = request.command === 'train' ? '' : ` with ${request.trials.length} trials`
  const what = `${request.command === 'train' ? 'Trains' : 'Searches'} ${escapeMarkdown(model)}${how}`
  const where = `at ${codeSpan(sha.slice(0, 12))} on ${codeSpan(labels)}`
  const each = request.command === 'train' ? 'for' : 'each for'
  const limit = `${each} ${spokenSeconds(minutes * 60)} at most`
  return [`${what} ${where}, ${limit}. Its id is ${codeSpan(correlation)}.`, ...parameterLine(request)].join('\n\n')
}

function parameterLine(request: TrainingRequest): readonly string[] {
  if (request.command === 'tune') return []
  const words = [...wordsOf(request.parameters), `seed=${request.seed}`]
  return [`Parameters: ${words.map((word) => codeSpan(word, 'line', 200)).join(' ')}`]
}

/** The command that asks for exactly this. */
export function commandText(request: TrainingRequest): string {
  const { command, model } = request
  if (command === 'tune') return `/tune ${model} trials=${request.trials.length} metric=${request.metric}`
  return [`/${command} ${model}`, ...wordsOf(request.parameters), `seed=${request.seed}`].join(' ')
}

function wordsOf(parameters: Parameters): readonly string[] {
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
}
