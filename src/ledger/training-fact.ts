/**
 * What the ledger says of training, in the scope `budget`: each dispatch is a reservation, each end replaces it by what
 * was used, so that the sum of the ledger is the sum of the runs.
 */

/** A request as it went to the workflow; the room `training` knows its form. */
export type RequestDocument = Readonly<Record<string, unknown>>

/** How a run of ours ended; `refused`: GitHub did not take the dispatch, `lost`: it never appeared, or vanished. */
export const RUN_CONCLUSIONS = ['success', 'failure', 'cancelled', 'preempted', 'timed-out', 'lost', 'refused'] as const
export type EndConclusion = (typeof RUN_CONCLUSIONS)[number]

/** One dispatch. Correlation and attempt name it for ever; the first line about them counts. */
export interface Dispatched {
  readonly kind: 'dispatched'
  /** `wb-` and 20 hexadecimal digits: the same for every attempt, and for every rung of a search. */
  readonly correlation: string
  /** 1 for the first; one more for each dispatch after it: a resumption, or the next rung. */
  readonly attempt: number
  readonly model: string
  /** `owner` in model.yml: whose budget it is. */
  readonly team: string | null
  readonly command: 'train' | 'tune'
  readonly request: RequestDocument
  /** How the trials of a search are chosen, so that it can be gone on with; null for one training. */
  readonly search: RequestDocument | null
  readonly workflow: string
  readonly sha: string
  /** Where it was asked for: number of the issue or pull request, and id of the comment. */
  readonly issue: number
  readonly comment: number
  /** The most that it may take: reserved until it has ended. */
  readonly gpu_seconds: number
  readonly runner: string | readonly string[]
  /** Digest of all that makes it the same training; null where that is not known. */
  readonly identity: string | null
}

export interface Ended {
  readonly kind: 'ended'
  readonly correlation: string
  readonly attempt: number
  /** GitHub's id of the run; null when there never was one. */
  readonly run: number | null
  readonly conclusion: EndConclusion
  /** What it took. */
  readonly gpu_seconds: number
  readonly because: string
}

/** The app has looked the run of a version up: its record is `registered`. */
export interface Registered {
  readonly kind: 'registered'
  readonly correlation: string
  readonly model: string
  readonly version: string
  readonly digest: string
  readonly commit: string
  readonly run: number
  /** Of the dispatch that was believed; the run itself is always its first. */
  readonly attempt: number
  readonly workflow: string
  /** The candidate pull request; null where it is opened afterwards. */
  readonly pull: number | null
}

export interface Retired {
  readonly kind: 'retired'
  readonly model: string
  readonly version: string
  readonly reason: string
  readonly pull: number | null
}

export type TrainingFact = Dispatched | Ended | Registered | Retired
