import { after, during, isVirtual } from '../../clock.ts'
import type { ActionsEngine, GitHub, HeardEvent, StopReason, WorkflowJob } from '../github-state.ts'
import { advanceRuns } from './advance-run.ts'
import { assignJobs, runnersOf, type Taken } from './assign-jobs.ts'
import { endJob, jobOf, setJob } from './change-job.ts'
import { endScripted } from './end-scripted.ts'
import { type Execution, executeJob, type JobOutcome } from './execute/execute-job.ts'
import { endOfStopped } from './stop-job.ts'
import { startHeard } from './triggers.ts'

/** A job that no runner takes ends after a day. */
const LONGEST_QUEUE_MS = 24 * 3_600_000

/** @param isStill  nothing goes on by itself: a copy that is kept to be copied again, or to be looked at */
export function openActions(github: GitHub, isStill: boolean): ActionsEngine {
  return new Engine(github, isStill)
}

/** Runs workflows: one change of state after the other, jobs beside each other. */
class Engine implements ActionsEngine {
  readonly #github: GitHub
  #last: Promise<unknown> = Promise.resolve()
  #begun = 0
  #isAdvancing = false
  #isClosed = false
  readonly #timers = new Map<string, () => void>()
  readonly #executions = new Map<number, Execution>()
  #watchers: (() => void)[] = []

  constructor(github: GitHub, isStill: boolean) {
    this.#github = github
    this.#isClosed = isStill
    // a copy goes on with what was under way
    if ([...github.state.jobs.values()].some((job) => job.status !== 'completed')) this.advance()
  }

  get isExecuting(): boolean {
    return this.#executions.size > 0
  }

  heard(event: HeardEvent): void {
    // a dispatch starts its one run by itself
    if (event.event === 'workflow_dispatch') return
    const { state } = this.#github
    const mayConcern =
      event.tip !== null || [...state.workflows.values()].some((one) => one.repository === event.repository)
    if (!mayConcern) return
    // a push is told by Git; everything else must be told as it was
    const body = event.tip === null ? event.body() : null
    body?.catch(() => undefined)
    this.#soon(async () => {
      const isStarted = await startHeard(this.#github, body === null ? event : { ...event, body: () => body })
      if (isStarted) this.advance()
    })
  }

  inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#begun++
    const mine = this.#last.then(() => during(this.#github.clock, work))
    this.#last = mine.then(
      () => undefined,
      () => undefined,
    )
    return mine.finally(() => {
      this.#begun--
      this.#tell()
    })
  }

  advance(): void {
    if (this.#isAdvancing || this.#isClosed) return
    this.#isAdvancing = true
    this.#soon(async () => {
      this.#isAdvancing = false
      await advanceRuns(this.#github)
      for (const taken of await assignJobs(this.#github)) this.#start(taken)
      this.#setTimers()
    })
  }

  stop(id: number, reason: StopReason, isForced = false): void {
    const execution = this.#executions.get(id)
    if (execution !== undefined) execution.stop(reason, isForced)
    else
      this.#soon(async () => {
        const job = this.#github.state.jobs.get(id)
        if (job?.status !== 'in_progress') return
        await endJob(this.#github, id, { ...endOfStopped(job, reason), change: { log: job.script?.log ?? job.log } })
        this.advance()
      })
  }

  async written(): Promise<void> {
    while (this.#begun > 0) await this.#last
  }

  async settled(): Promise<void> {
    for (;;) {
      await this.written()
      if (!this.isBusy) return
      await new Promise<void>((resolve) => this.#watchers.push(resolve))
    }
  }

  async executed(): Promise<void> {
    if (this.#executions.size > 0) await Promise.all([...this.#executions.values()].map((one) => one.done))
    else if (!isVirtual(this.#github.clock)) await this.settled()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const callOff of this.#timers.values()) callOff()
    this.#timers.clear()
    const running = [...this.#executions.values()]
    for (const execution of running) execution.stop('lost')
    await Promise.all(running.map((one) => one.done))
    await this.written()
  }

  /** What goes wrong in here is a bug of the world, and nobody awaits it: it must be seen. */
  #soon(work: () => Promise<void>): void {
    void this.inTurn(async () => {
      if (!this.#isClosed) await work()
    })
  }

  #tell(): void {
    for (const one of this.#watchers) one()
    this.#watchers = []
  }

  /** Jobs that run and will end by themselves, or that a runner will take. */
  get isBusy(): boolean {
    const jobs = [...this.#github.state.jobs.values()]
    return jobs.some(
      (job) =>
        (job.status === 'in_progress' && job.script?.durationMs !== Number.POSITIVE_INFINITY) ||
        (job.status === 'queued' && runnersOf(this.#github, job).some((runner) => runner.startsAfterMs > 0)),
    )
  }

  #start({ runner, job }: Taken): void {
    if (runner.kind.is === 'scripted') return
    const github = this.#github
    const report = (change: Partial<WorkflowJob>) => void setJob(github, job.id, change)
    const execution = executeJob(github, job, { ...runner.kind, runner, report })
    this.#executions.set(job.id, execution)
    const wait = async () => this.#end(job.id, await execution.done)
    void (runner.kind.time === 'stands still' ? during(github.clock, wait) : wait())
  }

  async #end(id: number, outcome: JobOutcome): Promise<void> {
    await this.inTurn(async () => {
      this.#executions.delete(id)
      const { conclusion, annotations, ...change } = outcome
      await endJob(this.#github, id, { conclusion, annotations, change })
    })
    this.advance()
  }

  /** Moments at which something happens by itself: a script's end, a timeout, a runner that is ready. */
  #setTimers(): void {
    const { state } = this.#github
    const open = [...state.jobs.values()].filter((job) => job.status === 'queued' || job.status === 'in_progress')
    const wanted = new Map(open.flatMap((job) => this.#momentsOf(job).map((one) => [one.key, one] as const)))
    for (const [key, callOff] of this.#timers)
      if (!wanted.has(key)) {
        callOff()
        this.#timers.delete(key)
      }
    for (const { key, at, act } of wanted.values()) {
      if (this.#timers.has(key)) continue
      const ms = at - this.#github.clock.now()
      this.#timers.set(key, ms > 0 ? after(this.#github.clock, ms, act) : () => undefined)
      // what is due is done now: nobody has to let time pass for it
      if (ms <= 0) act()
    }
  }

  #momentsOf(job: WorkflowJob): readonly { readonly key: string; readonly at: number; readonly act: () => void }[] {
    const { state } = this.#github
    if (job.status === 'queued') {
      const waits = runnersOf(this.#github, job).map((runner) => job.createdAt + runner.startsAfterMs)
      const soonest = waits.filter((at) => at > this.#github.clock.now())
      return [
        ...soonest.map((at) => ({ key: `${job.id} ready ${at}`, at, act: () => this.advance() })),
        { key: `${job.id} queue`, at: job.createdAt + LONGEST_QUEUE_MS, act: () => this.#abandon(job.id) },
      ]
    }
    const from = job.startedAt ?? job.createdAt
    const speed = state.runners.get(job.runner?.id ?? 0)?.speed ?? 1
    const lasts = (job.script?.durationMs ?? 0) / speed
    return [
      { key: `${job.id} timeout`, at: from + job.timeoutMs, act: () => this.stop(job.id, 'timed out') },
      ...(job.script === null || lasts === Number.POSITIVE_INFINITY
        ? []
        : [{ key: `${job.id} end`, at: from + lasts, act: () => this.#endScripted(job.id) }]),
    ]
  }

  #abandon(id: number): void {
    const message = 'The job was not acquired by Runner of type self-hosted even after multiple attempts'
    this.#soon(async () => {
      if (this.#github.state.jobs.get(id)?.status !== 'queued') return
      await endJob(this.#github, id, { conclusion: 'failure', annotations: [{ annotation_level: 'failure', message }] })
      this.advance()
    })
  }

  #endScripted(id: number): void {
    this.#soon(async () => {
      const job = jobOf(this.#github, id)
      if (job.status !== 'in_progress' || job.script === null) return
      await endScripted(this.#github, job)
      this.advance()
    })
  }
}
