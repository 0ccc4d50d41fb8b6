import { z } from 'zod'
import { type AnswerSection, answerMarker, answerText } from '../../commands/answer-text.ts'
import { momentOf, type RepositoryJob } from '../github/job-context.ts'

/** Where an answer stands: the comment that it answers, under its issue or pull request. */
export interface AnswerPlace {
  readonly issue: number
  readonly comment: number
}

const sectionSchema = z.strictObject({
  line: z.int(),
  command: z.string(),
  is: z.enum(['done', 'refused', 'running']),
  text: z.string(),
})
const keptSchema = z.strictObject({
  id: z.int().nullable(),
  sections: z.array(sectionSchema),
  written: z.string().nullable(),
})
type Kept = z.infer<typeof keptSchema>

const NOTHING: Kept = { id: null, sections: [], written: null }

interface KeepOptions {
  readonly isFirst?: boolean
  readonly isPassing?: boolean
  readonly known?: number | null
}

/**
 * Makes our one answer to a comment say this of these commands, and leaves what it says of its others. What stands there
 * already is not written again.
 *
 * What was said is remembered in the inbox; when that was lost, the sections of other commands go at the next rewriting,
 * and the comment stays the same one.
 *
 * @param isFirst  said by whoever started the work, not by the work: it never takes back what the work has said since
 * @param isPassing  only said, not remembered: whoever starts the command again does it again
 * @param known    id of our answer where one was seen, for when the inbox has forgotten it
 */
export async function keepAnswer(
  job: RepositoryJob,
  place: AnswerPlace,
  sections: readonly AnswerSection[],
  { isFirst = false, isPassing = false, known = null }: KeepOptions = {},
): Promise<void> {
  const { inbox } = job
  const mark = markOf(job, place.comment)
  await job.exclusive(mark, async () => {
    const kept = keptIn(inbox.mark(mark))
    const news = sections.map((section) => (isFirst ? newestOf(section, kept) : asWritten(section, kept)))
    const lines = new Set(news.map(({ line }) => line))
    const all = [...kept.sections.filter(({ line }) => !lines.has(line)), ...news]
    const body = answerText(place.comment, all)
    if (kept.written === body) return
    const id = await writeAnswer(job, place, { id: kept.id ?? known, body, isFirst })
    inbox.setMark(mark, JSON.stringify({ id, sections: isPassing ? kept.sections : all, written: body } satisfies Kept))
  })
}

/** What came of a line, remembered before the answer is written: a command whose end is known is not done again. */
export async function rememberSection(job: RepositoryJob, comment: number, section: AnswerSection): Promise<void> {
  const mark = markOf(job, comment)
  await job.exclusive(mark, async () => {
    const kept = keptIn(job.inbox.mark(mark))
    const sections = [...kept.sections.filter(({ line }) => line !== section.line), section]
    job.inbox.setMark(mark, JSON.stringify({ ...kept, sections } satisfies Kept))
  })
}

/** What is remembered of a line, as the work that it started has told it since; undefined before the command was done. */
export function rememberedSection(job: RepositoryJob, comment: number, line: number): AnswerSection | undefined {
  return keptIn(job.inbox.mark(markOf(job, comment))).sections.find((one) => one.line === line)
}

function markOf({ repository }: RepositoryJob, comment: number): string {
  return `answer:${repository.id}:${comment}`
}

/**
 * Writes a known answer over, or makes one. When an earlier try may have made it already, GitHub's lists get the time to
 * show it, and it is looked for among all comments.
 *
 * @returns its id; null where only its marker tells
 */
async function writeAnswer(
  job: RepositoryJob,
  { issue, comment }: AnswerPlace,
  { id, body, isFirst }: { readonly id: number | null; readonly body: string; readonly isFirst: boolean },
): Promise<number | null> {
  const { repository, inbox, host, clock, lagMs } = job
  const marker = answerMarker(comment)
  const key = `${repository.id}/made:answer:${comment}`
  const before = id === null ? inbox.intention(key) : null
  if (before === null) {
    if (id === null) inbox.intend(key, '', momentOf(job))
    // the work goes on after the memory was lost: what was said before is still there
    return (await host.conversation(repository).answer({ issue, id, marker, body, mayBeThere: !isFirst })).id
  }
  const waitMs = Date.parse(before.at) + lagMs - clock.now()
  if (waitMs > 0) await clock.sleep(Math.min(waitMs, lagMs))
  await host.comment(repository, issue, marker, body)
  return null
}

/** The work knows what its command asks for, not how it was written. */
function asWritten(section: AnswerSection, { sections }: Kept): AnswerSection {
  const told = sections.find(({ line }) => line === section.line)
  return told === undefined ? section : { ...section, command: told.command }
}

/** The work that a command started may have told more about it already. */
function newestOf(section: AnswerSection, { sections }: Kept): AnswerSection {
  const told = section.is === 'running' ? sections.find(({ line }) => line === section.line) : undefined
  return told === undefined ? section : { ...told, command: section.command }
}

function keptIn(mark: string | null): Kept {
  const read = keptSchema.safeParse(mark === null ? null : JSON.parse(mark))
  return read.success ? read.data : NOTHING
}
