import { type EstimatedQuality, estimatedQuality } from '../../measuring/estimated-quality.ts'
import type { MeasuredWarning } from '../../measuring/measured-warning.ts'
import type { TableShape, TableSource } from '../../ports.ts'
import type { DriftInput } from '../../statistics/drift-column.ts'
import { answeredRows } from './answered-rows.ts'
import type { EstimateAsk } from './estimate-ask.ts'
import { readSampled, SAMPLED_ROWS, sampledRows } from './sampled-table.ts'

/**
 * Estimates the quality of a window without labels, from the calibration of the version's scores on its evaluation set.
 *
 * Of more than 20,000 rows a side a seeded sample is taken.
 *
 * @throws {Unavailable} when a column is missing or can't be read as what it is to be
 */
export async function estimateQuality(
  ask: EstimateAsk,
): Promise<{ readonly estimated: EstimatedQuality; readonly warnings: readonly MeasuredWarning[] }> {
  const { tables, confidence = 0.95, seed = 0, critical = [], progress } = ask
  const terms = { critical, confidence, seed }
  if (ask.task === 'regression') return estimatedQuality({ ...terms, answered: { task: 'regression' }, inputs: [] })
  const [was, is] = await Promise.all([tables.describe(ask.calibration), tables.describe(ask.window)])
  const samples = [sampledRows(was.rows, seed, 'reference'), sampledRows(is.rows, seed, 'current')] as const
  progress?.(0, 1, 'reading')
  const { answered, dropped } = await answeredRows(ask, [was, is], samples)
  const inputs = await inputColumns(ask, [was, is], samples)
  const answer = estimatedQuality({
    ...terms,
    answered,
    inputs,
    ...(progress === undefined ? {} : { progress: (done, of) => progress(done, of, 'drawing again') }),
  })
  return { ...answer, warnings: [...answer.warnings, ...droppedWarnings(dropped), ...sampledWarnings(was, is)] }
}

/** The model's inputs of both tables; where none is shared, the score by itself must do. */
async function inputColumns(
  ask: EstimateAsk,
  [was, is]: readonly [TableShape, TableShape],
  samples: readonly [Uint32Array | null, Uint32Array | null],
): Promise<readonly DriftInput[]> {
  const types = (shape: TableShape) => new Map(shape.columns.map((column) => [column.name, column.type]))
  const [before, after] = [types(was), types(is)]
  const prefix = ask.task === 'multiclass' ? (ask.scorePrefix ?? 'score_') : null
  const isOther = (name: string) =>
    [ask.label, ask.score, ask.prediction, ...(ask.except ?? [])].includes(name) ||
    (prefix !== null && name.startsWith(prefix)) ||
    before.get(name) === 'nested' ||
    after.get(name) === 'nested'
  const shared = (ask.columns ?? [...before.keys()]).filter((name) => before.has(name) && after.has(name))
  const inputs = shared.filter((name) => !isOther(name))
  const names = inputs.length > 0 || ask.score === undefined ? inputs : [ask.score]
  const asCategory = names.filter((name) => [before.get(name), after.get(name)].includes('category'))
  const read = (source: TableSource, shape: TableShape, sample: Uint32Array | null) =>
    readSampled({ tables: ask.tables, source, columns: names, asCategory, rows: shape.rows, sample })
  const reference = await read(ask.calibration, was, samples[0])
  const current = await read(ask.window, is, samples[1])
  return names.map((column) => ({
    column,
    kind: asCategory.includes(column) || before.get(column) === 'boolean' ? 'category' : 'number',
    reference: reference.get(column)!,
    current: current.get(column)!,
  }))
}

function droppedWarnings(dropped: {
  readonly calibration: number
  readonly window: number
}): readonly MeasuredWarning[] {
  return Object.entries(dropped).flatMap(([table, rows]) =>
    rows === 0
      ? []
      : [{ code: 'dropped', message: `${rows} rows of the ${table} have no finite score, or no label: left out` }],
  )
}

function sampledWarnings(was: TableShape, is: TableShape): readonly MeasuredWarning[] {
  if (Math.max(was.rows, is.rows) <= SAMPLED_ROWS) return []
  const message = `estimated on at most ${SAMPLED_ROWS} rows of each table, drawn with seed: intervals are as wide as those rows make them`
  return [{ code: 'sampled', message }]
}
