import type { GitHub, JobOrder, ScriptedJob, WorldRunner } from '../github-state.ts'
import { takeId } from '../state/find.ts'

export interface NewRunner {
  /** Default: `runner-1`, ... */
  readonly name?: string
  /** Default: ubuntu-latest. */
  readonly labels?: readonly string[]
  /** How many jobs it takes at a time; default 8. */
  readonly places?: number
  /** From queued to started, on the world's clock; default 0. */
  readonly startsAfterMs?: number
  /** Scripted durations are divided by it; default 1. */
  readonly speed?: number
  /** Gives each job's outcome instead of running it. */
  readonly script?: (order: JobOrder) => ScriptedJob
  /** Of processes, in real time: from asking them to end until they are killed; default 2 s, on GitHub 10 s. */
  readonly graceMs?: number
  /** Of processes: whether a virtual clock may run on meanwhile; default: it stands still. */
  readonly time?: 'stands still' | 'flows'
  /**
   * Actions that lie on the machine, as a runner's archive cache holds them: `{'acme/tool': '/opt/tool'}`. Whatever
   * version is asked for is that folder, which is not copied.
   */
  readonly actions?: Readonly<Record<string, string>>
}

/** A machine, or many of one kind, for jobs whose labels it has. */
export function registerRunner(github: GitHub, options: NewRunner = {}): WorldRunner {
  const { state } = github
  const { script, labels = ['ubuntu-latest'] } = options
  const runner: WorldRunner = {
    id: takeId(state),
    name: options.name ?? `runner-${state.runners.size + 1}`,
    labels: labels.map((label) => label.toLowerCase()),
    places: options.places ?? 8,
    startsAfterMs: options.startsAfterMs ?? 0,
    speed: options.speed ?? 1,
    isOnline: true,
    kind:
      script === undefined
        ? {
            is: 'processes',
            graceMs: options.graceMs ?? 2_000,
            time: options.time ?? 'stands still',
            actions: options.actions ?? {},
          }
        : { is: 'scripted', script },
  }
  state.runners.set(runner.id, runner)
  github.actions.advance()
  return runner
}

/** Takes no more jobs, or takes them again; what it runs goes on. */
export function setOnline(github: GitHub, id: number, isOnline: boolean): void {
  const runner = github.state.runners.get(id)
  if (runner === undefined) throw new RangeError(`there is no runner ${id}`)
  github.state.runners.set(id, { ...runner, isOnline })
  github.actions.advance()
}
