import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { InLine, InTurn } from './next-in-turn.ts'

/** A row of the queue. */
export interface WorkRow {
  readonly key: string
  readonly state: 'waiting' | 'running' | 'dead'
  readonly attempt: number
  /** Tries in which the process ended. */
  readonly ended: number
  readonly place: number
  readonly queued_at: string
  readonly not_before: string
  readonly held_until: string
  readonly lease: number | null
  readonly work: string
  readonly next: string | null
  readonly next_not_before: string | null
  readonly next_queued_at: string | null
  readonly is_dirty: number
  readonly heads: string
  readonly ended_at: string | null
}

interface Waiting {
  readonly lane: number
  readonly repository: number
  readonly installation: number
  readonly text: string
}

/** Told by the key, as no reference of Git holds a colon. */
const KIND = `iif(key glob '[0-9]*/comment:*', 'comment', iif(key glob '[0-9]*/training:*', 'training', 'other')) as kind`

/** Every sentence that is spoken to the table `work`, prepared once. */
export function workStatements(database: DatabaseSync) {
  const sql = {
    lastPlace: database.prepare('select max(max(place), max(coalesce(lease, 0))) as last from work'),
    row: database.prepare('select * from work where key = ?'),
    insert: database.prepare(
      `insert into work (key, state, lane, repository, installation, place, queued_at, not_before, work)
       values (?, 'waiting', ?, ?, ?, ?, ?, ?, ?)`,
    ),
    rewait: database.prepare(
      `update work set state = 'waiting', lane = ?, repository = ?, installation = ?, work = ?, place = ?, queued_at = ?,
       not_before = ?, held_until = ?, attempt = ?, ended = ?, lease = null, leased_at = null, next = null, next_not_before = null, next_queued_at = null,
       is_dirty = 0, heads = '[]', because = null, ended_at = null where key = ?`,
    ),
    setNext: database.prepare(
      'update work set next = ?, next_not_before = ?, next_queued_at = coalesce(next_queued_at, ?), is_dirty = ?, heads = ? where key = ?',
    ),
    line: database.prepare(
      `select repository, iif(lane = 2 and queued_at <= :aged, 1, lane) as lane, ${KIND}, min(place) as place
       from work where state = 'waiting' and not_before <= :now group by 1, 2, 3`,
    ),
    running: database.prepare(`select repository, lane, ${KIND} from work where state = 'running'`),
    allRunning: database.prepare(`select * from work where state = 'running' order by place`),
    lease: database.prepare(
      `update work set state = 'running', lane = ?, lease = ?, leased_at = ?, attempt = attempt + 1
       where place = ? and state = 'waiting' returning *`,
    ),
    bury: database.prepare(
      `update work set state = 'dead', because = ?, ended_at = ?, lease = null, next = null, next_not_before = null, next_queued_at = null,
       is_dirty = 0, heads = '[]' where key = ?`,
    ),
    remove: database.prepare('delete from work where key = ?'),
    cancel: database.prepare(`delete from work where key = ? and state = 'waiting'`),
    dropNext: database.prepare(
      `update work set next = null, next_not_before = null, next_queued_at = null, is_dirty = 0 where installation = ? and state = 'running'`,
    ),
    close: database.prepare(
      `delete from work where installation = ? and state = 'waiting' and repository <> 0 returning key`,
    ),
    prune: database.prepare(`delete from work where state = 'dead' and ended_at < ?`),
    nextStart: database.prepare(`select min(not_before) as at from work where state = 'waiting' and not_before > ?`),
    counts: database.prepare('select state, count(*) as many from work group by state'),
    oldestRunning: database.prepare(`select min(leased_at) as at from work where state = 'running'`),
    oldestWaiting: database.prepare(`select min(queued_at) as at from work where state = 'waiting'`),
  }
  return {
    lastPlace: () => Number(sql.lastPlace.get()?.last ?? 0),
    row: (key: string) => asRow(sql.row.get(key)),
    insert(
      of: Waiting & { readonly key: string; readonly place: number; readonly at: string; readonly start: string },
    ) {
      sql.insert.run(of.key, of.lane, of.repository, of.installation, of.place, of.at, of.start, of.text)
    },
    rewait(
      key: string,
      of: Waiting & Pick<WorkRow, 'place' | 'queued_at' | 'not_before' | 'held_until' | 'attempt' | 'ended'>,
    ): void {
      const line = [of.place, of.queued_at, of.not_before, of.held_until, of.attempt, of.ended]
      sql.rewait.run(of.lane, of.repository, of.installation, of.text, ...line, key)
    },
    setNext(row: WorkRow, of: { next: string; start: string; at: string; isDirty: boolean; heads: string }): void {
      sql.setNext.run(of.next, of.start, of.at, of.isDirty ? 1 : 0, of.heads, row.key)
    },
    line(now: string, aged: string): readonly InLine[] {
      return sql.line.all({ now, aged }).map((row) => ({ ...asTurn(row), place: Number(row.place) }))
    },
    running: () => sql.running.all().map(asTurn),
    allRunning: () => sql.allRunning.all().map((row) => asRow(row)!),
    lease: (of: { place: number; token: number; now: string; lane: number }) =>
      asRow(sql.lease.get(of.lane, of.token, of.now, of.place))!,
    bury: (key: string, because: string, at: string) => void sql.bury.run(because, at, key),
    remove: (key: string) => void sql.remove.run(key),
    cancel: (key: string) => sql.cancel.run(key).changes > 0,
    close(installation: number): readonly string[] {
      sql.dropNext.run(installation)
      return sql.close.all(installation).map((row) => String(row.key))
    },
    prune: (ended: string) => Number(sql.prune.run(ended).changes),
    nextStart: (after: string) => textOrNull(sql.nextStart.get(after)?.at),
    oldestRunning: () => textOrNull(sql.oldestRunning.get()?.at),
    oldestWaiting: () => textOrNull(sql.oldestWaiting.get()?.at),
    counts() {
      const many = new Map(sql.counts.all().map((row) => [String(row.state), Number(row.many)]))
      return { waiting: many.get('waiting') ?? 0, running: many.get('running') ?? 0, dead: many.get('dead') ?? 0 }
    },
  }
}

function asTurn({ repository, lane, kind }: Record<string, SQLOutputValue>): InTurn {
  return { repository: Number(repository), lane: Number(lane), kind: kind as InTurn['kind'] }
}

function asRow(row: Record<string, SQLOutputValue> | undefined): WorkRow | undefined {
  return row as WorkRow | undefined
}

function textOrNull(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
