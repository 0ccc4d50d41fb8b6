import { classKey } from '../../adapters/onnx/class-columns.ts'
import type { ScoreAsk } from '../../adapters/onnx/scores.ts'
import { type Columns, codesOf } from '../../measuring/column-codes.ts'
import { type ExplainedTruth, metricOfScores, metricsToExplain } from '../../measuring/explained-metric.ts'
import { type ModelSession, Unavailable } from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import type { Metric } from '../../statistics/metrics.ts'
import { type ImportanceAnswer, permutationImportance } from '../../statistics/permutation-importance.ts'
import { pickedColumns } from './explained-tables.ts'
import { openAnswers } from './model-answers.ts'

/** @throws {Unavailable} for a metric that no such model has */
export function metricNamed(name: string, about: Pick<ExplainedTruth, 'task' | 'kind'>): Metric {
  const known = metricsToExplain(about)
  const metric = known.find((one) => one.name === name)
  if (metric !== undefined) return metric
  const what = about.kind === 'label' ? `a ${about.task} model that only answers labels` : `a ${about.task} model`
  const names = known.map((one) => one.name)
  throw new Unavailable(
    'missing',
    `no importance can be measured by ${name} on ${what}`,
    suggest(name, names, 'Metrics here'),
  )
}

/** Permutation importance of the columns of a model on labelled rows of a table. */
export async function importanceIn(
  session: ModelSession,
  about: {
    readonly columns: Columns
    readonly rows: Int32Array
    readonly truth: ExplainedTruth
    readonly metric: Metric
    readonly ask: Omit<ScoreAsk, 'outputs' | 'rows'>
    readonly input: {
      readonly repeats: number
      readonly seed: number
      readonly progress: (text: string) => void
    }
    readonly called?: string
  },
): Promise<ImportanceAnswer> {
  const { rows, truth, metric, ask, input, called = 'the model' } = about
  const pool = pickedColumns(about.columns, rows)
  const progress = (asked: number): void =>
    input.progress(`importance: ${called} has answered ${asked.toLocaleString('en')} rows`)
  const answers = await openAnswers({ session, called, pool, ask, progress })
  const answered = (ask.classes ?? Array.from({ length: answers.width }, (_, place) => place)).map(classKey)
  if (truth.task === 'multiclass') requireSameWords(called, truth.classes ?? [], answered)
  return answers.answer(
    permutationImportance({
      columns: [...pool.keys()],
      codes: [...pool.values()].map(codesOf),
      width: answers.width,
      metric: metricOfScores(truth, metric, answered),
      better: metric.better === 'higher' ? 'higher' : 'lower',
      repeats: input.repeats,
      seed: input.seed,
    }),
  )
}

/** @throws {Unavailable} when no class that occurs is one that the model knows */
function requireSameWords(called: string, known: readonly string[], answered: readonly string[]): void {
  if (known.some((name) => answered.includes(name))) return
  const [says, answers] = [known, answered].map((names) => names.slice(0, 8).join(', '))
  throw new Unavailable(
    'missing',
    `the label says ${says}, and ${called} answers ${answers}`,
    'Record `classes` in the order of the columns of probabilities.',
  )
}
