import type { DatabaseSync } from 'node:sqlite'
import type { Leased, LeaseLimits, Work } from '../../ports/inbox.ts'
import { coalesce } from './coalesce.ts'
import { nextInTurn } from './next-in-turn.ts'
import { type WorkRow, workStatements } from './work-statements.ts'
import { installationOf, LANES, workOf, workText } from './work-text.ts'

const MOST_TRIES = 8
/** A process is killed for reasons of its own, so its end says less of the work than a failure does. */
const MOST_ENDS = 30
const CALM_ENDS = 4
const LONGEST_REST_S = 60
const AGED_S = 600
const DEAD_REST_S = 3600
const DEFAULT_LIMITS: LeaseLimits = { perRepository: 2, lowest: 'sweep' }

/** Where a piece of work came to lie when it was put. */
export type Placed = 'waiting' | 'next' | 'ignored'

export interface PutOptions {
  /** From an event: starts at once and with all its tries; else from a sweep or a job, which can wait. */
  readonly isEvent: boolean
  readonly at: string
  readonly notBefore: string
}

export interface WorkTable {
  put(work: Work, options: PutOptions): Placed
  lease(now: string, limits?: LeaseLimits): Leased | null
  /** How it goes on with the key; null when the lease is no longer this one's. */
  done(leased: Leased, at: string): 'gone' | 'waiting' | null
  failed(
    leased: Leased,
    of: { because: string; notBefore: string; isHeld: boolean; at: string },
  ): 'waiting' | 'dead' | null
  giveBack(leased: Leased, at: string): boolean
  /** Ends what waits under a key. */
  cancel(key: string): boolean
  close(installation: number): readonly string[]
  /** Running work of a process that is no more waits again, longer each time; after 30 such ends it is dead. */
  recover(at: string): readonly { readonly key: string; readonly state: 'waiting' | 'dead' }[]
  prune(before: string): number
  nextStart(after?: string): string | null
  counts(): { readonly waiting: number; readonly running: number; readonly dead: number }
  oldestWaiting(): string | null
  oldestRunning(): string | null
}

/** The queue: one row a key, so that equal work cannot lie in it twice. Callers bring the transaction. */
export function workTable(database: DatabaseSync): WorkTable {
  const sql = workStatements(database)
  const turns = new Map<number, number>()
  const leases = new WeakMap<Leased, number>()
  let last = sql.lastPlace()
  const next = () => ++last

  const put = (work: Work, options: PutOptions): Placed => {
    const row = sql.row(work.key)
    const place = { installation: installationOf(work), repository: work.repository?.id ?? 0 }
    if (row === undefined) {
      sql.insert({
        ...place,
        ...textAndLane(work),
        key: work.key,
        place: next(),
        at: options.at,
        start: options.notBefore,
      })
      return 'waiting'
    }
    if (row.state === 'running') {
      sql.setNext(row, nextOf(row, work, options))
      return 'next'
    }
    if (row.state === 'dead' && isResting(row, work, options)) return 'ignored'
    const merged = coalesce(workOf(row.work), work)
    sql.rewait(row.key, { ...place, ...textAndLane(merged), ...startOf(row, options, next) })
    return 'waiting'
  }

  const lease = (now: string, limits: LeaseLimits = DEFAULT_LIMITS): Leased | null => {
    const line = sql.line(now, before(now, AGED_S))
    const { perRepository, lowest, comments = false } = limits
    const turn = { perRepository, lowest: lowest === null ? -1 : LANES.indexOf(lowest), comments }
    const chosen = nextInTurn(line, line.length === 0 ? [] : sql.running(), turns, turn)
    if (chosen === null) return null
    const token = next()
    const row = sql.lease({ place: chosen.place, token, now, lane: chosen.lane })
    turns.set(chosen.repository, token)
    const leased = leasedOf(row, () => held(row.key, token))
    leases.set(leased, token)
    return leased
  }

  /** The row of a lease, unless it was given back or belongs to another by now. */
  const held = (key: string, token: number | undefined): WorkRow | undefined => {
    const row = sql.row(key)
    return row?.state === 'running' && row.lease === token ? row : undefined
  }
  const endLease = (leased: Leased): WorkRow | undefined => {
    const row = held(leased.work.key, leases.get(leased))
    leases.delete(leased)
    return row
  }
  /** What came while it ran now waits, alone or together with what must be done once more. */
  const waitAgain = (
    row: WorkRow,
    of: { again: boolean; attempt: number; ended: number; start: string; held: string; at: string },
  ) => {
    const came = row.next === null ? null : workOf(row.next)
    const work = of.again ? (came === null ? workOf(row.work) : coalesce(workOf(row.work), came)) : came
    if (work === null) return sql.remove(row.key)
    const place = { installation: installationOf(work), repository: work.repository?.id ?? 0 }
    const since = of.again ? row.queued_at : (row.next_queued_at ?? of.at)
    const counted = { attempt: of.attempt, ended: of.ended }
    const line = { place: next(), queued_at: since, not_before: of.start, held_until: of.held, ...counted }
    sql.rewait(row.key, { ...place, ...textAndLane(work), ...line })
  }

  return {
    put,
    lease,
    done(leased, at) {
      const row = endLease(leased)
      if (row === undefined) return null
      waitAgain(row, { again: false, attempt: 0, ended: 0, start: row.next_not_before ?? at, held: '', at })
      return row.next === null ? 'gone' : 'waiting'
    },
    failed(leased, { because, notBefore, isHeld, at }) {
      const row = endLease(leased)
      if (row === undefined) return null
      const isDead = row.attempt >= MOST_TRIES && row.next === null
      if (isDead) sql.bury(row.key, because, at)
      else {
        const isFresh = row.next !== null && row.attempt >= MOST_TRIES
        const held = isHeld ? notBefore : ''
        const { ended } = row
        waitAgain(row, { again: true, attempt: isFresh ? 0 : row.attempt, ended, start: notBefore, held, at })
      }
      return isDead ? 'dead' : 'waiting'
    },
    giveBack(leased, at) {
      const row = endLease(leased)
      const { attempt = 1, ended = 0 } = row ?? {}
      if (row !== undefined) waitAgain(row, { again: true, attempt: attempt - 1, ended, start: at, held: '', at })
      return row !== undefined
    },
    cancel: (key) => sql.cancel(key),
    close: (installation) => sql.close(installation),
    recover(at) {
      return sql.allRunning().map((row) => {
        const [attempt, ended] = [row.attempt - 1, row.ended + 1]
        const isDead = ended >= MOST_ENDS
        const held = restAfter(ended, at)
        if (isDead) sql.bury(row.key, 'the process ended in every try', at)
        else waitAgain(row, { again: true, attempt, ended, start: held || at, held, at })
        return { key: row.key, state: isDead ? 'dead' : 'waiting' } as const
      })
    },
    prune: (ended) => sql.prune(ended),
    nextStart: (after = '') => sql.nextStart(after),
    counts: () => sql.counts(),
    oldestWaiting: () => sql.oldestWaiting(),
    oldestRunning: () => sql.oldestRunning(),
  }
}

/** Work in which the process keeps ending lets others go first; empty: it starts at once. */
function restAfter(ended: number, at: string): string {
  if (ended <= CALM_ENDS) return ''
  const seconds = Math.min(LONGEST_REST_S, 2 ** (ended - CALM_ENDS - 1))
  return new Date(Date.parse(at) + 1000 * seconds).toISOString()
}

/** A sweep leaves dead work alone for an hour, so that what cannot work does not fill the day. */
function isResting(row: WorkRow, work: Work, options: PutOptions): boolean {
  return !options.isEvent && work.lane === 'sweep' && (row.ended_at ?? '') > before(options.at, DEAD_REST_S)
}

function startOf(row: WorkRow, options: PutOptions, next: () => number) {
  if (row.state === 'dead')
    return { attempt: 0, ended: 0, place: next(), queued_at: options.at, not_before: options.notBefore, held_until: '' }
  const stays = { place: row.place, queued_at: row.queued_at, held_until: row.held_until, ended: row.ended }
  if (row.attempt > 0 && !options.isEvent) return { ...stays, attempt: row.attempt, not_before: row.not_before }
  const earlier = row.not_before < options.notBefore ? row.not_before : options.notBefore
  return { ...stays, attempt: 0, not_before: earlier > row.held_until ? earlier : row.held_until }
}

function nextOf(row: WorkRow, work: Work, options: PutOptions) {
  const isNow = options.notBefore <= options.at
  const start = row.next_not_before
  return {
    next: workText(row.next === null ? work : coalesce(workOf(row.next), work)),
    at: options.at,
    start: start !== null && start < options.notBefore ? start : options.notBefore,
    isDirty: isNow || row.is_dirty === 1,
    heads: JSON.stringify([...headsOf(row), ...(work.head === null ? [] : [work.head])].slice(-50)),
  }
}

function leasedOf(row: WorkRow, now: () => WorkRow | undefined): Leased {
  return {
    work: workOf(row.work),
    attempt: row.attempt + row.ended,
    queuedAt: row.queued_at,
    isDirty: () => now()?.is_dirty === 1,
    headsSince: () => headsOf(now() ?? row),
  }
}

function headsOf(row: WorkRow): readonly string[] {
  return JSON.parse(row.heads) as readonly string[]
}

function textAndLane(work: Work) {
  return { text: workText(work), lane: LANES.indexOf(work.lane) }
}

function before(at: string, seconds: number): string {
  return new Date(Date.parse(at) - 1000 * seconds).toISOString()
}
