import type { CheckAnnotation } from './checks.ts'
import type { Access, Actor } from './people.ts'

/** A workflow file, known since it was seen on the default branch or started a run. */
export interface WorldWorkflow {
  readonly id: number
  readonly repository: number
  /** `.github/workflows/train.yml` */
  readonly path: string
  /** Its `name:`, else its path. */
  readonly name: string
  readonly state: 'active' | 'disabled_manually'
  /** Number of its next run. */
  readonly nextRun: number
  readonly createdAt: number
  readonly updatedAt: number
}

export type RunStatus = 'queued' | 'pending' | 'in_progress' | 'completed'
export type RunConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'startup_failure'

/** Of several with one group one runs and one waits; a third takes the place of the one that waits. */
export interface ConcurrencyGroup {
  readonly group: string
  readonly cancelsRunning: boolean
}

export interface WorkflowRun {
  readonly id: number
  readonly repository: number
  readonly workflow: number
  readonly path: string
  readonly number: number
  readonly attempt: number
  readonly name: string
  readonly displayTitle: string
  readonly event: string
  /** What the event said, as `github.event`; plain JSON. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, unknown>>
  /** `refs/heads/main`, `refs/pull/3/merge` */
  readonly ref: string
  readonly headBranch: string | null
  readonly headSha: string
  /** What is checked out and whose workflow file runs: the test merge for a pull request, else the head. */
  readonly sha: string
  readonly headRepository: number
  /** From a fork: no secrets, and a token that only reads. */
  readonly isFromFork: boolean
  readonly actor: number
  readonly triggeringActor: number
  readonly status: RunStatus
  readonly conclusion: RunConclusion | null
  readonly suite: number
  readonly concurrency: ConcurrencyGroup | null
  /** Somebody asked for its end: jobs that still start see `cancelled()`. */
  readonly isCancelled: boolean
  readonly createdAt: number
  readonly startedAt: number
  readonly updatedAt: number
}

export type JobStatus = 'pending' | 'waiting' | 'queued' | 'in_progress' | 'completed'
export type JobConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out'

export interface JobStep {
  readonly number: number
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null
  readonly startedAt: number | null
  readonly completedAt: number | null
}

/** One job of one attempt; its id is the id of its check run. */
export interface WorkflowJob {
  readonly id: number
  readonly run: number
  readonly attempt: number
  /** As the workflow calls it; those of one matrix share it. */
  readonly key: string
  readonly name: string
  readonly matrix: Readonly<Record<string, unknown>> | null
  readonly index: number
  readonly total: number
  readonly failFast: boolean
  readonly maxParallel: number
  readonly labels: readonly string[]
  readonly timeoutMs: number
  readonly continuesOnError: boolean
  readonly concurrency: ConcurrencyGroup | null
  readonly status: JobStatus
  readonly conclusion: JobConclusion | null
  readonly steps: readonly JobStep[]
  readonly outputs: Readonly<Record<string, string>>
  readonly log: string
  /** What its steps wrote to GITHUB_STEP_SUMMARY, in their order. */
  readonly summary: string
  readonly runner: { readonly id: number; readonly name: string } | null
  /** What a scripted runner will do with it, so that a copy of the world goes on with it. */
  readonly script: ScriptedJob | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
}

export interface WorldArtifact {
  readonly id: number
  readonly repository: number
  readonly run: number
  readonly attempt: number
  readonly name: string
  /** The zip, as it is downloaded. */
  readonly archive: Buffer
  /** `sha256:...` of the archive. */
  readonly digest: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** What a job of a scripted runner does instead of running. */
export interface ScriptedJob {
  /** Default: success. */
  readonly conclusion?: 'success' | 'failure'
  readonly steps?: readonly { readonly name: string; readonly conclusion?: 'success' | 'failure' | 'skipped' }[]
  readonly outputs?: Readonly<Record<string, string>>
  /** Name of an artifact -> path -> content. */
  readonly artifacts?: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>
  readonly annotations?: readonly JobAnnotation[]
  readonly log?: string
  /** On the world's clock, from its start; default 0. Infinity: it holds until somebody ends it. */
  readonly durationMs?: number
}

export type JobAnnotation = Pick<CheckAnnotation, 'annotation_level' | 'message'> & Partial<CheckAnnotation>

/** What a runner is told of a job. */
export interface JobOrder {
  readonly repository: string
  readonly run: WorkflowRun
  readonly job: WorkflowJob
}

export interface WorldRunner {
  readonly id: number
  readonly name: string
  readonly labels: readonly string[]
  /** How many jobs it takes at a time: a label such as `ubuntu-latest` stands for many machines. */
  readonly places: number
  /** From queued to started, on the world's clock. */
  readonly startsAfterMs: number
  /** Scripted durations are divided by it. */
  readonly speed: number
  readonly isOnline: boolean
  readonly kind:
    | {
        readonly is: 'processes'
        /** From asking a process to end until it is killed, in real time. */
        readonly graceMs: number
        /** A virtual clock stands still while a job's processes run, unless it `flows`. */
        readonly time: 'stands still' | 'flows'
        /** Folders of actions that lie on the machine, by `owner/name`. */
        readonly actions: Readonly<Record<string, string>>
      }
    | { readonly is: 'scripted'; readonly script: (order: JobOrder) => ScriptedJob }
}

/** Why a job must end before its end. */
export type StopReason = 'cancelled' | 'timed out' | 'preempted' | 'lost'

/** Something happened that workflows may be for. */
export interface HeardEvent {
  readonly event: string
  readonly action: string | null
  readonly repository: number
  readonly actor: Actor
  /** Of a push: where the ref now is. */
  readonly tip: { readonly ref: string; readonly sha: string | null } | null
  readonly body: () => Promise<Readonly<Record<string, unknown>>>
}

/** The part of GitHub that runs workflows. */
export interface ActionsEngine {
  /** Starts the workflows that an event is for; nobody waits for it. */
  heard(event: HeardEvent): void
  /** Does one thing after the other, so that no two see the same moment. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value>
  /** Looks again at what can start, and does it. */
  advance(): void
  /** Forced, its processes are killed at once, also those that run whatever happens. */
  stop(job: number, reason: StopReason, isForced?: boolean): void
  /** When all that was begun is written down; jobs may still run. */
  written(): Promise<void>
  /** When no job runs or can start, but those that hold until somebody ends them. */
  settled(): Promise<void>
  /** When the processes that run now have ended. */
  executed(): Promise<void>
  /** Whether a job runs that will end by itself, or waits for a runner that will take it. */
  readonly isBusy: boolean
  /** Whether processes of jobs run: a world cannot be copied then. */
  readonly isExecuting: boolean
  close(): Promise<void>
}

export type TokenPermissions = Readonly<Record<string, Access>>
