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
  const rows = [...exam.label.keys()].filter((row) => Number.isFinite(exam.label[row]!) && Number.isFinite(time[row]!))
  rows.sort((a, b) => time[a]! - time[b]!)
  const lag = lagOneAutocorrelation(Float64Array.from(rows, (row) => (answer[row]! - exam.label[row]!) ** 2))
  if (lag === null || lag <= NOTICEABLE) return facts
  const what = `errors of ${facts.version} are correlated in time (${lag.toFixed(2)} from row to row)`
  const mend =
    'Intervals by rows are too narrow then: name columns.unit in model.yml (unit: day takes the days of columns.time).'
  return {
    ...facts,
    problems: [...facts.problems, { code: 'autocorrelated', status: 'advisory', what, mend, rows: null }],
  }
}
