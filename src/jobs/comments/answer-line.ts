import type { AnswerSection } from '../../commands/answer-text.ts'
import type { Command } from '../../commands/command.ts'
import type { ReadLine } from '../../commands/read-line.ts'
import { causeOf } from '../../ledger/cause.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import { TooLarge, Unavailable } from '../../ports.ts'
import { deniedText, problemText } from './answer-words.ts'
import type { CommentJob, EffectAnswer } from './comment-job.ts'
import { doCommand } from './effects.ts'
import { whoAsks } from './who-asks.ts'

/** Does what one line of a comment asks for, and says what came of it. */
export async function answerLine(job: CommentJob, line: ReadLine): Promise<AnswerSection> {
  return sectionOf(line, await answerTo(job, line))
}

/** What stands below a line in the answer. */
export function sectionOf({ line, text }: ReadLine, answer: EffectAnswer): AnswerSection {
  return { line, command: text, is: answer.is, text: answer.text }
}

async function answerTo(job: CommentJob, line: ReadLine): Promise<EffectAnswer> {
  if ('problem' in line) return { is: 'refused', text: problemText(line.problem) }
  const { id, createdAt } = job.now.comment
  const asking = { line: line.line, cause: causeOf('comment', [id, line.line]), at: createdAt }
  try {
    const may = await whoAsks(job, line.command)
    if (may.is === 'denied') return { is: 'refused', text: deniedText(may) }
    return await doCommand(job, line.command, asking)
  } catch (error) {
    return toldFailure(job, line.command, error)
  }
}

/** What another try may mend is thrown, and the comment is answered again; anything else is told, and the others go on. */
function toldFailure({ log, repository }: CommentJob, { name }: Command, error: unknown): EffectAnswer {
  if (!(error instanceof Error) || mayBeMended(error)) throw error
  log.warn({ repository: repository.id, command: name, error: error.name }, 'a command failed')
  return { is: 'refused', text: failedText(error) }
}

function mayBeMended(error: Error): boolean {
  if (error instanceof HostFailure) return error.retryable
  return error instanceof Unavailable && error.status === 'unreachable' && !(error instanceof TooLarge)
}

/** The words of a failure may hold what only the operator is to read. */
function failedText(error: Error): string {
  const mend = 'Whoever operates the app finds the reason in its log.'
  if (error instanceof HostFailure) return `Not done, or not wholly: GitHub refused what this needs. ${mend}`
  if (error instanceof Unavailable) return `Not done: the app has no place for what this needs. ${mend}`
  return `Not done, or not wholly: this failed in the app. ${mend}`
}
