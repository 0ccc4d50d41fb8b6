import type { DatabaseSync } from 'node:sqlite'
import type { Delivery, DeliveryState } from '../../ports/inbox.ts'

export interface DeliveryTable {
  /** Whether a delivery is new, or died and may be tried again. */
  isWanted(guid: string): boolean
  /** Takes a delivery with the keys that its work lies under; `next` for those that run already. */
  take(delivery: Delivery, keys: readonly { readonly key: string; readonly isNext: boolean }[]): void
  started(key: string): void
  /** The work that these deliveries asked for is waiting again, together with what came since. */
  waits(key: string): void
  /** What was leased is done; what came since, if anything, waits. */
  ended(key: string, at: string): void
  /** Everything under a key ended without being done, or need not be. */
  closed(key: string, as: 'dead' | 'done', at: string): void
  prune(before: string): number
  counts(): Readonly<Record<DeliveryState, number>>
}

/** Deliveries by GUID, and which work each still waits for. Callers bring the transaction. */
export function deliveryTable(database: DatabaseSync): DeliveryTable {
  const sql = {
    state: database.prepare('select state from delivery where guid = ?'),
    take: database.prepare(
      `insert into delivery (guid, event, action, received_at, state, ended_at) values (?, ?, ?, ?, ?, ?)
       on conflict (guid) do update set state = excluded.state, received_at = excluded.received_at, ended_at = null`,
    ),
    link: database.prepare(
      'insert into delivery_work (guid, key, is_next) values (?, ?, ?) on conflict (key, guid) do update set is_next = excluded.is_next',
    ),
    setState: database.prepare(
      `update delivery set state = ? where guid in (select guid from delivery_work where key = ? and is_next = 0)`,
    ),
    turn: database.prepare('update delivery_work set is_next = 0 where key = ?'),
    unlink: database.prepare('delete from delivery_work where key = ? and is_next <= ? returning guid'),
    unlinkWhole: database.prepare('delete from delivery_work where guid = ?'),
    isWaiting: database.prepare('select 1 from delivery_work where guid = ? limit 1'),
    end: database.prepare('update delivery set state = ?, ended_at = ? where guid = ?'),
    prune: database.prepare(`delete from delivery where state in ('done', 'dead') and ended_at < ?`),
    counts: database.prepare('select state, count(*) as many from delivery group by state'),
  }

  const end = (key: string, including: 0 | 1, as: 'dead' | 'done', at: string) => {
    for (const { guid } of sql.unlink.all(key, including)) {
      if (as === 'dead') sql.unlinkWhole.run(String(guid))
      if (as === 'dead' || sql.isWaiting.get(String(guid)) === undefined) sql.end.run(as, at, String(guid))
    }
  }

  return {
    isWanted(guid) {
      const state = sql.state.get(guid)?.state
      return state === undefined || state === 'dead'
    },
    take({ guid, event, action, receivedAt }, keys) {
      const isDone = keys.length === 0
      sql.take.run(guid, event, action, receivedAt, isDone ? 'done' : 'pending', isDone ? receivedAt : null)
      for (const { key, isNext } of keys) sql.link.run(guid, key, isNext ? 1 : 0)
    },
    started: (key) => void sql.setState.run('running', key),
    waits(key) {
      sql.turn.run(key)
      sql.setState.run('pending', key)
    },
    ended(key, at) {
      end(key, 0, 'done', at)
      this.waits(key)
    },
    closed: (key, as, at) => end(key, 1, as, at),
    prune: (before) => Number(sql.prune.run(before).changes),
    counts() {
      const many = new Map(sql.counts.all().map((row) => [String(row.state), Number(row.many)]))
      const of = (state: DeliveryState) => many.get(state) ?? 0
      return { pending: of('pending'), running: of('running'), done: of('done'), dead: of('dead') }
    },
  }
}
