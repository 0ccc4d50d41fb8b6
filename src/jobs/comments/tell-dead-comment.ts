import { readComment } from '../../commands/read-comment.ts'
import type { RepositoryJob } from '../github/job-context.ts'
import { sectionOf } from './answer-line.ts'
import { keepAnswer, rememberedSection } from './keep-answer.ts'
import type { CommentSubject } from './refuse-comment.ts'

const GAVE_UP =
  'This could not be finished: it was tried several times, and may be done in part. Whoever operates the app finds the reason in its log. `/status` says what stands.'

/** A comment that was given up: its answer says so, below every command that has no answer yet. */
export async function tellDeadComment(job: RepositoryJob, subject: CommentSubject): Promise<void> {
  const { id } = subject.comment
  const sections = readComment(subject.body).map(
    (line) => rememberedSection(job, id, line.line) ?? sectionOf(line, { is: 'refused', text: GAVE_UP }),
  )
  if (sections.length === 0) return
  await keepAnswer(job, { issue: subject.issue, comment: id }, sections, { isFirst: true })
}
