import type { DatabaseSync } from 'node:sqlite'
import type { Inbox } from '../../ports/inbox.ts'

type Notes = Pick<Inbox, 'intend' | 'intention' | 'forget' | 'mark' | 'setMark'> & {
  /** Intentions older than this are of calls that nobody will repeat. */
  pruneIntentions(before: string): number
}

/** Intentions of creating calls, and small facts that save calls. */
export function notes(database: DatabaseSync): Notes {
  const sql = {
    intend: database.prepare(
      `insert into intention (key, digest, at) values (?, ?, ?)
       on conflict (key) do update set digest = excluded.digest, at = excluded.at`,
    ),
    intention: database.prepare('select digest, at from intention where key = ?'),
    forget: database.prepare('delete from intention where key = ?'),
    prune: database.prepare('delete from intention where at < ?'),
    mark: database.prepare('select value from mark where name = ?'),
    setMark: database.prepare(
      'insert into mark (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    ),
  }
  return {
    intend: (key, digest, at) => void sql.intend.run(key, digest, at),
    intention(key) {
      const row = sql.intention.get(key)
      return row === undefined ? null : { digest: String(row.digest), at: String(row.at) }
    },
    forget: (key) => void sql.forget.run(key),
    pruneIntentions: (before) => Number(sql.prune.run(before).changes),
    mark(name) {
      const value = sql.mark.get(name)?.value
      return value === undefined ? null : String(value)
    },
    setMark: (name, value) => void sql.setMark.run(name, value),
  }
}
