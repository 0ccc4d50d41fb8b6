import type { Account } from './pull-now.ts'

export type RunConclusion = 'success' | 'failure' | 'cancelled' | 'timed_out' | 'skipped' | 'other'

/** One attempt of a run of a workflow, as GitHub shows it now. */
export interface RunNow {
  readonly id: number
  readonly attempt: number
  readonly event: string
  /** `.github/workflows/train.yml`, without `@ref`. */
  readonly path: string
  /** What `run-name` made of the inputs. */
  readonly title: string
  readonly headSha: string
  readonly headBranch: string | null
  readonly actor: Account | null
  /** Who started this attempt: another one than the actor re-ran it. */
  readonly triggeringActor: Account | null
  readonly status: 'queued' | 'in_progress' | 'completed'
  /** null until it is completed. */
  readonly conclusion: RunConclusion | null
  readonly createdAt: string
  readonly url: string
}

export interface JobNow {
  readonly id: number
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: RunConclusion | null
  readonly startedAt: string | null
  readonly completedAt: string | null
  /** Labels that it asks for. */
  readonly labels: readonly string[]
  readonly url: string
  readonly steps: readonly {
    readonly number: number
    readonly name: string
    readonly status: 'queued' | 'in_progress' | 'completed'
    readonly conclusion: RunConclusion | null
  }[]
}

/** What a job said through its check run, or GitHub said of it: exit codes, lost runners, `::error::` lines. */
export interface JobAnnotation {
  readonly level: 'failure' | 'warning' | 'notice'
  readonly title: string | null
  readonly message: string
}

/** A file that a run uploaded. */
export interface RunArtifact {
  readonly id: number
  readonly name: string
  readonly sizeBytes: number
  /** `sha256:...` of the archive, where GitHub says it. */
  readonly digest: string | null
  readonly isExpired: boolean
}

/** What GitHub answered to a dispatch. */
export type DispatchAnswer =
  /** `runId` is null where GitHub does not say which run it became. */
  | { readonly is: 'accepted'; readonly runId: number | null }
  /** The workflow is not there, takes no dispatch, or another input: nothing was started. */
  | { readonly is: 'refused'; readonly because: string }

/** Workflows of a repository, as far as training needs them. */
export interface Workflows {
  /** Starts a workflow on a branch; never retried by itself, because GitHub has no key for it. */
  dispatch(of: {
    readonly workflow: string
    readonly ref: string
    readonly inputs: Readonly<Record<string, string>>
  }): Promise<DispatchAnswer>
  /** Dispatched runs of a workflow since a moment, oldest first. */
  dispatched(of: { readonly workflow: string; readonly since: string }): Promise<readonly RunNow[]>
  /** null when it is not there. */
  run(id: number): Promise<RunNow | null>
  /** Jobs of the newest attempt. */
  jobs(run: number): Promise<readonly JobNow[]>
  /** Of a job's check run. */
  annotations(job: number): Promise<readonly JobAnnotation[]>
  /** The last lines of a job's log, at most so many characters; null when there is none (yet, or any more). */
  logTail(job: number, characters: number): Promise<string | null>
  artifacts(run: number): Promise<readonly RunArtifact[]>
  /**
   * The files in an artifact.
   *
   * @throws {Unavailable} when it is larger than allowed, packed or unpacked, or its digest is not the one named
   */
  files(artifact: RunArtifact, limits: { readonly maxBytes: number }): Promise<ReadonlyMap<string, Uint8Array>>
  /** Asks for the end of a run; false when it had ended. Forced: without waiting for its own cleaning up. */
  cancel(run: number, how?: { readonly isForced?: boolean }): Promise<boolean>
}
