import type { Dispatched, RequestDocument } from '../ledger/training-fact.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import type { Model } from '../registry/model.ts'
import { reservedSeconds } from './budget.ts'
import { checkpointsBelow, type DispatchName, dispatchTag } from './correlation.ts'
import type { Parameters, TrainingRequest, TrainRequest, Trial, TuneRequest } from './training-request.ts'
import { trainingRequestSchema } from './training-request.ts'

/** GitHub takes 65,535 characters of inputs; the ledger's line holds the request, too. */
const LONGEST_REQUEST = 50_000
const DEFAULT_WORKFLOWS = { train: 'train.yml', tune: 'tune.yml' } as const
const DEFAULT_RUNNER = 'ubuntu-latest'

/** What every dispatch says. */
export interface RequestFrame extends DispatchName {
  readonly model: string
  /** Tip of the default branch as it was read. */
  readonly sha: string
  readonly runner: string | readonly string[]
  readonly limitMinutes: number
  /** `store.artifacts` of the configuration. */
  readonly artifacts: string
}

/** The request of one training. */
export function trainRequest(
  frame: RequestFrame,
  asked: { readonly parameters: Parameters; readonly seed: number; readonly resumeFrom: string | null },
): TrainRequest {
  const { parameters, seed, resumeFrom } = asked
  return { ...shared(frame), command: 'train', parameters, seed, resume_from: resumeFrom }
}

/** The request of one rung of a search. */
export function tuneRequest(
  frame: RequestFrame,
  asked: {
    readonly rung: number
    readonly metric: string
    readonly parallel: number
    readonly trials: readonly Trial[]
  },
): TuneRequest {
  const { rung, metric, trials } = asked
  const parallel = Math.min(asked.parallel, trials.length)
  return { ...shared(frame), command: 'tune', rung, metric, parallel, trials: [...trials] }
}

function shared({ correlation, attempt, model, sha, runner, limitMinutes, artifacts }: RequestFrame) {
  return {
    format: 1 as const,
    correlation,
    attempt,
    model,
    sha,
    runner: typeof runner === 'string' ? runner : [...runner],
    limit_minutes: limitMinutes,
    checkpoints: checkpointsBelow(artifacts, model, correlation),
  }
}

/**
 * The same training once more, from where the attempt before was when it was stopped.
 *
 * @param resumeFrom  the newest checkpoint that it kept; null: from the beginning
 * @example resumedRequest({ attempt: 1 }, null).attempt // => 2
 */
export function resumedRequest(before: TrainRequest, resumeFrom: string | null): TrainRequest {
  return { ...before, attempt: before.attempt + 1, resume_from: resumeFrom }
}

/** The two inputs of the workflow, or why the request cannot be sent. */
export type RequestText =
  | { readonly is: 'sendable'; readonly inputs: { readonly request: string; readonly correlation: string } }
  | { readonly is: 'refused'; readonly because: string; readonly mend: string }

/**
 * A request as it goes to the workflow: canonical JSON, checked once more by the schema that the workflow reads it with.
 *
 * @example requestInputs({}).is // => 'refused'
 */
export function requestInputs(request: TrainingRequest): RequestText {
  const read = trainingRequestSchema.safeParse(request)
  if (!read.success) {
    const [issue] = read.error.issues
    const because = `${issue?.path.join('.') || 'it'}: ${issue?.message}`
    return { is: 'refused', because: `the request cannot be sent: ${because}`, mend: 'Mend model.yml.' }
  }
  const text = canonicalJson(request)
  const because = `the request has ${text.length} characters; GitHub takes no more than ${LONGEST_REQUEST}`
  if (Buffer.byteLength(text) > LONGEST_REQUEST) return { is: 'refused', because, mend: 'Ask for fewer trials.' }
  return { is: 'sendable', inputs: { request: text, correlation: dispatchTag(request) } }
}

/** Where and by whom a dispatch was asked for. */
export interface AskedBy {
  readonly issue: number
  readonly comment: number
  /** `owner` in model.yml. */
  readonly team: string | null
  readonly workflow: string
  readonly identity: string | null
  /** The plan of a search. */
  readonly search: RequestDocument | null
}

/**
 * The ledger's line of a dispatch: the reservation, and the truth about what was asked.
 *
 * @param by  of a resumption or the next rung: the line of the dispatch before will do
 */
export function dispatchedFact(request: TrainingRequest, by: AskedBy): Dispatched {
  const { correlation, attempt, model, command, sha, runner } = request
  const { issue, comment, team, workflow, identity, search } = by
  return {
    kind: 'dispatched',
    ...{ correlation, attempt, model, command, sha, runner },
    ...{ issue, comment, team: team === '' ? null : team, workflow, identity, search },
    request: { ...request },
    gpu_seconds: reservedSeconds(request),
  }
}

/**
 * The request in a ledger's line; null when the state had to forget it, or another version wrote it.
 *
 * @example requestOf({ request: null }) // => null
 */
export function requestOf({ request }: { readonly request: RequestDocument | null }): TrainingRequest | null {
  const read = trainingRequestSchema.safeParse(request)
  return read.success ? read.data : null
}

/**
 * File name of the workflow that trains or searches a model, below `.github/workflows/`.
 *
 * @example workflowOf({}, 'tune') // => 'tune.yml'
 */
export function workflowOf({ training }: Pick<Model, 'training'>, command: 'train' | 'tune'): string {
  const named = command === 'train' ? training?.workflow : training?.search_workflow
  return (named ?? DEFAULT_WORKFLOWS[command]).replace(/^(\.\/)?\.github\/workflows\//, '')
}

/**
 * `runs-on` of the heavy job: the label that was asked for, else those of model.yml, else a runner of GitHub's.
 *
 * @param asked  as written in the command; null: model.yml's
 * @example runnerOf({ training: { runner: ['self-hosted', 'gpu'] } }, null) // => ['self-hosted', 'gpu']
 */
export function runnerOf({ training }: Pick<Model, 'training'>, asked: string | null): string | readonly string[] {
  return asked ?? training?.runner ?? DEFAULT_RUNNER
}
