import type { ExamTerms } from '../../gates/evidence.ts'
import type { Scored } from '../../measuring/scored.ts'
import { type Column, type TableShape, type TableSource, type Tables, Unavailable } from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { classScores } from '../class-scores.ts'
import { type Exam, readExam } from '../exam.ts'
import { requireKnownClasses } from '../known-classes.ts'
import { multiclassAnswers } from '../multiclass-answers.ts'
import { classesAt, numbersAt } from '../picked-rows.ts'

/** Which columns of a table hold what. */
export interface ScoredColumns {
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly label: string
  /** Score of the positive class. */
  readonly score: string | null
  /** Multiclass: one column a class, named by this and the class. */
  readonly scorePrefix: string | null
  readonly prediction: string | null
  readonly positive: string | number | boolean
  /** Binary: prediction = score > threshold, where predictions are not given. */
  readonly threshold: number
  readonly id: string | null
  readonly weight: string | null
  readonly unit: string | null
  readonly where: string | null
}

/** A table of predictions, read: the truth, the answers, and the columns that were asked for besides. */
export interface ScoredTable {
  readonly exam: Exam
  readonly scored: Scored
  readonly id: Column | null
  readonly columns: ReadonlyMap<string, Column>
  /** Rows with an answer that is missing or not finite, in order. */
  readonly spoilt: Int32Array
}

/**
 * Reads the label, the answers and some more columns of one table of predictions.
 *
 * @param more  columns that are read besides, each as what it is
 * @throws {Unavailable} when a column is not there, or holds what the task can't use
 */
export async function readScoredTable(
  tables: Tables,
  source: TableSource,
  columns: ScoredColumns,
  more: readonly string[] = [],
): Promise<ScoredTable> {
  const shape = await tables.describe(source)
  requireColumns(source, shape, [...named(columns), ...more])
  const ofClasses = classScores(source, shape, columns.scorePrefix)
  const where = columns.where === null ? [] : [columns.where]
  const exam = await readExam(tables, source, examTerms(columns, source), { where, across: [] })
  requirePositives(exam, columns)
  const { id, prediction, score } = columns
  const wanted = [id, score, prediction, ...ofClasses.values(), ...more].filter((name) => name !== null)
  const isText = columns.task === 'regression' ? [id] : [id, prediction]
  const table = await tables.read(source, {
    columns: [...new Set(wanted)],
    asCategory: [...new Set(isText.filter((name) => name !== null))],
  })
  requireWords(source, columns, exam, table.columns)
  const answers = answersOf(columns, ofClasses, table.columns, exam.rows)
  const spoilt = spoiltRows(answers, columns.task)
  return {
    exam,
    scored: { ...answers, facts: factsOf(exam, spoilt.length) },
    id: id === null ? null : table.columns.get(id)!,
    columns: new Map(more.map((name) => [name, table.columns.get(name)!])),
    spoilt,
  }
}

function named(columns: ScoredColumns): readonly string[] {
  const { label, score, prediction, id, weight, unit } = columns
  return [label, score, prediction, id, weight, unit].filter((name) => name !== null)
}

/** @throws {Unavailable} naming the columns that are not there, and what may have been meant */
export function requireColumns(source: TableSource, shape: TableShape, names: readonly string[]): void {
  const present = shape.columns.map((column) => column.name)
  const absent = [...new Set(names)].filter((name) => !present.includes(name))
  const [first] = absent
  if (first === undefined) return
  const list = absent.map((name) => `"${name}"`).join(', ')
  throw new Unavailable('missing', `${source.called} has no column ${list}`, suggest(first, present, 'Columns there'))
}

function examTerms(columns: ScoredColumns, source: TableSource): ExamTerms {
  const { task, label, positive, unit, weight } = columns
  return {
    data: { uri: `file:${source.called}`, digest: source.files[0]?.digest ?? '' },
    task,
    label: { name: label, positive },
    columns: { ...(unit === null ? {} : { unit }), ...(weight === null ? {} : { weight }) },
  }
}

/** Labels that say no by themselves: rows of nothing else are a table without positives, not a wrong word. */
const PLAIN_NO = ['0', '0.0', 'false', 'False', 'FALSE']

/** A label without one positive row is a wrong word for the positive class far more often than the truth. */
function requirePositives(exam: Exam, { task, label, positive }: ScoredColumns): void {
  if (task !== 'binary' || exam.label.includes(1)) return
  const column = exam.table.columns.get(label)
  const found = column === undefined || 'nulls' in column ? [] : column.values
  if (found.every((value) => PLAIN_NO.includes(value))) return
  throw new Unavailable(
    'missing',
    `no row of ${exam.source.called} has ${label} = ${JSON.stringify(positive)}; found there: ${found.slice(0, 8).join(', ')}`,
    'Name the positive class with --positive.',
  )
}

/** @throws {Unavailable} when predictions name other classes than labels do */
function requireWords(
  { called }: TableSource,
  asked: ScoredColumns,
  { table }: Exam,
  columns: ReadonlyMap<string, Column>,
): void {
  const [label, prediction] = [table.columns.get(asked.label), columns.get(asked.prediction ?? '')]
  if (asked.task !== 'binary' || asked.prediction === null || label === undefined || prediction === undefined) return
  const { positive } = asked
  const names = { labelCalled: `${asked.label} of ${called}`, predictionCalled: `${asked.prediction} of ${called}` }
  requireKnownClasses({ label, prediction, positive, ...names })
}

type Answers = Omit<Scored, 'facts'>

function answersOf(
  asked: ScoredColumns,
  ofClasses: ReadonlyMap<string, string>,
  columns: ReadonlyMap<string, Column>,
  rows: number,
): Answers {
  const places = Int32Array.from({ length: rows }, (_, row) => row)
  const column = (name: string | null) => (name === null ? undefined : columns.get(name))
  const [score, prediction] = [column(asked.score), column(asked.prediction)]
  if (asked.task === 'multiclass') {
    const scores = new Map([...ofClasses].map(([name, from]) => [name, columns.get(from)!]))
    return { score: null, ...multiclassAnswers({ scores, prediction }, places) }
  }
  const scores = score && numbersAt(score, places)
  if (asked.task === 'regression') return { score: null, prediction: scores ?? numbersAt(prediction!, places) }
  const cut = (values: Float64Array) =>
    values.map((value) => (Number.isFinite(value) ? (value > asked.threshold ? 1 : 0) : Number.NaN))
  const given = prediction === undefined ? cut(scores!) : classesAt(prediction, places, asked.positive)
  return { score: scores ?? null, prediction: given }
}

function spoiltRows({ score, prediction, probabilities, classes }: Answers, task: ScoredColumns['task']): Int32Array {
  const width = classes?.length ?? 1
  const isWhole = (row: number) => {
    if (!Number.isFinite(prediction[row]!)) return false
    if (task === 'binary') return score === null || Number.isFinite(score[row]!)
    if (!probabilities) return true
    for (let at = row * width; at < (row + 1) * width; at++) if (!Number.isFinite(probabilities[at]!)) return false
    return true
  }
  const spoilt: number[] = []
  for (let row = 0; row < prediction.length; row++) if (!isWhole(row)) spoilt.push(row)
  return Int32Array.from(spoilt)
}

function factsOf(exam: Exam, spoilt: number): Scored['facts'] {
  const what = `${spoilt} answers are missing or not finite numbers`
  const mend = 'Find out why the model answers nothing, NaN or infinity there.'
  const problem = { code: 'non-finite', status: 'failed' as const, what, mend, rows: spoilt }
  return {
    version: 'table',
    rows: exam.rows,
    dropped: { label_null: 0, score_null: spoilt },
    provenance: 'claimed',
    problems: spoilt === 0 ? [] : [problem],
  }
}
