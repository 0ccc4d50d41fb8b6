import { Refusal } from './github-state.ts'
import type { CheckAction, CheckAnnotation, CheckConclusion, CheckRun, CheckStatus } from './state/checks.ts'

/** In one request. */
const MOST_ANNOTATIONS = 50
const MOST_TEXT = 65_535

export interface CheckOutput {
  readonly title?: string | null
  readonly summary?: string | null
  readonly text?: string | null
  readonly annotations?: readonly (Pick<
    CheckAnnotation,
    'path' | 'start_line' | 'end_line' | 'annotation_level' | 'message'
  > &
    Partial<CheckAnnotation>)[]
}

/** What a request may say about a run. Times are ms since 1970. */
export interface CheckChange {
  readonly name?: string
  readonly status?: CheckStatus
  readonly conclusion?: CheckConclusion | null
  readonly output?: CheckOutput
  readonly actions?: readonly CheckAction[]
  readonly externalId?: string
  readonly detailsUrl?: string | null
  readonly startedAt?: number
  readonly completedAt?: number | null
}

/** @throws {Refusal} 422 for what GitHub's own limits refuse, all of it at once */
export function refuseCheck(change: CheckChange): void {
  const errors: { resource: string; field: string; code: string; message: string }[] = []
  const refuse = (field: string, message: string) =>
    errors.push({ resource: 'CheckRun', field, code: 'invalid', message })
  if (change.status === 'completed' && change.conclusion == null)
    refuse('conclusion', 'is required when status is completed')
  if (change.conclusion === 'stale') refuse('conclusion', 'only GitHub can change a check run conclusion to stale')
  const { output = {}, actions = [] } = change
  for (const field of ['summary', 'text'] as const)
    if (Buffer.byteLength(output[field] ?? '') > MOST_TEXT) refuse(field, `exceeds a maximum bytesize of ${MOST_TEXT}`)
  if (change.output !== undefined && output.summary == null) refuse('summary', 'is required with output')
  if ((output.annotations?.length ?? 0) > MOST_ANNOTATIONS)
    refuse('annotations', `Max of ${MOST_ANNOTATIONS} annotations per request`)
  for (const one of output.annotations ?? [])
    if (one.end_line < one.start_line || one.start_line < 1)
      refuse('annotations', `${one.path}: end_line is before start_line`)
  if (actions.length > 3) refuse('actions', 'a maximum of three actions are accepted')
  for (const one of actions)
    if (one.label.length > 20 || one.description.length > 40 || one.identifier.length > 20)
      refuse('actions', `label and identifier have at most 20 characters, description 40`)
  if (errors.length > 0) throw new Refusal(422, 'Invalid request.', { errors })
}

/** A run with a change laid over it. Annotations are added to those that are there. */
export function withChange(run: CheckRun, change: CheckChange, now: number): CheckRun {
  const status = change.conclusion == null ? (change.status ?? run.status) : 'completed'
  const isCompleted = status === 'completed'
  const { output } = change
  return {
    ...run,
    name: change.name ?? run.name,
    status,
    conclusion: isCompleted ? (change.conclusion ?? run.conclusion) : null,
    startedAt: change.startedAt ?? run.startedAt,
    completedAt: isCompleted ? (change.completedAt ?? run.completedAt ?? now) : null,
    externalId: change.externalId ?? run.externalId,
    detailsUrl: change.detailsUrl ?? run.detailsUrl,
    output:
      output === undefined
        ? run.output
        : { title: output.title ?? run.output.title, summary: output.summary ?? null, text: output.text ?? null },
    annotations: [...run.annotations, ...(output?.annotations ?? []).map(annotationOf)],
    actions: change.actions ?? run.actions,
  }
}

function annotationOf(one: NonNullable<CheckOutput['annotations']>[number]): CheckAnnotation {
  const { start_column = null, end_column = null, title = null, raw_details = null } = one
  return { ...one, start_column, end_column, title, raw_details }
}

/** Worst first: what a suite concludes from its latest runs. */
const WORST: readonly CheckConclusion[] = [
  'failure',
  'timed_out',
  'action_required',
  'cancelled',
  'stale',
  'success',
  'skipped',
]

/** How a suite stands, by the latest run of each name. */
export function suiteStanding(runs: readonly CheckRun[]): { status: CheckStatus; conclusion: CheckConclusion | null } {
  const latest = [...new Map(runs.map((run) => [run.name, run])).values()]
  if (latest.length === 0) return { status: 'queued', conclusion: null }
  if (latest.every((run) => run.status === 'completed')) {
    const conclusions = latest.map((run) => run.conclusion)
    return { status: 'completed', conclusion: WORST.find((one) => conclusions.includes(one)) ?? 'neutral' }
  }
  const isStarted = latest.some((run) => run.status !== 'queued')
  return { status: isStarted ? 'in_progress' : 'queued', conclusion: null }
}
