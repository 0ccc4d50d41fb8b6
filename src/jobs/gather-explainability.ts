import type { ExplainabilityFacts, ExplainabilityRequest, ImportanceFacts, Subject } from '../gates/evidence.ts'
import { defaultMetric, type ExplainedTruth } from '../measuring/explained-metric.ts'
import { type TableSource, Unavailable } from '../ports.ts'
import { importanceShares, importanceShift } from '../statistics/importance-shift.ts'
import type { ImportanceAnswer } from '../statistics/permutation-importance.ts'
import { soundModel } from './artifact.ts'
import type { Job } from './job.ts'
import { importanceIn, metricNamed } from './measure/explain-importance.ts'
import { labelledRows, labelNumbers, readFeatures } from './measure/explained-tables.ts'

/** The labelled rows that all versions are permuted on. */
interface Sample {
  readonly source: TableSource
  readonly task: ExplainedTruth['task']
  readonly rows: Int32Array
  readonly of_rows: number
  readonly label: Float64Array
  readonly classes?: readonly string[]
}

/**
 * What moves candidate and incumbent: importance of their features on one sample of the exam, permuted alike.
 *
 * @throws {Unavailable} when the exam or the candidate can't be had or run
 */
export async function gatherExplainability(request: ExplainabilityRequest, job: Job): Promise<ExplainabilityFacts> {
  const source = await job.files.table(request.exam.data)
  const sample = await sampleOf(request, job, source)
  const candidate = await versionImportance(request, job, sample, request.candidate)
  const incumbent = request.incumbent && (await orReason(versionImportance(request, job, sample, request.incumbent)))
  const theirs = incumbent !== null && !('missing' in incumbent) ? incumbent : null
  return {
    metric: defaultMetric({ task: sample.task, kind: 'score' }),
    rows: sample.rows.length,
    of_rows: sample.of_rows,
    repeats: request.repeats,
    candidate: factsOf(request.candidate, candidate),
    incumbent: theirs && request.incumbent && factsOf(request.incumbent, theirs),
    ...(incumbent !== null && 'missing' in incumbent ? { incumbent_missing: incumbent.missing } : {}),
    shift: theirs && importanceShift(candidate.columns, theirs.columns),
  }
}

async function sampleOf({ exam, candidate, rows: most, seed }: ExplainabilityRequest, job: Job, source: TableSource) {
  const { task } = exam
  if (task === 'other') throw new Unavailable('missing', 'a model of task other has no score to explain', '')
  const data = await readFeatures(job.tables, source, columnsOf(candidate), exam.label.name)
  const about = { task, positive: exam.label.positive ?? 1, called: exam.label.name }
  const { numbers, classes } = labelNumbers(data.label!, about)
  const labelled = labelledRows(data, numbers, seed)
  const rows = labelled.slice(0, most)
  const label = Float64Array.from(rows, (row) => numbers[row]!)
  return { source, task, rows, of_rows: labelled.length, label, ...(classes && { classes }) }
}

function columnsOf({ features, feature_types }: Subject) {
  const isText = (name: string): boolean => feature_types[name] === 'category' || feature_types[name] === 'text'
  return { names: features, texts: features.filter(isText) }
}

async function versionImportance(
  { exam, repeats, seed }: ExplainabilityRequest,
  job: Job,
  { source, task, rows, label, classes: known }: Sample,
  subject: Subject,
): Promise<ImportanceAnswer> {
  const { model: name, version, classes, threshold } = subject
  const called = `${name} ${version}`
  if ((subject.artifact.format ?? 'onnx') === 'opaque')
    throw new Unavailable('missing', `${called} is opaque, so it cannot be run`, 'Export the model to ONNX.')
  const model = await soundModel(subject, job)
  const { columns } = await readFeatures(job.tables, source, columnsOf(subject), null)
  const positive = exam.label.positive ?? 1
  return job.inTurn(async () => {
    const session = await job.runner.open(model, job.limits)
    try {
      const kind = task === 'regression' ? ('value' as const) : ('score' as const)
      return await importanceIn(session, {
        columns,
        rows,
        truth: { task, kind, label, threshold, ...(known && { classes: known }) },
        metric: metricNamed(defaultMetric({ task, kind }), { task, kind }),
        ask: { task, positive, threshold, ...(classes === undefined ? {} : { classes }) },
        input: { repeats, seed, progress: (text) => job.progress(text) },
        called,
      })
    } finally {
      session.close()
    }
  })
}

/** An incumbent that cannot run says why; the candidate's own importance is known all the same. */
async function orReason(answer: Promise<ImportanceAnswer>): Promise<ImportanceAnswer | { readonly missing: string }> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Unavailable || typeof (error as { readonly mend?: unknown }).mend === 'string')
      return { missing: (error as Error).message }
    throw error
  }
}

function factsOf({ version }: Subject, { baseline, columns }: ImportanceAnswer): ImportanceFacts {
  const shares = new Map((importanceShares(columns) ?? []).map((one) => [one.column, one]))
  return {
    version,
    baseline,
    columns: columns.map(({ column, mean, se, movement }) => ({
      column,
      mean,
      se,
      share: shares.get(column)?.share ?? null,
      interval: shares.get(column)?.interval ?? null,
      movement,
    })),
  }
}
