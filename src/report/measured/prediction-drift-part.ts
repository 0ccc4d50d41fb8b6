import { countText, numberText } from '../../gates/number-text.ts'
import type { LabelDrift, PredictionDrift } from '../../measuring/prediction-drift.ts'
import type { DriftMeasured } from '../../statistics/drift-column.ts'
import type { Cell, PageAlarm, PagePart } from '../page/page.ts'

interface AnswersDrift {
  readonly predictions: PredictionDrift | null
  readonly labels: LabelDrift | null
}

/** Scores, predictions and labels against those of the evaluation set. */
export function predictionDriftParts(drift: AnswersDrift): readonly PagePart[] {
  const { labels } = drift
  const rows = measuredOf(drift).map(([what, measured]) => row(what, measured))
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

/** One for each of them that drifted. */
export function predictionDriftAlarms(drift: AnswersDrift): readonly PageAlarm[] {
  const drifted = measuredOf(drift).filter(([, { is_drifted }]) => is_drifted === true)
  return drifted.map(([what, { column, score }]) => ({
    tone: 'bad',
    message: `The ${what} drifted from that of the evaluation set: ${column}, ${numberOrNone(score)}.`,
  }))
}

function measuredOf({ predictions, labels }: AnswersDrift): readonly (readonly [string, DriftMeasured])[] {
  return [
    ...(predictions?.score ? [['score', predictions.score] as const] : []),
    ...(predictions?.prediction ? [['prediction', predictions.prediction] as const] : []),
    ...(labels?.label ? [['label', labels.label] as const] : []),
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
