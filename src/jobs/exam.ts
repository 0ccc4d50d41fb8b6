import type { ExamTerms } from '../gates/evidence.ts'
import type { ExamRows } from '../measuring/scored.ts'
import { type Column, type TableRows, type TableSource, type Tables, Unavailable } from '../ports.ts'
import { areWeights, WEIGHTS_ARE } from './are-weights.ts'
import { classLabels } from './class-labels.ts'

const DAY_MS = 86_400_000

export interface Exam extends ExamRows {
  readonly table: TableRows
  readonly source: TableSource
  readonly masks: ReadonlyMap<string, Uint8Array>
}

export interface ExamAsk {
  readonly where: readonly string[]
  /** Columns whose values make groups. */
  readonly across: readonly string[]
}

/**
 * The exam's label, units, weights, slices and groups, in row order.
 *
 * @throws {Unavailable} when the label is absent or is not what the task needs
 */
export async function readExam(tables: Tables, source: TableSource, terms: ExamTerms, ask: ExamAsk): Promise<Exam> {
  const { unit, weight, time } = terms.columns
  if (unit === 'day' && time === undefined)
    throw new Unavailable(
      'missing',
      'columns.unit is day, and no column of time is named',
      'Name columns.time in model.yml.',
    )
  const unitColumn = unit === 'day' ? time : unit
  const timeColumn = unit === undefined ? await timeColumnOf(tables, source, time) : undefined
  const optional = [unitColumn, weight, timeColumn].filter((name): name is string => name !== undefined)
  const groups = [...new Set([...ask.across, ...(unitColumn !== undefined && unit !== 'day' ? [unitColumn] : [])])]
  const where = [...new Set(ask.where)]
  const table = await tables.read(source, {
    columns: [...new Set([terms.label.name, ...optional, ...ask.across])],
    asCategory: [...new Set([...groups, ...(terms.task === 'regression' ? [] : [terms.label.name])])],
    where,
  })
  if (table.rows === 0) throw new Unavailable('missing', `${source.called} holds no rows`, 'Give a table with rows.')
  const label = table.columns.get(terms.label.name)
  if (label === undefined)
    throw new Unavailable(
      'missing',
      `${source.called} has no label column "${terms.label.name}"`,
      'Name the label column in model.yml.',
    )
  return {
    rows: table.rows,
    ...labelsOf(terms, label, source),
    unit: unitColumn === undefined ? null : unitCodes(table.columns.get(unitColumn), unit === 'day', source),
    weight: weight === undefined ? null : weights(table.columns.get(weight), source),
    time: timeColumn === undefined ? null : momentsOf(table.columns.get(timeColumn)),
    table,
    source,
    masks: new Map(where.map((text, index) => [text, table.masks[index] ?? new Uint8Array(table.rows)])),
  }
}

/** What the rows truly are, as the task reads it. */
function labelsOf(terms: ExamTerms, label: Column, source: TableSource): Pick<Exam, 'task' | 'label' | 'classes'> {
  if (terms.task === 'regression') return { task: 'regression', label: numbers(label, source) }
  if (terms.task !== 'multiclass') return { task: 'binary', label: positives(label, terms.label.positive ?? 1, source) }
  const { classes, codes } = classLabels(label, `the label of ${source.called}`)
  return { task: 'multiclass', label: codes, classes }
}

/** The time column where the table has it: without, nothing can be said of neighbours in time. */
async function timeColumnOf(
  tables: Tables,
  source: TableSource,
  time: string | undefined,
): Promise<string | undefined> {
  if (time === undefined) return undefined
  const { columns } = await tables.describe(source)
  return columns.some((column) => column.name === time && column.type === 'time') ? time : undefined
}

function momentsOf(column: Column | undefined): Float64Array | null {
  return column === undefined || !('nulls' in column) ? null : column.values
}

function numbers(column: Column, source: TableSource): Float64Array {
  if ('nulls' in column) return column.values.every(isNumberOrNone) ? column.values : column.values.map(finiteOrNone)
  throw new Unavailable(
    'missing',
    `the label of ${source.called} is text, a regression needs numbers`,
    'Check task and label in model.yml.',
  )
}

function isNumberOrNone(value: number): boolean {
  return Number.isFinite(value) || Number.isNaN(value)
}

/** An infinite label is none: nothing can be as far from it as anything else. */
function finiteOrNone(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}

/** 1 where the label is the positive value, 0 where it is another, NaN where it is null. */
function positives(column: Column, positive: string | number | boolean, source: TableSource): Float64Array {
  if ('nulls' in column)
    return column.values.map((value, row) =>
      column.nulls[row] === 1 ? Number.NaN : value === Number(positive) ? 1 : 0,
    )
  // NaN is what a table of numbers says of a missing one
  const isNone = column.values.map((value) => value === 'NaN')
  const matches = column.values.map((value) => sameLabel(value, positive))
  const seen = new Set(column.codes.filter((code) => code >= 0 && !isNone[code]))
  if (seen.size > 2)
    throw new Unavailable(
      'missing',
      `the label of ${source.called} has ${seen.size} values, a binary task has two`,
      'Check task and label in model.yml.',
    )
  return Float64Array.from(column.codes, (code) => (code < 0 || isNone[code] ? Number.NaN : matches[code] ? 1 : 0))
}

/** `01`, `0x1` and ` 1` are codes, not numbers. */
const PLAIN_NUMBER = /^[+-]?(0|[1-9]\d*)(\.\d*)?([eE][+-]?\d+)?$/

/** Label values come as text (`1`, `1.0`, `true`), the positive value as YAML wrote it. */
export function sameLabel(value: string, positive: string | number | boolean): boolean {
  if (value === String(positive)) return true
  if (typeof positive === 'string') return false
  if (PLAIN_NUMBER.test(value)) return Number(value) === Number(positive)
  return positive === 1 && value === 'true'
}

/** Rows of the exam without a label: they are in no number. */
export function nullLabels({ label }: Pick<Exam, 'label'>): number {
  return label.reduce((nulls, value) => nulls + (Number.isNaN(value) ? 1 : 0), 0)
}

/** Rows that belong together bear one code: of the unit's value, or of the UTC day that they happened on. */
function unitCodes(column: Column | undefined, byDay: boolean, source: TableSource): Int32Array | null {
  if (column === undefined) return null
  if (byDay && column.type !== 'time')
    throw new Unavailable(
      'missing',
      `columns.time of ${source.called} holds no moments, so its rows have no day`,
      'Store it as dates or timestamps, or name another columns.unit.',
    )
  if (!('nulls' in column)) return column.codes
  const codes = new Map<number, number>()
  return Int32Array.from(column.values, (value) => {
    const unit = byDay ? Math.floor(value / DAY_MS) : value
    const code = codes.get(unit) ?? codes.size
    codes.set(unit, code)
    return code
  })
}

function weights(column: Column | undefined, source: TableSource): Float64Array | null {
  if (column === undefined) return null
  if (column.type === 'number' && areWeights(column.values)) return column.values
  throw new Unavailable(
    'missing',
    `the weight column of ${source.called} holds something that is no weight`,
    WEIGHTS_ARE,
  )
}
