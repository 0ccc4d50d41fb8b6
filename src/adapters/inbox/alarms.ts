import type { DatabaseSync } from 'node:sqlite'
import type { Work } from '../../ports/inbox.ts'
import { installationOf, workOf, workText } from './work-text.ts'

const MERGE_REST_S = 30

export interface Alarms {
  wakeAt(key: string, at: string, work: Work): void
  /** Takes out the wake-ups that are due. */
  due(now: string): readonly Work[]
  nextWake(): string | null
  waitToMerge(work: Work, head: string): void
  isWaiting(head: string): boolean
  wakeMerge(head: string, now: string): readonly Work[]
  waitingMerges(): readonly Work[]
  noLongerWaits(key: string): void
  close(installation: number): number
}

/** What must be done at a moment, or when a commit gets somebody else's check. Callers bring the transaction. */
export function alarms(database: DatabaseSync): Alarms {
  const sql = {
    wakeAt: database.prepare(
      `insert into wake_up (key, at, installation, work) values (?, ?, ?, ?) on conflict (key)
       do update set at = excluded.at, installation = excluded.installation, work = excluded.work`,
    ),
    due: database.prepare('delete from wake_up where at <= ? returning at, work'),
    nextWake: database.prepare('select min(at) as at from wake_up'),
    wait: database.prepare(
      `insert into waiting_merge (key, head, installation, work) values (?, ?, ?, ?) on conflict (key) do update set
       head = excluded.head, installation = excluded.installation, work = excluded.work,
       woken_at = iif(head = excluded.head, woken_at, null)`,
    ),
    waiting: database.prepare('select key, work, woken_at from waiting_merge where head = ? order by key'),
    woken: database.prepare('update waiting_merge set woken_at = ? where key = ?'),
    all: database.prepare('select work from waiting_merge order by key'),
    noLongerWaits: database.prepare('delete from waiting_merge where key = ?'),
    closeWakes: database.prepare('delete from wake_up where installation = ?'),
    closeMerges: database.prepare('delete from waiting_merge where installation = ?'),
  }
  const wakeAt = (key: string, at: string, work: Work) =>
    void sql.wakeAt.run(key, at, installationOf(work), workText(work))

  return {
    wakeAt,
    due(now) {
      const rows = sql.due.all(now).sort((a, b) => (String(a.at) < String(b.at) ? -1 : 1))
      return rows.map((row) => workOf(row.work))
    },
    nextWake() {
      const at = sql.nextWake.get()?.at
      return typeof at === 'string' ? at : null
    },
    waitToMerge: (work, head) => void sql.wait.run(work.key, head, installationOf(work), workText(work)),
    isWaiting: (head) => sql.waiting.get(head) !== undefined,
    wakeMerge(head, now) {
      return sql.waiting.all(head).flatMap((row) => {
        const work = workOf(row.work)
        const isEarly = row.woken_at !== null && now < secondsAfter(String(row.woken_at), MERGE_REST_S)
        if (isEarly) wakeAt(`merge:${row.key}`, secondsAfter(String(row.woken_at), MERGE_REST_S), work)
        else sql.woken.run(now, String(row.key))
        return isEarly ? [] : [work]
      })
    },
    waitingMerges: () => sql.all.all().map((row) => workOf(row.work)),
    noLongerWaits: (key) => void sql.noLongerWaits.run(key),
    close: (installation) =>
      Number(sql.closeWakes.run(installation).changes) + Number(sql.closeMerges.run(installation).changes),
  }
}

function secondsAfter(at: string, seconds: number): string {
  return new Date(Date.parse(at) + 1000 * seconds).toISOString()
}
