import type { GitHub, WorkflowJob, WorkflowRun } from '../github-state.ts'
import { takeId } from '../state/find.ts'
import { concurrencyIn } from './concurrency.ts'
import { BadExpression, type Evaluation, evaluate, evaluateCondition, evaluateText } from './evaluate.ts'
import { BadMatrix, type Combination, expandMatrix } from './expand-matrix.ts'
import { needsContext, runContexts, standingBefore } from './run-contexts.ts'
import { jobsOf, needsOf, type WorkflowFile } from './workflow-file.ts'
import { mapOf, textOf, type WrittenMap } from './written.ts'

/** What one job of a workflow comes to. */
export interface PlannedJobs {
  readonly jobs: readonly WorkflowJob[]
  /** `if:` said no. */
  readonly isSkipped: boolean
  /** Why it cannot run at all. */
  readonly problem: string | null
}

const MINUTE_MS = 60_000
/** GitHub's own limit where a job names none. */
const DEFAULT_MINUTES = 360

/** The jobs that a key of a workflow stands for, once those that it needs are over. */
export function planJobs(
  github: GitHub,
  run: WorkflowRun,
  file: WorkflowFile,
  key: string,
  done: readonly WorkflowJob[],
): PlannedJobs {
  const written = jobsOf(file)[key] ?? {}
  const contexts = { ...runContexts(github, run), needs: needsContext(done, needsOf(written)) }
  const by = { contexts, standing: standingBefore(file, done, key, run) }
  const empty = newJob(github, run, key, written)
  try {
    if (!evaluateCondition(written.if, by)) return { jobs: [empty], isSkipped: true, problem: null }
    const combinations = combinationsOf(written, by)
    const jobs = combinations.map((matrix, index) =>
      planned(empty, written, { by, matrix, index, total: combinations.length }),
    )
    return {
      jobs: jobs.map((job, index) => (index === 0 ? job : { ...job, id: takeId(github.state) })),
      isSkipped: false,
      problem: null,
    }
  } catch (error) {
    if (!(error instanceof BadExpression || error instanceof BadMatrix)) throw error
    return { jobs: [empty], isSkipped: false, problem: error.message }
  }
}

function combinationsOf(written: WrittenMap, by: Evaluation): readonly (Combination | null)[] {
  const strategy = mapOf(written.strategy)
  return strategy.matrix === undefined ? [null] : expandMatrix(evaluate(strategy.matrix, by))
}

interface Place {
  readonly by: Evaluation
  readonly matrix: Combination | null
  readonly index: number
  readonly total: number
}

function planned(empty: WorkflowJob, written: WrittenMap, { by: before, matrix, index, total }: Place): WorkflowJob {
  const strategy = mapOf(evaluate(written.strategy ?? null, before) as WrittenMap)
  const failFast = strategy['fail-fast'] !== false
  const maxParallel = Number(strategy['max-parallel'] ?? total)
  const context = { 'fail-fast': failFast, 'job-index': index, 'job-total': total, 'max-parallel': maxParallel }
  const by = { ...before, contexts: { ...before.contexts, matrix: matrix ?? {}, strategy: context } }
  return {
    ...empty,
    name: nameOf(empty.key, written, matrix, by),
    matrix,
    index,
    total,
    failFast,
    maxParallel,
    labels: labelsOf(evaluate(written['runs-on'] ?? null, by)),
    timeoutMs: MINUTE_MS * (Number(evaluate(written['timeout-minutes'] ?? null, by)) || DEFAULT_MINUTES),
    continuesOnError: evaluate(written['continue-on-error'] ?? false, by) === true,
    concurrency: concurrencyIn(written.concurrency, by),
  }
}

/** `train (0.1, 3)`: by the matrix where the name does not say it itself. */
function nameOf(key: string, written: WrittenMap, matrix: Combination | null, by: Evaluation): string {
  const isOwn = written.name !== undefined && typeof written.name === 'object'
  const name = written.name === undefined ? key : evaluateText(written.name, by)
  if (matrix === null || isOwn) return name
  const values = Object.values(matrix).flatMap((value) =>
    typeof value === 'object' ? Object.values(value ?? {}) : [value],
  )
  return `${name} (${values.map(String).join(', ')})`
}

function labelsOf(runsOn: unknown): readonly string[] {
  if (Array.isArray(runsOn)) return runsOn.map(String)
  if (typeof runsOn === 'object' && runsOn !== null) return labelsOf((runsOn as { readonly labels?: unknown }).labels)
  return runsOn === null || runsOn === undefined ? [] : [String(runsOn)]
}

function newJob(github: GitHub, run: WorkflowRun, key: string, written: WrittenMap): WorkflowJob {
  return {
    id: takeId(github.state),
    run: run.id,
    attempt: run.attempt,
    key,
    name: textOf(written.name) ?? key,
    matrix: null,
    index: 0,
    total: 1,
    failFast: true,
    maxParallel: 1,
    labels: [],
    timeoutMs: DEFAULT_MINUTES * MINUTE_MS,
    continuesOnError: false,
    concurrency: null,
    status: 'pending',
    conclusion: null,
    steps: [],
    outputs: {},
    log: '',
    summary: '',
    runner: null,
    script: null,
    createdAt: github.clock.now(),
    startedAt: null,
    completedAt: null,
  }
}
