import type { ExamRows, Scored } from '../measuring/scored.ts'
import { classesOf, keptRows, statisticRows } from '../measuring/scored.ts'
import { marginRoundedUp, smallestPassableMargin } from '../statistics/margin.ts'
import { measureDifference, measureMetric } from '../statistics/measure.ts'

/** One rule of a first policy, with the reason for its number. */
export interface FittedRule {
  readonly yaml: string
  readonly why: string
  /** Id of the baseline's rule that this one is looser than; null when it is not. */
  readonly loosens: string | null
}

const CONFIDENCE = 0.9
const RELATIVE = {
  binary: [
    { metric: 'roc_auc', limit: 'max_drop', baseline: 0.01 },
    { metric: 'brier_score', limit: 'max_rise', baseline: 0.01 },
  ],
  multiclass: [{ metric: 'accuracy', limit: 'max_drop', baseline: 0.01 }],
  regression: [{ metric: 'r2', limit: 'max_drop', baseline: 0.02 }],
} as const

/**
 * Rules whose margins suit the rows at hand: an equally good model passes each 4 times of 5.
 * Without an incumbent, a floor that the candidate's own interval reaches.
 */
export function fitRules(exam: ExamRows, candidate: Scored, incumbent: Scored | null): readonly FittedRule[] {
  const kept = keptRows(exam, null)
  return RELATIVE[exam.task].flatMap(({ metric, limit, baseline }) => {
    if (exam.task === 'binary' && candidate.score === null) return []
    const classes = classesOf(exam, incumbent === null ? [candidate] : [candidate, incumbent])
    const rows = statisticRows(exam, candidate, kept, classes)
    if (incumbent === null) return limit === 'max_drop' ? floorOf(metric, rows) : []
    if (exam.task === 'binary' && incumbent.score === null) return []
    const { se } = measureDifference(
      { candidate: rows, incumbent: statisticRows(exam, incumbent, kept, classes) },
      metric,
      {
        confidence: CONFIDENCE,
      },
    )
    if (se === null || se === undefined) return []
    const needed = smallestPassableMargin(se, CONFIDENCE)
    const margin = Math.max(baseline, marginRoundedUp(needed) ?? 0.5)
    return [
      {
        yaml: `{metric: ${metric}, against: incumbent, ${limit}: ${margin}, confidence: ${CONFIDENCE}}`,
        why: `On ${kept.length} rows an equally good model moves by ${se.toPrecision(2)} by chance; it passes ${needed.toPrecision(2)} and more 4 times of 5.`,
        loosens: margin > baseline ? `metrics/${metric}/incumbent` : null,
      },
    ]
  })
}

function floorOf(metric: string, rows: Parameters<typeof measureMetric>[0]): readonly FittedRule[] {
  const { interval, value } = measureMetric(rows, metric, { confidence: CONFIDENCE })
  const low = interval?.[0] ?? value
  if (low === null || low === undefined) return []
  const floor = Math.floor(low * 100) / 100
  return [
    {
      yaml: `{metric: ${metric}, min: ${floor}}`,
      why: `The first version reached ${low.toPrecision(3)} at least: a floor for those to come.`,
      loosens: null,
    },
  ]
}
