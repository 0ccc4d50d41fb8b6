import { basename } from 'node:path'
import { answeredTask } from '../../adapters/onnx/output-roles.ts'
import type { Columns } from '../../measuring/column-codes.ts'
import { defaultMetric, type ExplainedTruth } from '../../measuring/explained-metric.ts'
import { type ExplanationDocument, type ExplanationWarning, toldImportance } from '../../measuring/explanation.ts'
import { type ModelSession, Unavailable } from '../../ports.ts'
import { importanceShares } from '../../statistics/importance-shift.ts'
import type { ImportanceAnswer } from '../../statistics/permutation-importance.ts'
import { shapley } from '../../statistics/shapley.ts'
import { comparedImportance } from './explain-comparison.ts'
import { importanceIn, metricNamed } from './explain-importance.ts'
import type { ExplainInput, Held, Pool } from './explain-input.ts'
import { explainedCounterfactual, explainedDependence, toldShapley } from './explain-parts.ts'
import { poolOf } from './explain-pool.ts'
import { columnsOfModel, type ModelColumns, requireColumns } from './explained-columns.ts'
import {
  type FeatureRows,
  firstRows,
  labelledRows,
  labelNumbers,
  pickedColumns,
  readFeatures,
} from './explained-tables.ts'
import { type ModelAnswers, openAnswers } from './model-answers.ts'

/**
 * What moves a model's answers: importance of columns, Shapley values of rows, and what else was asked for.
 *
 * @throws {Unavailable} when a table or the model can't be had, read or run
 */
export async function explainModel(input: ExplainInput): Promise<ExplanationDocument> {
  const session = await input.runner.open(input.model, input.limits)
  try {
    return await explainWith(session, input)
  } finally {
    session.close()
  }
}

async function explainWith(session: ModelSession, input: ExplainInput): Promise<ExplanationDocument> {
  const called = basename(input.model.path)
  const columns = columnsOfModel(session, input.words, called)
  requireNamed(columns, input)
  const warnings: ExplanationWarning[] = []
  const data = await readFeatures(input.tables, input.data, columns, input.label ?? null)
  const pool = await poolOf(input, columns, data, warnings)
  const task = input.task ?? (await taskOf(session, data.columns))
  const { record } = input.words
  const classes = record?.classes === undefined ? {} : { classes: record.classes }
  const threshold = thresholdOf(input, task)
  const ask = { task, positive: input.positive, threshold, ...classes }
  const ofRows = { ...ask, task: task === 'multiclass' ? ('binary' as const) : task }
  const progress = (asked: number): void => input.progress(`${called} has answered ${asked.toLocaleString('en')} rows`)
  const answers = await openAnswers({ session, called, pool: pool.columns, ask: ofRows, progress })

  const held = heldTo(input, { task, kind: answers.kind, threshold, data, warnings })
  const importance = held === null ? null : await importanceIn(session, { ...held, input, columns: data.columns, ask })
  const values = await answers.answer(
    shapley({ codes: pool.codes, rows: pool.explained, background: pool.background, seed: input.seed }),
  )
  if (values.method === 'sampled') warnings.push(sampledWarning(values.pairs ?? 0))
  return {
    schema: 'weighbridge.explanation/v1',
    engine: input.engine,
    rows: data.rows,
    task,
    explains: explains(answers.kind, input.positive),
    features: columns.names,
    dropped: { label_null: held?.nulls ?? 0 },
    metric: {
      name: held?.metric.name ?? null,
      baseline: importance?.baseline ?? null,
      repeats: input.repeats,
      seed: input.seed,
      rows: held?.rows.length ?? 0,
    },
    importance: importance === null ? noImportance(columns) : told(importance, warnings),
    shapley: toldShapley(values, columns.names, pool.background.length),
    ...(await moreParts(input, { columns, pool, answers, threshold })),
    ...(input.compare && held !== null
      ? { comparison: await comparedImportance(input, { ...input.compare, held, mine: importance!, ask }) }
      : {}),
    warnings,
  }
}

function requireNamed({ names }: ModelColumns, { dependence, counterfactual }: ExplainInput): void {
  const infos = names.map((name) => ({ name, type: 'number' as const, stored: '' }))
  requireColumns(infos, [...dependence, ...(counterfactual?.fixed ?? [])], 'the model')
}

async function taskOf(session: ModelSession, columns: Columns): Promise<ExplainedTruth['task']> {
  const some = firstRows(columns, 2)
  return answeredTask((await session.run(pickedColumns(columns, some), [...columns.keys()])).outputs)
}

function heldTo(
  input: ExplainInput,
  about: {
    readonly task: ExplainedTruth['task']
    readonly kind: ExplainedTruth['kind']
    readonly threshold: number
    readonly data: FeatureRows
    readonly warnings: ExplanationWarning[]
  },
): Held | null {
  const { task, kind, threshold, data, warnings } = about
  const metric = metricNamed(input.metric ?? defaultMetric(about), about)
  if (data.label === null || input.label === undefined) {
    warnings.push({
      code: 'no_label',
      message: 'without --label no column has an importance: there is nothing to lose',
    })
    return null
  }
  const { numbers, classes } = labelNumbers(data.label, { task, positive: input.positive, called: input.label })
  const nulls = numbers.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
  const labelled = labelledRows(data, numbers, input.seed)
  const rows = labelled.slice(0, input.sample)
  if (rows.length < labelled.length)
    warnings.push({
      code: 'sampled',
      message: `importance is measured on ${rows.length} of ${labelled.length} rows; --sample takes more`,
    })
  const label = Float64Array.from(rows, (row) => numbers[row]!)
  const truth = { task, kind, label, threshold, ...(classes && { classes }) }
  return { truth, metric, rows, nulls }
}

async function moreParts(
  input: ExplainInput,
  about: {
    readonly columns: ModelColumns
    readonly pool: Pool
    readonly answers: ModelAnswers
    readonly threshold: number
  },
): Promise<Pick<ExplanationDocument, 'partial_dependence' | 'counterfactual'>> {
  const { columns, pool, answers, threshold } = about
  const dependence = []
  for (const column of input.dependence)
    dependence.push(await explainedDependence(answers, pool, columns.names.indexOf(column), column))
  const { counterfactual } = input
  return {
    ...(dependence.length > 0 && { partial_dependence: dependence }),
    ...(counterfactual &&
      pool.turned !== null && {
        counterfactual: await explainedCounterfactual(answers, pool, {
          ...counterfactual,
          place: pool.turned,
          names: columns.names,
          threshold,
        }),
      }),
  }
}

/** A regression has no decision unless somebody says where it lies. */
function thresholdOf({ threshold, counterfactual }: ExplainInput, task: ExplainedTruth['task']): number {
  if (threshold !== undefined || task !== 'regression' || counterfactual === undefined) return threshold ?? 0.5
  throw new Unavailable(
    'missing',
    'a regression has no decision that could be turned',
    'Say where it lies: --threshold.',
  )
}

function explains(kind: ExplainedTruth['kind'], positive: ExplainInput['positive']): string {
  if (kind === 'value') return 'the predicted number'
  return kind === 'label' ? `whether class ${positive} is predicted` : `the score of class ${positive}`
}

function noImportance({ names }: ModelColumns): ExplanationDocument['importance'] {
  return names.map((column) => ({ column, mean: null, std: null, interval: null, share: null, movement: null }))
}

function told(importance: ImportanceAnswer, warnings: ExplanationWarning[]): ExplanationDocument['importance'] {
  for (const { column, mean } of importance.columns)
    if (mean === null)
      warnings.push({ code: 'undefined', column, message: `the metric does not exist when ${column} is permuted` })
  return toldImportance(importance.columns, importanceShares(importance.columns))
}

function sampledWarning(pairs: number): ExplanationWarning {
  const message = `all coalitions of these rows are too many to ask: ${pairs} pairs of orders a background row were sampled, and values carry standard errors`
  return { code: 'shapley_sampled', message }
}
