import type { ExamTerms, OutputFacts, Subject } from '../gates/evidence.ts'
import type { Scored } from '../measuring/scored.ts'
import { type Column, Unavailable } from '../ports.ts'
import { type Exam, nullLabels } from './exam.ts'
import type { Job } from './job.ts'
import { joinRows } from './join-rows.ts'
import { requireKnownClasses } from './known-classes.ts'
import { multiclassAnswers } from './multiclass-answers.ts'
import { classesAt, numbersAt } from './picked-rows.ts'

const CLASS_SCORE = 'score_'

/**
 * Scores of a version from its table of predictions, joined to the exam by id: claimed, until a workflow attests them.
 *
 * @throws {Unavailable} when there is no table, no id to join by, no column of answers, or a class that no label says
 */
export async function scoresFromPredictions(job: Job, terms: ExamTerms, exam: Exam, subject: Subject): Promise<Scored> {
  const { predictions, model, version, threshold } = subject
  const { id } = terms.columns
  const called = `${model} ${version}`
  if (predictions === undefined)
    throw missing(
      `${called} has no predictions on this exam, and its artifact is not opened`,
      'Add evaluation.predictions to its record, made on the exam that model.yml names.',
    )
  if (id === undefined)
    throw missing(
      `predictions of ${called} can't be joined: model.yml names no id column`,
      'Add columns: {id: ...} to model.yml.',
    )
  const answers = await answersIn(job, predictions, exam.task)
  const examIds = await job.tables.read(exam.source, { columns: [id], asCategory: [id] })
  const rows = joinRows(examIds.columns.get(id), answers.get(predictions.id))
  const dropped = { label_null: nullLabels(exam), score_null: 0 }
  if (exam.task === 'multiclass') {
    const said = classesSaid(answers, rows)
    const problems = problemsOf(version, rows, said.prediction)
    return { score: null, ...said, facts: { version, rows: exam.rows, dropped, provenance: 'claimed', problems } }
  }
  const [score, given] = [answers.get('score'), answers.get('prediction')]
  const scores = score === undefined ? null : numbersAt(score, rows)
  const classes = () => given && knownClasses({ terms, exam, predictions, given }, rows)
  const values =
    exam.task === 'regression'
      ? given
        ? numbersAt(given, rows)
        : scores
      : (scores?.map((value) => (Number.isNaN(value) ? value : value > threshold ? 1 : 0)) ?? classes())
  if (values === null || values === undefined)
    throw missing(
      `predictions of ${called} have neither a score nor a prediction column`,
      'Columns are id, prediction, score.',
    )
  const problems = problemsOf(version, rows, exam.task === 'binary' ? (scores ?? values) : values)
  return {
    score: exam.task === 'regression' ? null : scores,
    prediction: values,
    facts: { version, rows: exam.rows, dropped, provenance: 'claimed', problems },
  }
}

interface Given {
  readonly terms: ExamTerms
  readonly exam: Exam
  readonly predictions: NonNullable<Subject['predictions']>
  readonly given: Column
}

/** 1 where the prediction is the positive class, of words that the label knows. */
function knownClasses({ terms, exam, predictions, given }: Given, rows: Int32Array): Float64Array {
  const positive = terms.label.positive ?? 1
  const label = exam.table.columns.get(terms.label.name)
  if (label !== undefined) {
    const labelCalled = `${terms.label.name} of ${exam.source.called}`
    const predictionCalled = `prediction of ${predictions.uri}`
    requireKnownClasses({ label, prediction: given, positive, labelCalled, predictionCalled })
  }
  return classesAt(given, rows, positive)
}

/** Of several classes: columns `score_<class>`, else the class itself in `prediction`. */
function classesSaid(answers: ReadonlyMap<string, Column>, rows: Int32Array) {
  const scores = [...answers].flatMap(([name, column]) =>
    name.startsWith(CLASS_SCORE) ? [[name.slice(CLASS_SCORE.length), column] as const] : [],
  )
  const prediction = scores.length > 0 ? undefined : answers.get('prediction')
  return multiclassAnswers({ scores: new Map(scores), prediction }, rows)
}

async function answersIn({ files, tables }: Job, predictions: NonNullable<Subject['predictions']>, task: Exam['task']) {
  const source = await files.table(predictions)
  const { columns } = await tables.describe(source)
  const isAnswer = (name: string) =>
    name === 'prediction' || (task === 'multiclass' ? name.startsWith(CLASS_SCORE) : name === 'score')
  const wanted = columns.map((column) => column.name).filter(isAnswer)
  const { id } = predictions
  return (await tables.read(source, { columns: [...new Set([id, ...wanted])], asCategory: [id] })).columns
}

/** Rows without an answer decide nothing; an answer that is no finite number fails. */
function problemsOf(version: string, rows: Int32Array, answers: Float64Array): OutputFacts['problems'] {
  const unmatched = rows.reduce((count, row) => count + (row < 0 ? 1 : 0), 0)
  const broken = answers.reduce(
    (count, answer, row) => count + (rows[row]! >= 0 && !Number.isFinite(answer) ? 1 : 0),
    0,
  )
  const without = {
    code: 'unmatched',
    status: 'inconclusive' as const,
    what: `${unmatched} rows of the exam have no prediction of ${version}`,
    mend: 'Predict every row of the exam, each id once.',
    rows: unmatched,
  }
  const infinite = {
    code: 'non-finite',
    status: 'failed' as const,
    what: `${broken} predictions of ${version} are not finite numbers`,
    mend: 'Find out why the model answers nothing, NaN or infinity there.',
    rows: broken,
  }
  return [...(unmatched > 0 ? [without] : []), ...(broken > 0 ? [infinite] : [])]
}

function missing(because: string, mend: string): Unavailable {
  return new Unavailable('missing', because, mend)
}
