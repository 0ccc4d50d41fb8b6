import type { Better, Estimate, Interval, Support } from '../statistics/estimate.ts'
import { measureDifference, measureValue } from '../statistics/measure.ts'
import { betterOf, type MetricTask, metricsOf } from '../statistics/metrics.ts'
import type { ScoredRows } from '../statistics/scored-rows.ts'
import { nothing } from './metrics.ts'
import type { MetricWarning } from './metrics-document.ts'

/** `compare-predictions --json`: two models on the same rows. */
export interface ComparisonDocument {
  readonly schema: 'weighbridge.comparison/v1'
  readonly engine: string
  readonly task: MetricTask
  /** Rows in both tables, with a label. */
  readonly rows: number
  readonly confidence: number
  readonly threshold: number | null
  readonly positive: string | number | boolean | null
  readonly classes: readonly string[] | null
  readonly weights: string | null
  readonly unit: string | null
  readonly where: string | null
  readonly dropped: {
    readonly only_a: number
    readonly only_b: number
    readonly label_null: number
    readonly score_null: number
    readonly where_out: number
  }
  readonly metrics: Readonly<Record<string, MetricCompared>>
  readonly warnings: readonly MetricWarning[]
}

/** One metric of both, and how much larger that of b is. */
export interface MetricCompared {
  readonly a: number | null
  readonly b: number | null
  /** b - a. */
  readonly difference: number | null
  readonly interval: Interval | null
  readonly confidence: number
  /** Two-sided, of "no difference". */
  readonly p_value: number | null
  /** How the interval was made. */
  readonly method: string | null
  /** How the p-value was. */
  readonly test: string | null
  readonly se: number | null
  /** null for a number that is only shown. */
  readonly better: Better | null
  readonly support: Support
  readonly because?: string
}

export interface ComparisonInput {
  /** The same rows in the same order, with the same classes. */
  readonly a: ScoredRows
  readonly b: ScoredRows
  readonly spoiled: string | null
  readonly told: Pick<
    ComparisonDocument,
    'engine' | 'confidence' | 'threshold' | 'positive' | 'weights' | 'unit' | 'where' | 'dropped'
  >
  readonly warnings: readonly MetricWarning[]
  readonly progress?: (what: string) => void
}

/** Every metric of both models, with the paired difference b - a. */
export function comparisonDocument(input: ComparisonInput): ComparisonDocument {
  const { a, told, progress, spoiled } = input
  const { engine, ...terms } = told
  const names = metricsOf(a.task)
  const compared = names.map((name) => {
    progress?.(`comparing ${name}`)
    return [name, ...comparedBy(input, name)] as const
  })
  const warnings = spoiled === null ? compared.flatMap(([name, , difference]) => warningsOf(name, difference)) : []
  return {
    schema: 'weighbridge.comparison/v1',
    engine,
    task: a.task,
    rows: a.label.length,
    ...terms,
    classes: a.task === 'multiclass' ? a.classes : null,
    metrics: Object.fromEntries(compared.map(([name, metric]) => [name, metric])),
    warnings: [...input.warnings, ...warnings, ...onlyOnce(compared.map(([, , difference]) => difference))],
  }
}

function comparedBy(input: ComparisonInput, name: string): readonly [MetricCompared, Estimate] {
  const { a, b, spoiled, told } = input
  const options = { confidence: told.confidence }
  const none = () => nothing(spoiled ?? '', told.confidence, a.label.length)
  const difference = spoiled === null ? measureDifference({ candidate: b, incumbent: a }, name, options) : none()
  const value = (rows: ScoredRows) => (spoiled === null ? measureValue(rows, name) : null)
  const { interval, confidence, method, p_value = null, se = null, support, because } = difference
  const better = betterOf(name)
  const compared = {
    ...{ a: value(a), b: value(b), difference: difference.value, interval, confidence, p_value, method },
    ...{ test: p_value === null ? null : testOf(method), se, better, support },
    ...(because === undefined ? {} : { because }),
  }
  return [compared, difference]
}

const TESTS: Readonly<Record<string, string>> = {
  'newcombe-paired': 'mcnemar-exact',
  delong: 'delong',
  t: 'paired-t',
  bootstrap: 'paired-bootstrap',
  'bootstrap-clustered': 'paired-bootstrap-clustered',
}

/** Where two versions answer alike the method may be clustered without a resample: the difference is then certain. */
function testOf(method: string | null): string | null {
  return method === null ? null : (TESTS[method] ?? method)
}

const TOLD_ONCE = 'method_not_weighted'

function warningsOf(name: string, { value, interval, because, warnings = [] }: Estimate): readonly MetricWarning[] {
  const own = warnings.filter(({ code }) => code !== TOLD_ONCE)
  if (own.length > 0) return own.map((warning) => ({ ...warning, metric: name }))
  const message = `${name}: ${because ?? 'there is no number'}`.replace('candidate:', 'b:').replace('incumbent:', 'a:')
  if (value === null) return [{ code: 'no_value', metric: name, message }]
  return interval === null ? [{ code: 'no_interval', metric: name, message }] : []
}

function onlyOnce(estimates: readonly Estimate[]): readonly MetricWarning[] {
  return estimates
    .flatMap(({ warnings = [] }) => warnings)
    .filter(({ code }) => code === TOLD_ONCE)
    .slice(0, 1)
}
