import { canonicalOrder } from '../../measuring/canonical-order.ts'
import { type Columns, columnRows, pickedColumn } from '../../measuring/column-codes.ts'
import { type Column, type TableSource, type Tables, Unavailable } from '../../ports.ts'
import { classLabels } from '../class-labels.ts'
import { columnTexts } from '../column-texts.ts'
import { classesAt, numbersAt } from '../picked-rows.ts'
import { type ModelColumns, requireColumns } from './explained-columns.ts'

/** Rows of a table whose columns fill a model. */
export interface FeatureRows {
  /** Rows of the whole table. */
  readonly rows: number
  readonly columns: Columns
  readonly label: Column | null
}

/**
 * Reads the columns of a model, and the label, of one table.
 *
 * @throws {Unavailable} when a column is not there or there are no rows
 */
export async function readFeatures(
  tables: Tables,
  source: TableSource,
  { names, texts }: ModelColumns,
  label: string | null,
): Promise<FeatureRows> {
  const wanted = [...new Set([...names, ...(label === null ? [] : [label])])]
  requireColumns((await tables.describe(source)).columns, wanted, source.called)
  const table = await tables.read(source, { columns: wanted, asCategory: texts })
  if (table.rows === 0) throw new Unavailable('missing', `${source.called} holds no rows`, 'Give a table with rows.')
  return {
    rows: table.rows,
    columns: new Map(names.map((name) => [name, table.columns.get(name)!])),
    label: label === null ? null : table.columns.get(label)!,
  }
}

/**
 * Rows with a label, in canonical order of features and label: rows that are equal in both cannot be told apart.
 *
 * @param label  NaN where there is none
 */
export function labelledRows({ columns, label }: FeatureRows, numbers: Float64Array, seed: number): Int32Array {
  const whole = label === null ? columns : new Map([...columns, ['the label', label]])
  return canonicalOrder(whole, seed).filter((row) => !Number.isNaN(numbers[row]!))
}

/** The first so many rows in canonical order: the same sample whatever the order of the table. */
export function sampleRows(columns: Columns, most: number, seed: number): Int32Array {
  return canonicalOrder(columns, seed).slice(0, most)
}

export function pickedColumns(columns: Columns, rows: Int32Array): Columns {
  return new Map([...columns].map(([name, column]) => [name, pickedColumn(column, rows)]))
}

/** The first so many rows as they stand. */
export function firstRows(columns: Columns, most: number): Int32Array {
  return Int32Array.from({ length: Math.min(most, columnRows(columns)) }, (_, row) => row)
}

export interface LabelAsk {
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly positive: string | number | boolean
  readonly called: string
}

/** Labels as the task has them; `classes` are those that occur where there are several. */
export interface LabelNumbers {
  readonly numbers: Float64Array
  readonly classes?: readonly string[]
}

/**
 * Labels as numbers: 1 where the class is the positive one, the place of one class of several, or the number of a
 * regression; NaN where there is none.
 *
 * @throws {Unavailable} when no label says anything, or only one class is there
 */
export function labelNumbers(label: Column, ask: LabelAsk): LabelNumbers {
  if (ask.task === 'multiclass') return severalClasses(label, ask.called)
  const rows = 'codes' in label ? label.codes.length : label.values.length
  const every = Int32Array.from({ length: rows }, (_, row) => row)
  const numbers = ask.task === 'regression' ? numbersAt(label, every) : classesAt(label, every, ask.positive)
  const known = numbers.filter((value) => Number.isFinite(value))
  const classes =
    ask.task === 'binary' ? new Set(columnTexts(label).filter((text) => text !== null && text !== 'NaN')) : new Set()
  if (classes.size > 2) throw unusable(ask.called, `has ${classes.size} values, a binary task has two`)
  if (known.length === 0) throw unusable(ask.called, 'holds nothing that the model could be held to')
  if (ask.task === 'binary' && known.every((value) => value === known[0]))
    throw unusable(ask.called, `holds ${known[0] === 1 ? 'nothing but' : 'no'} ${JSON.stringify(ask.positive)}`)
  return { numbers: numbers.map((value) => (Number.isFinite(value) ? value : Number.NaN)) }
}

function severalClasses(label: Column, called: string): LabelNumbers {
  const { classes, codes } = classLabels(label, `the label ${called}`)
  if (classes.length < 2) throw unusable(called, `holds ${classes.length === 0 ? 'no class' : 'one class alone'}`)
  return { numbers: codes, classes }
}

function unusable(called: string, what: string): Unavailable {
  return new Unavailable('missing', `the label ${called} ${what}`, 'Check --label, --task and --positive.')
}
