import type { AnswerSection } from '../../commands/answer-text.ts'
import type { ReadLine } from '../../commands/read-line.ts'
import type { Subject } from '../../ports/inbox.ts'
import { codeSpan } from '../../report/markdown-text.ts'
import { sectionOf } from './answer-line.ts'
import type { CommentJob } from './comment-job.ts'

export type CommentSubject = Extract<Subject, { readonly kind: 'comment' }>

/** Below everything that was ever done by the comment: what an edit brings stands beside that, never in its place. */
const AFTER_ALL_LINES = 1_000_000

const EDITED = 'Nothing was done: the comment was edited. Write the command in a new comment.'
const START =
  'Nothing was done: this repository has no `.github/weighbridge.yml` on its default branch. `npx weighbridge init` writes one, with a first policy; commit it, and open a pull request that changes what an environment serves. This is said once.'
const MISTAKES =
  'Nothing was done: `.github/weighbridge.yml` has mistakes. `npx weighbridge validate` lists them, each with its line.'

/**
 * Why none of the commands of a comment is done, whatever they are.
 *
 * @returns what the answer says instead; none where it was said before; null where nothing is in the way
 */
export function refuseComment(
  job: CommentJob,
  subject: CommentSubject,
  lines: readonly ReadLine[],
): readonly AnswerSection[] | null {
  const { now, isGoverned, thread, configuration } = job
  const all = (text: string) => lines.map((line) => sectionOf(line, { is: 'refused', text }))
  if (subject.edited)
    return all(EDITED)
      .slice(0, 1)
      .map((one) => ({ ...one, line: AFTER_ALL_LINES }))
  if (now.comment.lastEditedAt !== null || !isSame(now.comment.body, subject.body)) return all(EDITED)
  if (now.configuration === null) return isTold(job) ? [] : all(START)
  if (configuration === null) return all(MISTAKES)
  if (isGoverned !== false) return null
  return all(
    `Nothing was done: this pull request goes into ${codeSpan(thread.pull?.baseRef ?? '')}, no governed branch.`,
  )
}

/** GitHub keeps line ends and the last blank lines as it likes. */
function isSame(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  return plain(a) === plain(b)
}

/** Whether another comment was told how to start: slashes are other bots' words too. */
function isTold({ inbox, repository, now }: CommentJob): boolean {
  const mark = `told-start:${repository.id}`
  const before = inbox.mark(mark)
  if (before === null) inbox.setMark(mark, String(now.comment.id))
  return before !== null && before !== String(now.comment.id)
}
