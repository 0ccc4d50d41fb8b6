import { countText } from '../gates/number-text.ts'
import type { Scored } from '../measuring/scored.ts'
import { type Column, type TableSource, type Tables, Unavailable } from '../ports.ts'
import { classLabels } from './class-labels.ts'
import { classScores } from './class-scores.ts'
import type { Exam } from './exam.ts'
import { joinRows } from './join-rows.ts'
import type { JudgeAsk } from './judged-files.ts'
import { requireKnownClasses } from './known-classes.ts'
import { multiclassAnswers } from './multiclass-answers.ts'
import { classesAt, numbersAt } from './picked-rows.ts'
import { requireUniqueIds } from './unique-ids.ts'

export interface Paired {
  readonly exam: Exam
  readonly candidate: Scored
  readonly incumbent: Scored | null
  /** Rows of the candidate's file that the incumbent's lacks; their label is made unknown, so that nothing counts them. */
  readonly dropped: number
  readonly warnings: readonly { readonly code: string; readonly column?: string; readonly message: string }[]
}

/**
 * Lays the incumbent's predictions beside the candidate's, row by row: by id, else by position.
 *
 * @throws {Unavailable} when ids repeat, rows cannot be paired, or labels of one row disagree
 */
export async function pairPredictions(ask: JudgeAsk, exam: Exam, tables: Tables): Promise<Paired> {
  const own = await answers(ask, ask.candidate, tables)
  if (ask.id !== null) requireUniqueIds(own.id, ask.candidate.called, ask.id)
  const identity = Int32Array.from({ length: exam.rows }, (_, row) => row)
  const candidate = scoredOf(ask, 'candidate', own, identity)
  if (ask.incumbent === null) return { exam, candidate, incumbent: null, dropped: 0, warnings: [] }
  const other = await answers(ask, ask.incumbent, tables)
  const rows = pairing(ask, own.id, other, exam.rows)
  const unmatched = rows.reduce((count, row) => count + (row < 0 ? 1 : 0), 0)
  requireSameLabels(ask, exam, other.label, rows)
  const label = exam.label.map((value, row) => (rows[row]! < 0 ? Number.NaN : value))
  const onlyOther = rowsOf(other.label) - (exam.rows - unmatched)
  const warnings = [
    ...(unmatched === 0
      ? []
      : [
          {
            code: 'only_candidate',
            message: `${unmatched} rows stand only in ${ask.candidate.called} and are left out`,
          },
        ]),
    ...(onlyOther === 0
      ? []
      : [
          {
            code: 'only_incumbent',
            message: `${onlyOther} rows stand only in ${ask.incumbent.called} and are left out`,
          },
        ]),
  ]
  const kept = identity.map((row) => (rows[row]! < 0 ? -1 : row))
  return {
    exam: { ...exam, label },
    candidate: scoredOf(ask, 'candidate', own, kept),
    incumbent: scoredOf(ask, 'incumbent', other, rows),
    dropped: unmatched,
    warnings,
  }
}

interface Answers {
  readonly id: Column | undefined
  readonly label: Column
  readonly score: Column | undefined
  /** Several classes: the column of each. */
  readonly scores: ReadonlyMap<string, Column>
  readonly prediction: Column | undefined
}

async function answers(ask: JudgeAsk, source: TableSource, tables: Tables): Promise<Answers> {
  const ofClasses = classScores(source, await tables.describe(source), ask.scorePrefix)
  const columns = [ask.label, ask.id, ask.score, ask.prediction, ...ofClasses.values()].filter((name) => name !== null)
  const texts = [ask.id, ...(ask.task === 'regression' ? [] : [ask.label])].filter((name) => name !== null)
  const table = await tables.read(source, { columns: [...new Set(columns)], asCategory: texts })
  const column = (name: string | null) => (name === null ? undefined : table.columns.get(name))
  const label = column(ask.label)
  if (label === undefined)
    throw new Unavailable('missing', `${source.called} has no column "${ask.label}"`, 'Name the label with --label.')
  const prediction = column(ask.prediction)
  if (prediction !== undefined && ask.task === 'binary') {
    const names = {
      labelCalled: `${ask.label} of ${source.called}`,
      predictionCalled: `${ask.prediction} of ${source.called}`,
    }
    requireKnownClasses({ label, prediction, positive: ask.positive, ...names })
  }
  const scores = new Map([...ofClasses].map(([name, from]) => [name, table.columns.get(from)!]))
  return { id: column(ask.id), label, score: column(ask.score), scores, prediction }
}

function rowsOf(column: Column): number {
  return 'nulls' in column ? column.values.length : column.codes.length
}

function pairing(ask: JudgeAsk, id: Column | undefined, other: Answers, rows: number): Int32Array {
  const incumbent = ask.incumbent?.called ?? ''
  if (ask.id === null) {
    if (rowsOf(other.label) !== rows)
      throw new Unavailable(
        'missing',
        `${ask.candidate.called} has ${rows} rows and ${incumbent} has ${rowsOf(other.label)}: they can't be paired by position`,
        'Name the column that identifies a row with --id.',
      )
    return Int32Array.from({ length: rows }, (_, row) => row)
  }
  requireUniqueIds(other.id, incumbent, ask.id)
  const paired = joinRows(id, other.id)
  if (paired.every((row) => row < 0))
    throw new Unavailable(
      'missing',
      `no ${ask.id} of ${ask.candidate.called} stands in ${incumbent}`,
      'Compare two files about the same rows.',
    )
  return paired
}

function requireSameLabels(ask: JudgeAsk, exam: Exam, other: Column, rows: Int32Array): void {
  const theirs = labelsAt(ask, exam, other, rows)
  const different = rows.reduce(
    (count, row, index) => (row >= 0 && !isSame(theirs[index]!, exam.label[index]!) ? count + 1 : count),
    0,
  )
  if (different > 0)
    throw new Unavailable(
      'missing',
      `${countText(different, 'rows')} ${different === 1 ? 'has' : 'have'} another label in ${ask.incumbent?.called} than in ${ask.candidate.called}`,
      'Compare two files about the same rows, with the same truth.',
    )
}

/** As the exam has them; a class that the exam does not know is -1. */
function labelsAt({ task, label, positive }: JudgeAsk, exam: Exam, column: Column, rows: Int32Array): Float64Array {
  if (task === 'regression') return numbersAt(column, rows)
  if (task === 'binary') return classesAt(column, rows, positive)
  const { classes, codes } = classLabels(column, label)
  const places = classes.map((name) => exam.classes?.indexOf(name) ?? -1)
  return Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : (places[codes[row]!] ?? Number.NaN)))
}

/** Equal, or missing in both. */
function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

/** One file's answers as a version's; a row of -1 has none and is left out by its label. */
function scoredOf(ask: JudgeAsk, version: string, answers: Answers, rows: Int32Array): Scored {
  const said = ask.task === 'multiclass' ? severalClasses(answers, rows) : oneNumber(ask, answers, rows)
  const { score, prediction } = said
  const isWhole = (row: number) => Number.isFinite(prediction[row]!) && (score === null || Number.isFinite(score[row]!))
  const spoilt = rows.reduce((count, place, row) => count + (place >= 0 && !isWhole(row) ? 1 : 0), 0)
  const problems =
    spoilt === 0
      ? []
      : [
          {
            code: 'non-finite',
            status: 'failed' as const,
            what: `${spoilt} answers of the ${version} are missing or not finite`,
            mend: 'Find out why the model answers nothing, NaN or infinity there.',
            rows: spoilt,
          },
        ]
  return {
    ...said,
    facts: { version, rows: rows.length, dropped: { label_null: 0, score_null: 0 }, provenance: 'claimed', problems },
  }
}

type Said = Omit<Scored, 'facts'>

function severalClasses({ scores, prediction }: Answers, rows: Int32Array): Said {
  return { score: null, ...multiclassAnswers({ scores, prediction }, rows) }
}

function oneNumber(ask: JudgeAsk, { score, prediction }: Answers, rows: Int32Array): Said {
  const scores = score === undefined || ask.task === 'regression' ? null : numbersAt(score, rows)
  const given =
    prediction === undefined
      ? null
      : ask.task === 'regression'
        ? numbersAt(prediction, rows)
        : classesAt(prediction, rows, ask.positive)
  const values = given ?? (scores === null ? null : scores.map((value) => (value > ask.threshold ? 1 : 0)))
  if (values !== null) return { score: scores, prediction: values }
  throw new Unavailable(
    'missing',
    'there is neither a score nor a prediction',
    'Name a column with --score or --prediction.',
  )
}
