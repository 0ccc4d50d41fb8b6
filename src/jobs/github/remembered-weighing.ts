import { z } from 'zod'
import type { PullFacts } from '../../ports/pull-now.ts'
import { askersOf } from './asked-proposal.ts'
import type { RepositoryJob } from './job-context.ts'
import type { WeighedPull } from './weighed-pull.ts'

const waivableSchema = z.strictObject({
  gate: z.string(),
  by: z.string(),
  max: z.string().nullable(),
  count: z.int().positive(),
})
const promotionSchema = z.strictObject({
  environment: z.string(),
  model: z.string(),
  waivable: z.array(waivableSchema),
})
const schema = z.strictObject({
  head: z.string(),
  evidenceKey: z.string(),
  /** Its base has a merge queue. */
  isQueued: z.boolean(),
  /** Gates that hold and can be waived. */
  waivable: z.array(z.string()),
  /** Account ids of its author and of whoever has a commit in it, asked for it or for a training that it promotes. */
  bound: z.array(z.int()),
  promotions: z.array(promotionSchema),
})

/** What our checks on a head were about, so that a command about them need not weigh once more. */
export type RememberedWeighing = z.infer<typeof schema>
export type RememberedPromotion = RememberedWeighing['promotions'][number]

/** Remembers what was just shown of each pull request. Losing it costs a reading. */
export function rememberWeighings(job: RepositoryJob, weighings: readonly WeighedPull[]): void {
  const { inbox, repository } = job
  for (const { pull, now, evidenceKey, weighed, waivable } of weighings) {
    const promotions = weighed.promotions.map(({ environment, model, waivable }) => ({
      environment,
      model,
      waivable: [...waivable],
    }))
    const shown: RememberedWeighing = {
      head: now.head.sha,
      evidenceKey,
      isQueued: now.baseHasMergeQueue,
      waivable: [...(waivable ?? [])],
      bound: [...boundIds(job, now, weighed)],
      promotions,
    }
    const mark = JSON.stringify(shown)
    if (inbox.mark(markOf(repository.id, pull)) !== mark) inbox.setMark(markOf(repository.id, pull), mark)
  }
}

function boundIds(job: RepositoryJob, now: PullFacts, { judged }: WeighedPull['weighed']): readonly number[] {
  const trainers = judged.flatMap(({ subject }) => subject?.github?.people.trainers ?? [])
  const accounts = [now.author, ...now.commitAccounts, ...askersOf(job, now.head.ref), ...trainers]
  return [...new Set(accounts.flatMap((account) => account?.id ?? []))]
}

/** What was shown of a pull request at this head; null where that is not known. */
export function rememberedWeighing(
  { inbox, repository }: Pick<RepositoryJob, 'inbox' | 'repository'>,
  pull: number,
  head: string,
): RememberedWeighing | null {
  const mark = inbox.mark(markOf(repository.id, pull))
  const read = schema.safeParse(mark === null ? null : JSON.parse(mark))
  return read.success && read.data.head === head ? read.data : null
}

function markOf(repositoryId: number, pull: number): string {
  return `shown:${repositoryId}#${pull}`
}
