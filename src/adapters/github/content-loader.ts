import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { contentAnswer, keepAnswer, READ_CONTENTS } from './content-answer.ts'
import type { ContentMemory } from './content-memory.ts'
import { contentQuery } from './content-query.ts'
import { GraphqlFailure, isTooMuch } from './failures.ts'
import { ofRepository, type Side } from './side.ts'
import { inQueries, keyOf, mergeWishes, smaller, type Wish } from './wish.ts'

/** Fills the memory. Everything that is wished for in one turn of the event loop goes out together. */
export interface ContentLoader {
  load(wishes: readonly Wish[]): Promise<void>
  /** What did not fit into one query. */
  readonly notes: readonly string[]
}

/**
 * @param companions  what is likely to be asked for next, given what is asked for now; it costs no further query
 */
export function openLoader(
  side: Side,
  repository: HostedRepository,
  memory: ContentMemory,
  companions: (wishes: readonly Wish[]) => readonly Wish[],
): ContentLoader {
  const running = new Map<string, Promise<void>>()
  const notes: string[] = []
  let waiting: Wish[] = []
  let next: Promise<void> | null = null

  const ask = async (wishes: readonly Wish[]): Promise<void> => {
    const { document, variables } = contentQuery(wishes)
    const call = { operation: READ_CONTENTS, document, answer: contentAnswer }
    try {
      const read = await side.calls.query({ ...call, variables: { ...variables, ...ofRepository(repository) } })
      keepAnswer(memory, wishes, read.repository)
    } catch (error) {
      const pieces = wasTooMuch(error) ? smaller(wishes) : null
      if (pieces === null) throw error
      notes.push(`${pieces.length} more queries: GitHub would not answer ${wishes.length} at once`)
      for (const piece of pieces) await ask(piece)
    }
  }
  const flush = async (): Promise<void> => {
    const wished = mergeWishes([...waiting, ...companions(waiting)])
    waiting = []
    next = null
    const wishes = wished.filter((wish) => !running.has(keyOf(wish)))
    const queries = inQueries(wishes)
    if (queries.length > 1) notes.push(`${queries.length - 1} more queries: ${wishes.length} files`)
    const others = wished.flatMap((wish) => running.get(keyOf(wish)) ?? [])
    const work = (async () => {
      for (const query of queries) await ask(query)
    })()
    for (const wish of wishes) running.set(keyOf(wish), work)
    try {
      await Promise.all([work, ...others])
    } finally {
      for (const wish of wishes) running.delete(keyOf(wish))
    }
  }
  return {
    notes,
    load: (wishes) => {
      if (wishes.length === 0) return Promise.resolve()
      waiting.push(...wishes)
      next ??= new Promise<void>((resolve) => {
        setImmediate(resolve)
      }).then(flush)
      return next
    },
  }
}

function wasTooMuch(error: unknown): boolean {
  if (error instanceof GraphqlFailure) return isTooMuch(error.errors)
  return error instanceof HostFailure && (error.status === 502 || error.status === 504)
}
