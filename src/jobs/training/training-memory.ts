import { z } from 'zod'
import { trainingRunMark } from '../../ports/training-run-mark.ts'
import type { DispatchName } from '../../training/correlation.ts'
import type { RepositoryJob } from '../github/job-context.ts'

const stopSchema = z.strictObject({
  /** `enough`: a search that has found what it looked for. */
  why: z.enum(['cancelled', 'too-long', 'never-started', 'enough']),
  says: z.string(),
  at: z.string(),
})
/** Why a run is to end before its time. */
export type StopWish = z.infer<typeof stopSchema>

const askedSchema = z.strictObject({ line: z.int(), told: z.string(), headSha: z.string(), at: z.string() })
/** What was said when a training was asked for, and on which commit it shows its check. */
export type AskedThen = z.infer<typeof askedSchema>

/**
 * What the inbox remembers of a training beside the ledger. All of it saves calls or words: the ledger and the runs
 * themselves are enough to go on, but for a wish that somebody cancels, which is then asked for again.
 */
export interface TrainingMemory {
  asked(): AskedThen | null
  setAsked(asked: AskedThen): void
  stop(): StopWish | null
  /** The first wish counts. */
  setStop(wish: StopWish): void
  /** Which run a dispatch became. */
  runOf(dispatch: DispatchName): number | null
  setRun(dispatch: DispatchName, run: number): void
  /** Whether the outcomes of a rung were read from its artifacts, and kept. */
  isRead(dispatch: DispatchName): boolean
  setRead(dispatch: DispatchName): void
  /** What trials of a rung that runs have answered so far; undefined when nothing is known. */
  outcomes(dispatch: DispatchName): unknown
  setOutcomes(dispatch: DispatchName, outcomes: readonly unknown[]): void
  /** Text that stands in the check and the answer, and since when. */
  shown(): { readonly text: string; readonly at: string } | null
  setShown(text: string, at: string): void
  /** Everything that follows from its end was done. */
  isOver(): boolean
  setOver(): void
}

const shownSchema = z.strictObject({ text: z.string(), at: z.string() })

export function trainingMemory(
  { inbox, repository }: Pick<RepositoryJob, 'inbox' | 'repository'>,
  correlation: string,
): TrainingMemory {
  const name = (what: string) => `training-${what}:${repository.id}:${correlation}`
  const read = <T>(what: string, schema: z.ZodType<T>): T | null => {
    const mark = inbox.mark(name(what))
    const parsed = schema.safeParse(mark === null || mark === '' ? null : JSON.parse(mark))
    return parsed.success ? parsed.data : null
  }
  const write = (what: string, value: unknown) => inbox.setMark(name(what), JSON.stringify(value))
  return {
    asked: () => read('asked', askedSchema),
    setAsked: (asked) => write('asked', asked),
    stop: () => read('stop', stopSchema),
    setStop: (wish) => {
      if (read('stop', stopSchema) === null) write('stop', wish)
    },
    runOf: ({ attempt }) => read(`run.${attempt}`, z.int().nullable()),
    setRun: ({ attempt }, run) => {
      write(`run.${attempt}`, run)
      inbox.setMark(trainingRunMark(repository.id, run), correlation)
    },
    isRead: ({ attempt }) => read(`read.${attempt}`, z.literal(true)) === true,
    setRead: ({ attempt }) => write(`read.${attempt}`, true),
    outcomes: ({ attempt }) => read(`outcomes.${attempt}`, z.unknown()) ?? undefined,
    setOutcomes: ({ attempt }, outcomes) => write(`outcomes.${attempt}`, outcomes),
    shown: () => read('shown', shownSchema),
    setShown: (text, at) => write('shown', { text, at }),
    isOver: () => read('over', z.literal(true)) === true,
    setOver: () => write('over', true),
  }
}
