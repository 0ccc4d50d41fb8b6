import type { Inbox, Lane, Leased, LeaseLimits, Work } from '../../ports/inbox.ts'
import { type Clock, momentOf } from './clock.ts'
import { type Exclusive, openExclusive, type WhileWaiting } from './exclusive.ts'
import { type Ending, endingOf, type Outcome } from './outcome.ts'

export interface ExecutorLimits {
  /** Pieces of work at once, all repositories together; rollbacks have `reserved` more, comments `comments`. */
  readonly atOnce: number
  readonly perRepository: number
  readonly reserved: number
  readonly comments: number
}

const EXECUTOR_LIMITS: ExecutorLimits = { atOnce: 8, perRepository: 2, reserved: 2, comments: 4 }

/** Told of every end; log and metrics. */
export interface JobWatch {
  ended(line: {
    readonly work: Work
    readonly attempt: number
    readonly is: Ending['is'] | 'dead'
    readonly because: string | null
    /** How long this try ran. */
    readonly ms: number
    /** How long ago the oldest event came that it answers. */
    readonly sinceEventMs: number
  }): void
  /** The executor's own trouble: the inbox does not take an end, or a callback threw. */
  failed(line: { readonly where: string; readonly error: unknown }): void
}

export interface ExecutorOptions {
  readonly inbox: Inbox
  /** Does a piece of work; a throw is tried again. The signal says that the process wants to end. */
  readonly work: (leased: Leased, signal: AbortSignal) => Promise<Outcome>
  readonly clock: Clock
  /** 0 to 1, for jitter. */
  readonly chance: () => number
  readonly watches: readonly JobWatch[]
  /** After the last try: somebody must be told on GitHub. */
  readonly onDead: (work: Work, because: string) => Promise<void>
  readonly limits?: ExecutorLimits
  readonly whileWaiting?: WhileWaiting
  /** Nothing starts before `start` is called. */
  readonly isHeld?: boolean
}

export interface Executor {
  /** One at a time for a name. */
  readonly exclusive: Exclusive
  /** Begins, where it was held; else nothing. */
  start(): void
  /** Resolves when nothing runs and nothing waits, or nothing that may start within this time. */
  settle(withinMs?: number): Promise<void>
  /** Starts nothing more; waits for what runs, then gives the rest back for the next process. */
  drain(graceMs: number): Promise<void>
}

const END_TRIES = 5
const END_PAUSE_MS = 2000
/** A timer of Node cannot be longer than 24 days. */
const LONGEST_SLEEP_MS = 86_400_000

/**
 * Does the inbox's work: of one key one piece at a time, of many as many as the limits say. Starts by itself whenever
 * there is work, and knows time only through the clock.
 */
export function openExecutor(options: ExecutorOptions): Executor {
  const { inbox, clock } = options
  const limits = options.limits ?? EXECUTOR_LIMITS
  const running = new Set<Leased>()
  const stop = new AbortController()
  let quiet: (() => void)[] = []
  let isStopping = false
  let isHeld = options.isHeld ?? false
  let alarmAt = Number.POSITIVE_INFINITY

  const startAll = () => {
    for (;;) {
      const leased = inbox.lease(momentOf(clock), leaseLimits(running, limits))
      if (leased === null) return
      running.add(leased)
      void runOne(leased)
    }
  }
  const pump = () => {
    if (isStopping || isHeld) return tell()
    try {
      startAll()
      setAlarm()
    } catch (error) {
      for (const watch of options.watches) watch.failed({ where: 'lease', error })
    }
    tell()
  }
  /** Work that may start later; once there is an earlier alarm, a later one is not set. */
  const setAlarm = () => {
    const next = Date.parse(inbox.nextStart(momentOf(clock)) ?? '')
    const at = Math.min(next, clock.now() + LONGEST_SLEEP_MS)
    if (!(at < alarmAt)) return
    alarmAt = at
    void clock.sleep(at - clock.now()).then(() => {
      if (alarmAt === at) alarmAt = Number.POSITIVE_INFINITY
      pump()
    })
  }
  const tell = () => {
    const told = quiet
    quiet = []
    for (const one of told) one()
  }
  const runOne = async (leased: Leased) => {
    const startedMs = clock.now()
    const ending = await endOf(options, leased, stop.signal)
    if (running.has(leased)) await endSurely(options, leased, ending, startedMs)
    running.delete(leased)
    pump()
  }

  const settle = async (withinMs = Number.POSITIVE_INFINITY) => {
    const isQuiet = () => running.size === 0 && (isStopping || !startsWithin(inbox, clock, withinMs))
    while (!isQuiet()) await new Promise<void>((resolve) => void quiet.push(resolve))
  }
  const drain = async (graceMs: number) => {
    isStopping = true
    await Promise.race([settle(), clock.sleep(graceMs)])
    stop.abort(new Error('the process is ending'))
    const left = [...running]
    running.clear()
    for (const leased of left) inbox.giveBack(leased)
  }

  let isPumpDue = false
  const pumpSoon = () => {
    if (isPumpDue) return
    isPumpDue = true
    queueMicrotask(() => {
      isPumpDue = false
      pump()
    })
  }
  inbox.onWork(pumpSoon)
  pumpSoon()
  const start = () => {
    isHeld = false
    pumpSoon()
  }
  return { exclusive: openExclusive(options.whileWaiting), start, settle, drain }
}

/** Comments have places of their own, and use the others as well: somebody waits for an answer. */
function leaseLimits(running: ReadonlySet<Leased>, limits: ExecutorLimits): LeaseLimits {
  const talking = [...running].filter(({ work }) => work.subject.kind === 'comment').length
  const others = running.size - Math.min(talking, limits.comments)
  const { perRepository } = limits
  return { perRepository, lowest: lowestLane(others, limits), comments: talking < limits.comments }
}

/** The last places are kept: one for people, so that sweeps never fill the house, and some for rollbacks alone. */
function lowestLane(running: number, { atOnce, reserved }: ExecutorLimits): Lane | null {
  if (running < Math.max(1, atOnce - 1)) return 'sweep'
  if (running < atOnce) return 'interactive'
  return running < atOnce + reserved ? 'rollback' : null
}

function startsWithin(inbox: Inbox, clock: Clock, withinMs: number): boolean {
  const next = inbox.nextStart()
  return next !== null && Date.parse(next) - clock.now() <= withinMs
}

async function endOf({ work, chance }: ExecutorOptions, leased: Leased, signal: AbortSignal): Promise<Ending> {
  try {
    return await work(leased, signal)
  } catch (error) {
    return endingOf(error, leased.attempt, chance())
  }
}

/** A disk that is full for a moment must not leave a key running for ever. */
async function endSurely(options: ExecutorOptions, leased: Leased, ending: Ending, startedMs: number): Promise<void> {
  for (let attempt = 1; attempt <= END_TRIES; attempt++) {
    try {
      return await end(options, leased, ending, startedMs)
    } catch (error) {
      for (const watch of options.watches) watch.failed({ where: 'end of a job', error })
      if (attempt < END_TRIES) await options.clock.sleep(END_PAUSE_MS)
    }
  }
}

async function end(options: ExecutorOptions, leased: Leased, ending: Ending, startedMs: number): Promise<void> {
  const { clock, watches } = options
  const { work, attempt, queuedAt } = leased
  const is = settled(options, leased, ending)
  const because = 'because' in ending ? ending.because : null
  const now = clock.now()
  const line = { work, attempt, is, because, ms: now - startedMs, sinceEventMs: now - Date.parse(queuedAt) }
  for (const watch of watches) watch.ended(line)
  if (is === 'dead') await tellDead(options, work, because ?? '')
}

/** Writes an ending into the inbox; whether the work is dead now. */
function settled({ inbox, clock }: ExecutorOptions, leased: Leased, ending: Ending): Ending['is'] | 'dead' {
  switch (ending.is) {
    case 'done':
      inbox.done(leased)
      return 'done'
    case 'later':
      inbox.enqueue({ ...leased.work }, ending.at)
      inbox.done(leased)
      return 'later'
    case 'installation-gone':
      inbox.done(leased)
      inbox.closeInstallation(installationOf(leased.work))
      return 'installation-gone'
    case 'failed': {
      const at = momentOf(clock, ending.waitMs)
      return inbox.failed(leased, ending.because, at, ending.isHeld) === 'dead' ? 'dead' : 'failed'
    }
  }
}

function installationOf({ subject, repository }: Work): number {
  return subject.kind === 'installation' ? subject.id : (repository?.installation ?? 0)
}

async function tellDead({ onDead, watches }: ExecutorOptions, work: Work, because: string): Promise<void> {
  try {
    await onDead(work, because)
  } catch (error) {
    for (const watch of watches) watch.failed({ where: 'telling that a job is dead', error })
  }
}
