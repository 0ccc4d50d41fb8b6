import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import { scoresOf } from '../adapters/onnx/scores.ts'
import type { ExamTerms, Subject } from '../gates/evidence.ts'
import type { Scored } from '../measuring/scored.ts'
import { type Column, Unavailable } from '../ports.ts'
import { soundModel } from './artifact.ts'
import type { GatherPorts } from './evidence-ports.ts'
import type { Exam } from './exam.ts'
import { sameLabel } from './exam.ts'
import type { JobFiles } from './table-files.ts'

/**
 * Scores of one version on the exam: from the sealed cache, by running the artifact, or from its prediction table.
 *
 * @throws {Unavailable} when the artifact can't be had or run, or predictions can't be joined
 */
export async function scoreVersion(
  ports: GatherPorts,
  files: JobFiles,
  terms: ExamTerms,
  exam: Exam,
  subject: Subject,
): Promise<Scored> {
  const key = scoresKey(ports, terms, subject)
  const cached = await ports.evidence.get(key)
  if (cached.status === 'sealed') return cached.document as Scored
  const opaque = (subject.artifact.format ?? 'onnx') === 'opaque'
  const scored = opaque
    ? await fromPredictions(ports, files, terms, exam, subject)
    : await byRunning(ports, files, terms, exam, subject)
  await ports.evidence.put(key, scored)
  return scored
}

/** Key of a version's scores: everything that they are computed from. */
export function scoresKey(ports: GatherPorts, terms: ExamTerms, subject: Subject): string {
  const { artifact, files, features, feature_types, classes, threshold, predictions } = subject
  return evidenceKey({
    engine: ports.engine,
    request: {
      kind: 'scores',
      exam: terms,
      digest: artifact.digest,
      format: artifact.format ?? 'onnx',
      files,
      features,
      feature_types,
      classes,
      threshold,
      predictions,
      version: subject.version,
    },
  })
}

async function byRunning(
  ports: GatherPorts,
  files: JobFiles,
  terms: ExamTerms,
  exam: Exam,
  subject: Subject,
): Promise<Scored> {
  const model = await soundModel(subject, ports, files)
  const features = await ports.tables.read(exam.source, {
    columns: subject.features,
    asCategory: subject.features.filter((name) => textual(subject.feature_types[name])),
  })
  ports.progress(`running ${subject.model} ${subject.version} on ${exam.rows.toLocaleString('en')} rows`)
  const outputs = await ports.runner.run(model, features.columns, subject.features, ports.limits)
  const answer = scoresOf({
    task: exam.task,
    outputs,
    ...(subject.classes === undefined ? {} : { classes: subject.classes }),
    positive: terms.label.positive ?? 1,
    threshold: subject.threshold,
    rows: exam.rows,
  })
  return {
    score: answer.score,
    prediction: answer.prediction,
    facts: {
      version: subject.version,
      rows: exam.rows,
      dropped: { label_null: nullLabels(exam), score_null: 0 },
      provenance: 'recomputed',
      problems: answer.problems,
    },
  }
}

function textual(type: string | undefined): boolean {
  return type === 'category' || type === 'text'
}

function nullLabels(exam: Exam): number {
  return exam.label.reduce((nulls, label) => nulls + (Number.isNaN(label) ? 1 : 0), 0)
}

/** Opaque artifacts are never opened: their predictions are joined to the exam by id, and are claimed until attested. */
async function fromPredictions(
  ports: GatherPorts,
  files: JobFiles,
  terms: ExamTerms,
  exam: Exam,
  subject: Subject,
): Promise<Scored> {
  const { predictions } = subject
  const id = terms.columns.id
  if (predictions === undefined)
    throw new Unavailable(
      'missing',
      `${subject.model} ${subject.version} is opaque and names no predictions`,
      'Add evaluation.predictions to its record.',
    )
  if (id === undefined)
    throw new Unavailable(
      'missing',
      `predictions of ${subject.model} ${subject.version} can't be joined: model.yml names no id column`,
      'Add columns: {id: ...} to model.yml.',
    )
  const source = await files.table(predictions)
  const shape = await ports.tables.describe(source)
  const names = new Set(shape.columns.map((column) => column.name))
  const wanted = ['score', 'prediction'].filter((name) => names.has(name))
  const table = await ports.tables.read(source, { columns: [predictions.id, ...wanted], asCategory: [predictions.id] })
  const examIds = await ports.tables.read(exam.source, { columns: [id], asCategory: [id] })
  const rows = joinRows(examIds.columns.get(id), table.columns.get(predictions.id))
  return joined(terms, exam, subject, rows, table.columns.get('score'), table.columns.get('prediction'))
}

/** Row of `right` for each row of `left`, -1 where there is none; ids that repeat on the right join to none. */
export function joinRows(left: Column | undefined, right: Column | undefined): Int32Array {
  if (left === undefined || right === undefined) return new Int32Array(0)
  const places = new Map<string, number>()
  const text = (column: Column, row: number): string | null => {
    if (!('nulls' in column)) return column.values[column.codes[row] ?? -1] ?? null
    return column.nulls[row] === 1 ? null : String(column.values[row])
  }
  const length = (column: Column) => ('nulls' in column ? column.values.length : column.codes.length)
  for (let row = 0; row < length(right); row++) {
    const id = text(right, row)
    if (id !== null) places.set(id, places.has(id) ? -1 : row)
  }
  return Int32Array.from({ length: length(left) }, (_, row) => places.get(text(left, row) ?? '') ?? -1)
}

function joined(
  terms: ExamTerms,
  exam: Exam,
  subject: Subject,
  rows: Int32Array,
  score: Column | undefined,
  prediction: Column | undefined,
): Scored {
  const scores = score === undefined ? null : pick(score, rows)
  const answers = prediction === undefined ? null : pickAnswer(prediction, rows, exam.task, terms.label.positive ?? 1)
  const values =
    exam.task === 'regression'
      ? (answers ?? scores)
      : (scores?.map((value) => (value > subject.threshold ? 1 : 0)) ?? answers)
  if (values === null || values === undefined)
    throw new Unavailable(
      'missing',
      `predictions of ${subject.model} ${subject.version} have neither a score nor a prediction column`,
      'Columns are id, prediction, score.',
    )
  const unmatched = rows.reduce((count, row) => count + (row < 0 ? 1 : 0), 0)
  const nonFinite = (exam.task === 'binary' && scores !== null ? scores : values).reduce(
    (count, value, row) => count + (rows[row]! >= 0 && !Number.isFinite(value) ? 1 : 0),
    0,
  )
  return {
    score: exam.task === 'regression' ? null : scores,
    prediction: values,
    facts: {
      version: subject.version,
      rows: exam.rows,
      dropped: { label_null: nullLabels(exam), score_null: 0 },
      provenance: 'claimed',
      problems: [
        ...(unmatched === 0
          ? []
          : [
              {
                code: 'unmatched',
                status: 'inconclusive' as const,
                what: `${unmatched} rows of the exam have no prediction of ${subject.version}`,
                mend: 'Predict every row of the exam, each id once.',
                rows: unmatched,
              },
            ]),
        ...(nonFinite === 0
          ? []
          : [
              {
                code: 'non-finite',
                status: 'failed' as const,
                what: `${nonFinite} predictions of ${subject.version} are not finite numbers`,
                mend: 'Find out why the model answers NaN or infinity there.',
                rows: nonFinite,
              },
            ]),
      ],
    },
  }
}

function pick(column: Column, rows: Int32Array): Float64Array {
  if (!('nulls' in column))
    return Float64Array.from(rows, (row) =>
      row < 0 ? Number.NaN : Number(column.values[column.codes[row] ?? -1] ?? Number.NaN),
    )
  return Float64Array.from(rows, (row) => (row < 0 || column.nulls[row] === 1 ? Number.NaN : column.values[row]!))
}

function pickAnswer(
  column: Column,
  rows: Int32Array,
  task: 'binary' | 'regression',
  positive: string | number | boolean,
): Float64Array {
  if (task === 'regression') return pick(column, rows)
  if (!('nulls' in column))
    return Float64Array.from(rows, (row) => {
      const value = column.values[column.codes[row] ?? -1]
      return value === undefined ? Number.NaN : sameLabel(value, positive) ? 1 : 0
    })
  return pick(column, rows).map((value) => (Number.isNaN(value) ? value : value === Number(positive) ? 1 : 0))
}
