import { z } from 'zod'
import type { LedgerState, ModelScope, NewFact } from '../../ledger/fact.ts'
import type { RepositoryJob } from './job-context.ts'
import { repositoryWork } from './repository-work.ts'

const schema = z.array(z.strictObject({ environment: z.string(), model: z.string(), at: z.string() }))

/** A model that serves under a waiver, and when that ends, ISO 8601 in UTC. */
export type WatchedWaiver = z.infer<typeof schema>[number]

/** What serves under waivers in this repository; null: not known, the ledger must be asked. */
export function watchedWaivers({ inbox, repository }: RepositoryJob): readonly WatchedWaiver[] | null {
  const mark = inbox.mark(markOf(repository.id))
  const read = schema.safeParse(mark === null ? null : JSON.parse(mark))
  return read.success ? read.data : null
}

/**
 * Remembers what is known of some models in place of what was, and is woken when the first of all ends.
 *
 * @param of.instead  with a moment only what was watched until then: a landing may have brought another meanwhile
 */
export function watchWaivers(
  job: RepositoryJob,
  of: {
    readonly instead: readonly (ModelScope & { readonly at?: string })[]
    readonly watched: readonly WatchedWaiver[]
  },
): void {
  const { inbox, repository } = job
  const before = watchedWaivers(job)
  const others = (before ?? []).filter(
    (one) => !of.instead.some((past) => isSame(one, past) && (past.at ?? one.at) === one.at),
  )
  const all = [...others, ...of.watched]
  // Before the ledger was looked at as a whole nothing is remembered: the next sweep looks.
  if (before !== null) remember(job, all)
  const [first] = all.map(({ at }) => at).sort()
  if (first !== undefined) inbox.wakeAt(`${repository.id}/waivers`, first, repositoryWork(repository))
}

/**
 * Watches the waivers that a landing was decided with.
 *
 * @param states  of the ledger before it landed
 */
export function watchLanded(job: RepositoryJob, facts: readonly NewFact[], states: readonly LedgerState[]): void {
  const decided = facts.flatMap(({ fact, scope }) =>
    fact.kind === 'decided' && scope !== 'budget' ? [{ fact, scope }] : [],
  )
  const watched = decided.flatMap(({ fact, scope }) => {
    const waived = states.filter((state) => isSame(state, scope)).flatMap((state) => state.waived)
    return firstEnd(
      scope,
      waived.filter((one) => one.evidence_key === fact.evidence_key),
    )
  })
  watchWaivers(job, { instead: decided.map(({ scope }) => scope), watched })
}

/** When the first of a model's waivers ends; none when there are none. */
export function firstEnd(
  { environment, model }: ModelScope,
  waived: readonly Pick<LedgerState['waived'][number], 'until'>[],
): readonly WatchedWaiver[] {
  const ends = waived.map(({ until }) => Date.parse(until)).filter((at) => !Number.isNaN(at))
  return ends.length === 0 ? [] : [{ environment, model, at: new Date(Math.min(...ends)).toISOString() }]
}

/** From now on what is remembered is all that there is. */
export function startWatching(job: RepositoryJob): void {
  remember(job, [])
}

function remember({ inbox, repository }: RepositoryJob, watched: readonly WatchedWaiver[]): void {
  const mark = JSON.stringify(watched)
  if (inbox.mark(markOf(repository.id)) !== mark) inbox.setMark(markOf(repository.id), mark)
}

function isSame(a: ModelScope, b: ModelScope): boolean {
  return a.environment === b.environment && a.model === b.model
}

function markOf(repositoryId: number): string {
  return `waivers:${repositoryId}`
}
