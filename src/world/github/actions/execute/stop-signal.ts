import type { StopReason } from '../../github-state.ts'
import type { RunningProcess } from './run-process.ts'

/** Ends a job's processes when the job must end. */
export class StopSignal {
  readonly #graceMs: number
  readonly #processes = new Set<RunningProcess>()
  #reason: StopReason | null = null

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  get reason(): StopReason | null {
    return this.#reason
  }

  /** Steps that run `always()` still may; a runner that is gone runs nothing. */
  get isCancelled(): boolean {
    return this.#reason === 'cancelled' || this.#reason === 'timed out'
  }

  get isGone(): boolean {
    return this.#reason === 'preempted' || this.#reason === 'lost'
  }

  /** Asked again for the same, nothing changes; a machine that goes takes everything, and force waits for nothing. */
  request(reason: StopReason, isForced = false): void {
    if (this.#reason === reason && !isForced) return
    if (!this.isGone && (this.#reason === null || reason !== 'cancelled')) this.#reason = reason
    for (const one of this.#processes) this.#end(one, isForced || reason === 'lost')
  }

  /** A process that ends with the job. */
  async holding<Value>(running: RunningProcess, wait: Promise<Value>): Promise<Value> {
    this.#processes.add(running)
    if (this.isGone) running.signal('SIGKILL')
    try {
      return await wait
    } finally {
      this.#processes.delete(running)
    }
  }

  /** Politely first, as a runner does: interrupt, terminate, kill. */
  #end(running: RunningProcess, atOnce: boolean): void {
    if (atOnce) {
      running.signal('SIGKILL')
      return
    }
    const later = (ms: number, name: NodeJS.Signals) =>
      setTimeout(() => {
        if (this.#processes.has(running)) running.signal(name)
      }, ms)
    running.signal(this.#reason === 'preempted' ? 'SIGTERM' : 'SIGINT')
    if (this.#reason !== 'preempted') later(this.#graceMs * 0.75, 'SIGTERM')
    later(this.#graceMs, 'SIGKILL')
  }
}
