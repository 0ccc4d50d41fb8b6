import type { DatabaseSync } from 'node:sqlite'

const MOST_AT_ONCE = 256

interface Waiting<In, Out> {
  readonly input: In
  readonly resolve: (output: Out) => void
  readonly reject: (reason: unknown) => void
}

export interface GroupCommit<In, Out> {
  add(input: In): Promise<Out>
  /** Commits now what is waiting. */
  flush(): void
}

/**
 * Everything that arrives in one turn of the event loop shares one transaction and so one wait for the disk. Where the
 * common transaction fails, each has its own, so that one bad row takes nobody along.
 */
export function groupCommit<In, Out>(database: DatabaseSync, apply: (input: In) => Out): GroupCommit<In, Out> {
  let waiting: Waiting<In, Out>[] = []
  const flush = () => {
    while (waiting.length > 0) {
      const some = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      commitTogether(database, apply, some)
    }
  }
  return {
    add: (input) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ input, resolve, reject }) === 1) setImmediate(flush)
      }),
    flush,
  }
}

function commitTogether<In, Out>(
  database: DatabaseSync,
  apply: (input: In) => Out,
  some: readonly Waiting<In, Out>[],
): void {
  try {
    const outputs = inTransaction(database, () => some.map((one) => apply(one.input)))
    for (const [index, one] of some.entries()) one.resolve(outputs[index] as Out)
  } catch (error) {
    if (some.length > 1) for (const one of some) commitTogether(database, apply, [one])
    else some[0]?.reject(error)
  }
}

/** All of `act` or nothing of it. */
export function inTransaction<T>(database: DatabaseSync, act: () => T): T {
  database.exec('begin immediate')
  try {
    const result = act()
    database.exec('commit')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}
