import type { OutputFacts } from '../gates/evidence.ts'
import { lagOneAutocorrelation } from '../statistics/autocorrelation.ts'
import type { MeasureInput } from './measure-input.ts'
import { spoiled } from './scored.ts'

/** Above this, neighbours in time are not independent rows, and row intervals are too narrow. */
const NOTICEABLE = 0.1

/** The candidate's facts, with a warning where its squared errors are correlated in time and no unit is named. */
export function withTimeWarning({ exam, candidate }: Pick<MeasureInput, 'exam' | 'candidate'>): OutputFacts {
  const { facts } = candidate
  const { time, unit } = exam
  if (time === undefined || time === null || unit !== null || spoiled(candidate) !== null) return facts
  const answer = candidate.score ?? candidate.prediction
  const lag = lagOfErrors(exam.label, answer, time)
  if (lag === null || lag <= NOTICEABLE) return facts
  const what = `errors of ${facts.version} are correlated in time (${lag.toFixed(2)} from row to row)`
  const mend =
    'Intervals by rows are too narrow then: name columns.unit in model.yml (unit: day takes the days of columns.time).'
  return {
    ...facts,
    problems: [...facts.problems, { code: 'autocorrelated', status: 'advisory', what, mend, rows: null }],
  }
}

/**
 * How much a squared error is like the next one in time.
 *
 * @param label   n true answers; NaN where unknown
 * @param answer  n answers of the model
 * @param time    n places in time; NaN where unknown. Equal ones keep their order
 * @returns -1 to 1 over the rows where all are known; null for fewer than three, or errors that are all alike
 * @example lagOfErrors(Float64Array.of(0, 0, 0, 0), Float64Array.of(1, 2, 3, 4), Float64Array.of(4, 3, 2, 1)) // => 0.23449612403100775
 */
export function lagOfErrors(label: Float64Array, answer: Float64Array, time: Float64Array): number | null {
  const known = (row: number) =>
    Number.isFinite(label[row]!) && Number.isFinite(answer[row]!) && Number.isFinite(time[row]!)
  const rows = Uint32Array.from(label.keys()).filter(known)
  rows.sort((a, b) => time[a]! - time[b]! || a - b)
  return lagOneAutocorrelation(Float64Array.from(rows, (row) => (answer[row]! - label[row]!) ** 2))
}
