import { type AnswerSection, answerMarker, isFinishedAnswer } from '../../commands/answer-text.ts'
import { readComment } from '../../commands/read-comment.ts'
import type { ReadLine } from '../../commands/read-line.ts'
import type { CommentNow, Conversation } from '../../ports/conversation.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import { governedBranches, rememberedBranches } from '../github/governed-branches.ts'
import { DONE, type JobOutcome, type RepositoryJob } from '../github/job-context.ts'
import { readingTogether } from '../github/reading-together.ts'
import { openRegistry } from '../registry-reader.ts'
import { answerLine } from './answer-line.ts'
import { askingOnce } from './asking-once.ts'
import type { CommentJob } from './comment-job.ts'
import { keepAnswer, rememberedSection, rememberSection } from './keep-answer.ts'
import { modelsLater } from './models-later.ts'
import { type CommentSubject, refuseComment } from './refuse-comment.ts'
import { expectedTeams } from './who-asks.ts'

/** Answers of ours that are folded away when a newer one stands below them; the rest waits for the next one. */
const MOST_FOLDED = 2

/**
 * Answers a comment: seen at once, then every command in order, then one comment of ours.
 *
 * A command is done only if the comment stands as it was signed, is unedited at the moment of execution, and is its
 * author's. What follows from it is named after (comment, line), so that answering it again changes nothing.
 */
export async function answerComment(job: RepositoryJob, subject: CommentSubject): Promise<JobOutcome> {
  const lines = readComment(subject.body)
  if (lines.length === 0) return DONE
  const together = oneConversation(readingTogether(job))
  const conversation = together.host.conversation(job.repository)
  const [now] = await Promise.all([
    conversation.commentNow({ nodeId: subject.comment.nodeId, issue: subject.issue }),
    subject.edited ? undefined : courtesy(job, conversation.react(subject.comment.id, 'eyes')),
  ])
  const sections = await sectionsFor(together, { now, subject, lines })
  if (sections.length === 0) return DONE
  const { id } = subject.comment
  const known = now.answers.find(({ body }) => body.startsWith(answerMarker(id)))?.id ?? null
  await keepAnswer(together, { issue: subject.issue, comment: id }, sections, { isFirst: true, known })
  await courtesy(job, foldOlder(conversation, now, subject))
  return DONE
}

/** A thread may be locked, or a comment hidden by somebody: no command waits for that. */
async function courtesy({ log, repository }: RepositoryJob, act: Promise<void>): Promise<void> {
  try {
    await act
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error
    log.warn({ repository: repository.id, status: error.status }, 'a courtesy was refused')
  }
}

interface ReadNow {
  readonly now: CommentNow
  readonly subject: CommentSubject
  readonly lines: readonly ReadLine[]
}

/** What came of each line. What an earlier try has done was done, whatever became of the comment since. */
async function sectionsFor(job: RepositoryJob, { now, subject, lines }: ReadNow): Promise<readonly AnswerSection[]> {
  const { comment } = now
  const { id } = subject.comment
  const isHis = comment !== null && comment.author !== null && comment.author.id === subject.by.id
  if (!isHis) return lines.flatMap(({ line }) => rememberedSection(job, id, line) ?? [])
  const of = await commentJob(job, { ...now, comment }, lines)
  const refused = refuseComment(of, subject, lines)
  return refused?.map((one) => rememberedSection(job, id, one.line) ?? one) ?? answersTo(of, lines)
}

/** In order: a later command may rest on what an earlier one did. What was done by an earlier try is not done again. */
async function answersTo(job: CommentJob, lines: readonly ReadLine[]): Promise<readonly AnswerSection[]> {
  const { id } = job.now.comment
  const sections: AnswerSection[] = []
  for (const line of lines) {
    const before = rememberedSection(job, id, line.line)
    const section = before ?? (await answerLine(job, line))
    if (before === undefined) await rememberSection(job, id, section)
    sections.push(section)
  }
  return sections
}

/** The same job, which remembers what it was shown as ours. */
function oneConversation(job: RepositoryJob): RepositoryJob {
  const conversation = job.host.conversation(job.repository)
  return { ...job, host: { ...job.host, conversation: () => conversation } }
}

async function commentJob(job: RepositoryJob, now: CommentJob['now'], lines: readonly ReadLine[]): Promise<CommentJob> {
  const { inbox, repository, host } = job
  const governed = governedBranches(now.configuration, now.defaultBranch, rememberedBranches(inbox, repository))
  const tip = await host.open(repository).snapshot(now.tip)
  const elsewhere = governed.configuration?.registry
  const registry = openRegistry(tip, elsewhere === undefined ? tip : modelsLater(job, elsewhere))
  const { pull } = now.thread
  const commands = lines.flatMap((line) => ('command' in line ? [line.command] : []))
  const teams = expectedTeams(governed.configuration?.roles, commands)
  return {
    ...job,
    now,
    thread: now.thread,
    isGoverned: pull === null ? null : governed.is(pull.baseRef),
    by: now.comment.author!,
    configuration: governed.configuration,
    registry,
    people: askingOnce((question) => host.roles(repository, question), teams),
  }
}

/** Only what our own account wrote is ours, and nothing that still goes on is folded away. */
async function foldOlder(
  conversation: Conversation,
  { answers }: CommentNow,
  { comment }: CommentSubject,
): Promise<void> {
  const own = answerMarker(comment.id)
  const older = answers.filter(({ body }) => isFinishedAnswer(body) && !body.startsWith(own))
  for (const { nodeId } of older.slice(-MOST_FOLDED)) await conversation.minimise(nodeId)
}
