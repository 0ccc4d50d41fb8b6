import { readComment } from '../../commands/read-comment.ts'
import type { Asking, CommentJob } from './comment-job.ts'
import { keepAnswer } from './keep-answer.ts'

/** Says in the one answer that a command is on its way, before work of this job that takes longer than people wait. */
export async function tellRunning(job: CommentJob, { line }: Asking, text: string): Promise<void> {
  const { comment } = job.now
  const command = readComment(comment.body).find((one) => one.line === line)?.text ?? ''
  const place = { issue: job.thread.number, comment: comment.id }
  await keepAnswer(job, place, [{ line, command, is: 'running', text }], { isPassing: true })
}
