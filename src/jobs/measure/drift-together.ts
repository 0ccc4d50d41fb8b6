import type { DriftDocument } from '../../measuring/drift.ts'
import type { MeasuredWarning } from '../../measuring/measured-warning.ts'
import type { TableSource, Tables } from '../../ports.ts'
import type { Feature } from '../../registry/model.ts'
import { measureMultivariateDrift } from './multivariate-drift.ts'
import { measurePredictionDrift } from './prediction-drift.ts'

/** What is looked at besides the columns one by one. */
export interface TogetherAsk {
  readonly multivariate: boolean
  readonly score?: string
  readonly prediction?: string
  readonly label?: string
  readonly labelDelay?: string
  readonly time?: string
  readonly columns?: readonly string[]
  readonly features?: readonly Feature[]
  readonly except: readonly string[]
  readonly minEffect: number
  readonly progress?: (done: number, of: number, what: string) => void
}

export interface TogetherTables {
  readonly tables: Tables
  readonly reference: TableSource
  readonly current: TableSource
  /** The version's predictions on its evaluation set; null: they stand in the reference. */
  readonly evaluation: TableSource | null
}

/** The document of drift with all columns together, and with answers and labels, where they were asked for. */
export async function withTogether(
  document: DriftDocument,
  ask: TogetherAsk,
  from: TogetherTables,
): Promise<DriftDocument> {
  const answers = [ask.score, ask.prediction, ask.label].filter((name) => name !== undefined)
  const told =
    answers.length === 0
      ? null
      : await measurePredictionDrift({ ...ask, ...from, reference: from.evaluation ?? from.reference })
  const together = ask.multivariate ? await multivariateOf(ask, from, answers) : null
  return {
    ...document,
    ...(told?.predictions ? { predictions: told.predictions } : {}),
    ...(told?.labels ? { labels: told.labels } : {}),
    ...(together ? { multivariate: together.multivariate } : {}),
    warnings: [...document.warnings, ...(told?.warnings ?? []), ...sameRows(told, from), ...(together?.warnings ?? [])],
  }
}

function multivariateOf(ask: TogetherAsk, { tables, reference, current }: TogetherTables, answers: readonly string[]) {
  const asCategory = ask.features?.filter((feature) => feature.type === 'category').map((feature) => feature.name) ?? []
  const { columns, time, progress } = ask
  return measureMultivariateDrift({
    ...{ tables, reference, current, asCategory, except: [...ask.except, ...answers] },
    ...(columns === undefined ? {} : { columns }),
    ...(time === undefined ? {} : { time }),
    ...(progress === undefined ? {} : { progress }),
  })
}

/** Scores on the rows that a version was trained on are surer than any that come after. */
function sameRows(told: object | null, { evaluation }: TogetherTables): readonly MeasuredWarning[] {
  if (told === null || evaluation !== null) return []
  const message =
    'scores, predictions and labels are compared with those of --reference: name the predictions on the evaluation set with --evaluation if the version was trained on it'
  return [{ code: 'evaluation-not-named', message }]
}
