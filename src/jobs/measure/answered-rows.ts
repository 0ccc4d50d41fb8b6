import type { AnsweredRows } from '../../measuring/estimated-quality.ts'
import { byNumberThenWord } from '../../measuring/scored.ts'
import { type Column, type TableShape, Unavailable } from '../../ports.ts'
import { columnTexts } from '../column-texts.ts'
import { requireKnownClasses } from '../known-classes.ts'
import { classesAt, numbersAt } from '../picked-rows.ts'
import type { EstimateAsk } from './estimate-ask.ts'
import { readSampled } from './sampled-table.ts'

type Both<T> = readonly [calibration: T, window: T]
type Columns = ReadonlyMap<string, Column>

/** Rows left out of a table: no finite score, or no label. */
export interface Dropped {
  readonly calibration: number
  readonly window: number
}

/**
 * What the model said of both tables, and the labels of the first.
 *
 * @throws {Unavailable} when a column is missing, scores are no numbers, or a predicted class is none of the labels'
 */
export async function answeredRows(
  ask: EstimateAsk,
  shapes: Both<TableShape>,
  samples: Both<Uint32Array | null>,
): Promise<{ readonly answered: AnsweredRows; readonly dropped: Dropped }> {
  const scores = scoreColumns(ask, shapes[0])
  const prediction = ask.prediction === undefined ? [] : [ask.prediction]
  const read = (side: 0 | 1, columns: readonly string[]) => {
    const table = side === 0 ? 'calibration table' : 'window'
    for (const column of columns) requireColumn(column, shapes[side], table)
    return readSampled({
      ...{ tables: ask.tables, source: side === 0 ? ask.calibration : ask.window, columns },
      ...{ asCategory: [], asNumber: scores, rows: shapes[side].rows, sample: samples[side] },
    })
  }
  const columns = [
    await read(0, [...scores, ...prediction, ask.label]),
    await read(1, [...scores, ...prediction]),
  ] as const
  return ask.task === 'binary' ? binaryRows(ask, columns, scores[0]!) : classRows(ask, columns, scores)
}

function scoreColumns(ask: EstimateAsk, shape: TableShape): readonly string[] {
  if (ask.task === 'binary') {
    if (ask.score === undefined) throw unable('there is no score to calibrate', 'Name the column with --score.')
    return [ask.score]
  }
  const prefix = ask.scorePrefix ?? 'score_'
  const named = shape.columns.map((column) => column.name).filter((name) => name.startsWith(prefix))
  if (named.length < 2)
    throw unable(`the calibration table has no columns ${prefix}<class>`, 'Name their beginning with --score-prefix.')
  return named.sort((a, b) => byNumberThenWord(a.slice(prefix.length), b.slice(prefix.length)))
}

function requireColumn(name: string, shape: TableShape, table: string): void {
  if (shape.columns.some((column) => column.name === name)) return
  throw unable(
    `the ${table} has no column ${name}`,
    `Columns there: ${shape.columns.map((one) => one.name).join(', ')}.`,
  )
}

function unable(what: string, mend: string): Unavailable {
  return new Unavailable('missing', what, mend)
}

function binaryRows(ask: EstimateAsk, columns: Both<Columns>, name: string) {
  const { threshold = 0.5, positive = 1 } = ask
  if (ask.prediction !== undefined) requireSpoken(ask, columns, { prediction: ask.prediction, positive })
  const of = (side: 0 | 1) => {
    const score = allNumbers(columns[side].get(name)!)
    const classes =
      ask.prediction === undefined
        ? undefined
        : classesAt(columns[side].get(ask.prediction)!, all(score.length), positive)
    return {
      score,
      prediction: classes ?? score.map((value) => (Number.isNaN(value) ? value : value > threshold ? 1 : 0)),
    }
  }
  const [calibration, window] = [of(0), of(1)]
  const label = classesAt(columns[0].get(ask.label)!, all(calibration.score.length), positive)
  const kept = [
    keptRows([calibration.score, calibration.prediction, label]),
    keptRows([window.score, window.prediction]),
  ] as const
  const answered = (side: typeof window, rows: Uint32Array) => ({
    score: Float64Array.from(rows, (row) => side.score[row]!),
    prediction: Uint8Array.from(rows, (row) => side.prediction[row]!),
  })
  const labels = Uint8Array.from(kept[0], (row) => label[row]!)
  return {
    answered: {
      task: 'binary' as const,
      calibration: { ...answered(calibration, kept[0]), label: labels },
      window: answered(window, kept[1]),
    },
    dropped: { calibration: label.length - kept[0].length, window: window.score.length - kept[1].length },
  }
}

/** Predictions of both tables must say what the labels say. */
function requireSpoken(
  { label, calibration, window }: EstimateAsk,
  columns: Both<Columns>,
  { prediction, positive }: { readonly prediction: string; readonly positive: string | number | boolean },
): void {
  for (const [side, { called }] of [calibration, window].entries())
    requireKnownClasses({
      label: columns[0].get(label)!,
      prediction: columns[side]!.get(prediction)!,
      positive,
      labelCalled: `${label} of ${calibration.called}`,
      predictionCalled: `${prediction} of ${called}`,
    })
}

function classRows(ask: EstimateAsk, columns: Both<Columns>, names: readonly string[]) {
  const prefix = ask.scorePrefix ?? 'score_'
  const placeOf = new Map(names.map((name, place) => [name.slice(prefix.length), place]))
  const places = (column: Column) =>
    Float64Array.from(columnTexts(column), (text) => placeOf.get(text ?? '') ?? Number.NaN)
  const of = (side: 0 | 1) => {
    const scores = names.map((name) => allNumbers(columns[side].get(name)!))
    const prediction = ask.prediction === undefined ? largest(scores) : places(columns[side].get(ask.prediction)!)
    return { scores, prediction }
  }
  const [calibration, window] = [of(0), of(1)]
  const label = places(columns[0].get(ask.label)!)
  const kept = [
    keptRows([...calibration.scores, calibration.prediction, label]),
    keptRows([...window.scores, window.prediction]),
  ] as const
  const answered = (side: typeof window, rows: Uint32Array) => ({
    scores: side.scores.map((score) => Float64Array.from(rows, (row) => score[row]!)),
    prediction: Int32Array.from(rows, (row) => side.prediction[row]!),
  })
  const labels = Int32Array.from(kept[0], (row) => label[row]!)
  return {
    answered: {
      task: 'multiclass' as const,
      calibration: { ...answered(calibration, kept[0]), label: labels },
      window: answered(window, kept[1]),
    },
    dropped: { calibration: label.length - kept[0].length, window: window.prediction.length - kept[1].length },
  }
}

/** Place of the largest score, the lowest of equal ones. */
function largest(scores: readonly Float64Array[]): Float64Array {
  return scores[0]!.map((_, row) => {
    let best = 0
    for (let k = 1; k < scores.length; k++) if (scores[k]![row]! > scores[best]![row]!) best = k
    return best
  })
}

function allNumbers(column: Column): Float64Array {
  return numbersAt(column, all('codes' in column ? column.codes.length : column.values.length))
}

function all(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row)
}

function keptRows(columns: readonly Float64Array[]): Uint32Array {
  return Uint32Array.from(columns[0]!, (_, row) => row).filter((row) =>
    columns.every((column) => Number.isFinite(column[row]!)),
  )
}
