import type { FairnessRows } from '../../measuring/group-fairness.ts'
import { type Column, type TableRows, type TableSource, type Tables, Unavailable } from '../../ports.ts'
import { areWeights, WEIGHTS_ARE } from '../are-weights.ts'
import { MOST_CLASSES } from '../class-labels.ts'
import { sameLabel } from '../exam.ts'
import { requireKnownClasses } from '../known-classes.ts'

type Positive = string | number | boolean

/** Which columns of a table hold what. */
export interface FairnessColumns {
  readonly data: TableSource
  /** multiclass: the positive class against all others. */
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly label: string
  readonly prediction: string | null
  readonly score: string | null
  readonly threshold: number
  readonly positive: Positive
  /** Columns to group by, each once. */
  readonly groups: readonly string[]
  readonly unit: string | null
  readonly weight: string | null
  readonly where: string | null
}

/** The rows that count, and how many do not. */
export interface FairnessTable {
  readonly rows: FairnessRows
  /** Columns to group by, in the order of the rows that count. */
  readonly groups: ReadonlyMap<string, { readonly codes: Int32Array; readonly values: readonly string[] }>
  readonly dropped: { readonly label_null: number; readonly answer_null: number; readonly where_out: number }
}

/**
 * Label, answer, score, unit, weight and groups of a table, read once; rows without label or answer are left out.
 *
 * @throws {Unavailable} when a column does not hold what it is named for, or no row is left
 */
export async function readFairnessTable(ask: FairnessColumns, tables: Tables): Promise<FairnessTable> {
  const { data, label, prediction, score, unit, weight, where, groups } = ask
  const optional = [prediction, score, unit, weight].filter((name) => name !== null)
  const table = await tables.read(data, {
    columns: [...new Set([label, ...optional, ...groups])],
    asCategory: groups.filter((name) => !isNumberOf(ask, name)),
    ...(score === null && weight === null ? {} : { asNumber: [score, weight].filter((name) => name !== null) }),
    ...(where === null ? {} : { where: [where] }),
  })
  if (table.rows === 0) throw bad(`${data.called} holds no rows`, 'Give a table with rows.')
  const column = (name: string) => table.columns.get(name) ?? missing(data, name)
  const answers = answersOf(ask, table)
  const kept = keptRows(answers, table.masks[0] ?? null)
  if (kept.rows.length === 0)
    throw bad(`${data.called}: no row has ${label}, an answer and where`, 'Check the columns.')
  const all = kept.rows.length === table.rows
  const at = (values: Float64Array) => (all ? values : Float64Array.from(kept.rows, (row) => values[row]!))
  const codes = (values: Int32Array) => (all ? values : Int32Array.from(kept.rows, (row) => values[row]!))
  return {
    rows: {
      task: ask.task === 'regression' ? 'regression' : 'binary',
      label: at(answers.label),
      prediction: at(answers.prediction),
      score: answers.score && at(answers.score),
      unit: unit === null ? null : codes(codesOf(column(unit)).codes),
      weight: weight === null ? null : at(weightsOf(column(weight), ask)),
    },
    groups: new Map(
      groups.map((name) => {
        const own = codesOf(column(name))
        return [name, { codes: codes(own.codes), values: own.values }]
      }),
    ),
    dropped: kept.dropped,
  }
}

/** A column that is scored or weighed as a number cannot be read as categories at once; its codes are made here. */
function isNumberOf({ score, weight }: FairnessColumns, name: string): boolean {
  return name === score || name === weight
}

interface Answers {
  readonly label: Float64Array
  readonly prediction: Float64Array
  readonly score: Float64Array | null
}

function answersOf(ask: FairnessColumns, { columns }: TableRows): Answers {
  const { data, task } = ask
  const named = (name: string) => columns.get(name) ?? missing(data, name)
  const label = named(ask.label)
  const score = ask.score === null ? null : numbersOf(named(ask.score), ask.score, ask)
  if (task === 'regression') {
    const answer = ask.prediction === null ? score : numbersOf(named(ask.prediction), ask.prediction, ask)
    return { label: numbersOf(label, ask.label, ask), prediction: answer!, score: null }
  }
  const truth = classesOf(label, ask.positive)
  mustHoldTwoClasses(ask, truth)
  if (ask.prediction === null)
    return { label: truth.classes, prediction: score!.map((p) => above(p, ask.threshold)), score }
  const answer = classesOf(named(ask.prediction), ask.positive)
  requireKnownClasses({
    label,
    prediction: named(ask.prediction),
    positive: ask.positive,
    labelCalled: `${ask.label} of ${data.called}`,
    predictionCalled: `${ask.prediction} of ${data.called}`,
  })
  return { label: truth.classes, prediction: answer.classes, score }
}

function above(score: number, threshold: number): number {
  return Number.isFinite(score) ? (score > threshold ? 1 : 0) : Number.NaN
}

function keptRows({ label, prediction, score }: Answers, mask: Uint8Array | null) {
  const rows = new Int32Array(label.length)
  let [count, label_null, answer_null, where_out] = [0, 0, 0, 0]
  for (let row = 0; row < rows.length; row++) {
    const isAnswered = Number.isFinite(prediction[row]!) && (score === null || Number.isFinite(score[row]!))
    if (mask !== null && mask[row] !== 1) where_out++
    else if (!Number.isFinite(label[row]!)) label_null++
    else if (!isAnswered) answer_null++
    else rows[count++] = row
  }
  return { rows: rows.subarray(0, count), dropped: { label_null, answer_null, where_out } }
}

interface Classes {
  /** 1 positive, 0 another class, NaN missing. */
  readonly classes: Float64Array
  /** Distinct values, of numbers no more than any model has classes. */
  readonly values: readonly string[]
}

function classesOf(column: Column, positive: Positive): Classes {
  if (!('nulls' in column)) {
    const found = column.values.map((value) => (value === 'NaN' ? Number.NaN : sameLabel(value, positive) ? 1 : 0))
    const seen = new Uint8Array(column.values.length)
    const classes = new Float64Array(column.codes.length)
    for (let row = 0; row < classes.length; row++) {
      const code = column.codes[row]!
      classes[row] = code < 0 ? Number.NaN : found[code]!
      if (code >= 0) seen[code] = 1
    }
    return { classes, values: column.values.filter((value, code) => seen[code] === 1 && value !== 'NaN') }
  }
  const wanted = Number(positive)
  const values = new Set<number>()
  const classes = column.values.map((value) => {
    if (Number.isNaN(value)) return Number.NaN
    if (values.size < MOST_CLASSES) values.add(value)
    return value === wanted ? 1 : 0
  })
  return { classes, values: [...values].map(String) }
}

/** More than two values are another task; none that is positive is a wrong word for it far more often than the truth. */
function mustHoldTwoClasses({ data, task, label, positive }: FairnessColumns, { values }: Classes): void {
  if (values.length > 2 && task === 'binary')
    throw bad(
      `${label} of ${data.called} has more than two values (${listed(values)}), a binary task has two`,
      'Give --task multiclass and the favourable class with --positive, or --task regression.',
    )
  const known = values.every((value) => ['0', '1', 'true', 'false', '0.0', '1.0'].includes(value))
  if (values.some((value) => sameLabel(value, positive)) || (known && values.length < 2)) return
  throw bad(
    `no row of ${data.called} has ${label} = ${JSON.stringify(positive)}; found there: ${listed(values)}`,
    'Name the positive class with --positive.',
  )
}

/** Squares and sums of larger ones are soon no double any more. */
const LARGEST = 1e140

function numbersOf(column: Column, name: string, { data }: FairnessColumns): Float64Array {
  if ('nulls' in column) {
    if (column.values.some((value) => Math.abs(value) > LARGEST && Number.isFinite(value)))
      throw bad(`${name} of ${data.called} holds numbers beyond 1e140`, 'Measure it in another unit.')
    return column.values
  }
  throw bad(`${name} of ${data.called} is text, numbers are needed`, 'Check --task and the names of the columns.')
}

function weightsOf(column: Column, ask: FairnessColumns): Float64Array {
  if ('nulls' in column && areWeights(column.values)) return column.values
  throw bad(`${ask.weight} of ${ask.data.called} holds something that is no weight`, WEIGHTS_ARE)
}

function codesOf(column: Column): { readonly codes: Int32Array; readonly values: readonly string[] } {
  if (!('nulls' in column)) return column
  const known = new Map<number, number>()
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1
    const code = known.get(value) ?? known.size
    if (code === known.size) known.set(value, code)
    return code
  })
  return { codes, values: [...known.keys()].map(String) }
}

function missing(data: TableSource, name: string): never {
  throw bad(`${data.called} has no column "${name}"`, 'Check the names of the columns.')
}

function bad(message: string, mend: string): Unavailable {
  return new Unavailable('missing', message, mend)
}

function listed(values: readonly string[]): string {
  return values.slice(0, 8).join(', ')
}
