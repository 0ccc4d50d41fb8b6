import { pickedColumn } from '../../measuring/column-codes.ts'
import { metricsDocument } from '../../measuring/measured-metrics.ts'
import type { MetricsDocument, MetricWarning } from '../../measuring/metrics-document.ts'
import { classesOf, keptRows, statisticRows } from '../../measuring/scored.ts'
import type { Column, TableShape, TableSource, Tables } from '../../ports.ts'
import { columnTexts } from '../column-texts.ts'
import { readScoredTable, requireColumns, type ScoredColumns, type ScoredTable } from './scored-table.ts'
import { toldTerms, unlabelledText } from './told-terms.ts'

/** What `metrics` was asked. */
export interface MetricsAsk extends ScoredColumns {
  readonly source: TableSource
  readonly confidence: number
  /** Columns to slice by; `*` stands for all that hold nothing else. */
  readonly slices: readonly string[]
  readonly engine: string
  readonly progress?: (what: string | null) => void
}

/** Columns that people call the id of a row, where nobody says. */
const USUAL_IDS = ['row_id', 'id']
/** Ids, or numbers of rows, that a warning names. */
const SHOWN = 10

/**
 * How good the predictions of one table are.
 *
 * @throws {Unavailable} when the table can't be read, a column is not there or holds what the task can't use
 */
export async function measureTable(ask: MetricsAsk, tables: Tables): Promise<MetricsDocument> {
  ask.progress?.(`reading ${ask.source.called}`)
  const shape = await tables.describe(ask.source)
  const id = ask.id ?? USUAL_IDS.find((name) => shape.columns.some((column) => column.name === name)) ?? null
  const slices = slicesAsked(ask, { ...ask, id }, shape)
  const whole = await readScoredTable(tables, ask.source, { ...ask, id: null }, slices)
  const { exam, scored } = whole
  const mask = ask.where === null ? null : exam.masks.get(ask.where)!
  const kept = keptRows(exam, mask)
  const spoilt = both(whole.spoilt, kept)
  // texts of a million ids take longer to read than all the numbers
  const isAsked = spoilt.length > 0 || slices.length > 0
  const table = { ...whole, spoilt, id: isAsked && id !== null ? await idsOf(tables, ask.source, id) : null }
  const document = metricsDocument({
    rows: statisticRows(exam, scored, table.spoilt.length > 0 ? kept.subarray(0, 0) : kept, classesOf(exam, [scored])),
    spoiled: spoiltText(table),
    columns: columnsAt(table, kept),
    told: told(ask, table, mask),
    warnings: [...shape.warnings, ...warningsOf(ask, table, mask)],
    ...(ask.progress === undefined ? {} : { progress: ask.progress }),
  })
  ask.progress?.(null)
  return table.spoilt.length > 0 ? { ...document, rows: kept.length } : document
}

/** Columns to slice by: those named, or with `*` all that hold neither answers nor ids. */
function slicesAsked(ask: MetricsAsk, columns: ScoredColumns, shape: TableShape): readonly string[] {
  if (!ask.slices.includes('*')) {
    requireColumns(ask.source, shape, ask.id === null ? ask.slices : [...ask.slices, ask.id])
    return ask.slices
  }
  const { label, score, prediction, id, weight, unit, scorePrefix } = columns
  const taken: readonly (string | null)[] = [label, score, prediction, id, weight, unit, 'prediction']
  return shape.columns
    .filter(({ name, type }) => type !== 'nested' && !taken.includes(name))
    .map(({ name }) => name)
    .filter((name) => scorePrefix === null || !name.startsWith(scorePrefix))
}

async function idsOf(tables: Tables, source: TableSource, id: string): Promise<Column> {
  const { columns } = await tables.read(source, { columns: [id], asCategory: [id] })
  return columns.get(id)!
}

/** Rows of the first that are in the second too; both rise. */
function both(rows: Int32Array, kept: Int32Array): Int32Array {
  let at = 0
  return rows.filter((row) => {
    while (at < kept.length && kept[at]! < row) at += 1
    return kept[at] === row
  })
}

function columnsAt({ columns, id }: ScoredTable, kept: Int32Array) {
  const at = (column: Column) => pickedColumn(column, kept)
  return { columns: new Map([...columns].map(([name, column]) => [name, at(column)])), id: id && at(id) }
}

function told(ask: MetricsAsk, { exam, spoilt }: ScoredTable, mask: Uint8Array | null) {
  const isIn = (row: number) => mask === null || mask[row] === 1
  let [label_null, where_out] = [0, 0]
  for (let row = 0; row < exam.rows; row++) {
    if (!isIn(row)) where_out += 1
    else if (Number.isNaN(exam.label[row]!)) label_null += 1
  }
  return { ...toldTerms(ask), dropped: { label_null, score_null: spoilt.length, where_out } }
}

function spoiltText({ spoilt }: ScoredTable): string | null {
  return spoilt.length === 0 ? null : `${spoilt.length} answers are missing or not finite`
}

function warningsOf(ask: MetricsAsk, table: ScoredTable, mask: Uint8Array | null): readonly MetricWarning[] {
  const { exam } = table
  const nulls = mask === null ? 0 : mask.reduce((count, value) => count + (value === 2 ? 1 : 0), 0)
  const unlabelled = exam.label.reduce((count, label) => count + (Number.isNaN(label) ? 1 : 0), 0)
  const warn = (isSo: boolean, warning: MetricWarning) => (isSo ? [warning] : [])
  return [
    ...spoiltWarning(ask, table),
    ...warn(unlabelled > 0, {
      code: 'label_null',
      column: ask.label,
      message: `${unlabelled} rows ${unlabelledText(ask)}`,
    }),
    ...warn(nulls > 0, {
      code: 'where_null',
      message: `${nulls} rows have no answer to '${ask.where}' and are left out`,
    }),
    ...warn(ask.unit !== null && (exam.unit?.includes(-1) ?? false), {
      code: 'unit_null',
      column: ask.unit ?? '',
      message: `rows without ${ask.unit} are taken for one unit`,
    }),
  ]
}

/** How many answers are no numbers, and which rows they are of. */
function spoiltWarning(ask: MetricsAsk, { spoilt, id }: ScoredTable): readonly MetricWarning[] {
  if (spoilt.length === 0) return []
  const column = ask.scorePrefix === null ? (ask.score ?? ask.prediction) : null
  const texts = id === null ? null : columnTexts(id)
  const names = [...spoilt.subarray(0, SHOWN)].map((row) => texts?.[row] ?? String(row + 1))
  const more = spoilt.length > SHOWN ? `, and ${spoilt.length - SHOWN} more` : ''
  const where = id === null ? 'rows, counted from 1' : 'ids'
  const message = `${spoilt.length} answers are missing or not finite (${where}: ${names.join(', ')}${more}), so there is no number`
  return [{ code: 'score_not_finite', ...(column === null ? {} : { column }), message }]
}
