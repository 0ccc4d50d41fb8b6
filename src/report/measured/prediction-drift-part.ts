import { countText, numberText } from '../../gates/number-text.ts'
import type { LabelDrift, PredictionDrift } from '../../measuring/prediction-drift.ts'
import type { DriftMeasured } from '../../statistics/drift-column.ts'
import type { Cell, PagePart } from '../page/page.ts'

/** Scores, predictions and labels against those of the evaluation set. */
export function predictionDriftParts(drift: {
  readonly predictions: PredictionDrift | null
  readonly labels: LabelDrift | null
}): readonly PagePart[] {
  const { predictions, labels } = drift
  const rows = [
    ...(predictions?.score ? [row('score', predictions.score)] : []),
    ...(predictions?.prediction ? [row('prediction', predictions.prediction)] : []),
    ...(labels?.label ? [row('label', labels.label)] : []),
  ]
  const waiting = labels === null || labels.rows.waiting === 0 ? [] : [waitingPart(labels)]
  if (rows.length === 0) return waiting
  return [
    {
      kind: 'table',
      title: 'Answers and labels',
      about: 'Reference: what the same version said of its evaluation set.',
      columns: [
        { name: 'what' },
        { name: 'column' },
        { name: 'score', align: 'right' },
        { name: 'p, corrected', align: 'right' },
        { name: 'drifted' },
      ],
      rows,
    },
    ...waiting,
  ]
}

function row(what: string, measured: DriftMeasured): readonly Cell[] {
  return [what, measured.column, numberOrNone(measured.score), numberOrNone(measured.p_adjusted), drifted(measured)]
}

function numberOrNone(value: number | null): string {
  return value === null ? 'none' : numberText(value)
}

function drifted({ is_drifted, reason }: DriftMeasured): Cell {
  if (is_drifted === null) return { text: `not told: ${(reason ?? '').replaceAll('_', ' ')}`, tone: 'doubt' }
  return { text: is_drifted ? 'yes' : 'no', tone: is_drifted ? 'bad' : 'good' }
}

function waitingPart({ rows, days, because }: LabelDrift): PagePart {
  const of = days === null ? '' : ` of ${countText(days.waiting, 'days')}`
  const lines = [`Labels of ${countText(rows.waiting, 'rows')}${of} are waited for.`]
  return {
    kind: 'text',
    title: 'Labels to come',
    lines: because === undefined ? lines : [...lines, `No drift of labels: ${because}.`],
  }
}
