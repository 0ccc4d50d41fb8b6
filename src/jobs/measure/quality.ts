import { type DeclaredColumns, declaredColumns } from '../../measuring/declared-columns.ts'
import { measureQuality } from '../../measuring/quality/measure-quality.ts'
import type { QualityDocument, QualityInput } from '../../measuring/quality/quality-document.ts'
import { lagOfErrors } from '../../measuring/time-dependence.ts'
import {
  type CloserAsk,
  type QualityAnswer,
  type QualityAsk,
  type TableShape,
  type TableSource,
  type Tables,
  Unavailable,
} from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { type Feature, type Model, sensitiveColumns } from '../../registry/model.ts'

export interface QualityMeasureAsk {
  readonly data: TableSource
  /** The rows that the model was trained on. */
  readonly reference: TableSource | null
  readonly model: Model | null
  /** Columns that were named on the command line; what model.yml names is taken where they are null. */
  readonly id: string | null
  readonly label: string | null
  readonly time: string | null
  readonly prediction: string | null
  readonly score: string | null
  readonly engine: string
}

const MOST_CLASSES = 20

/** What somebody should know of a table before believing numbers of it; counts over every row, made where it is read. */
export async function measureQualityOf(
  ask: QualityMeasureAsk,
  tables: Tables,
  progress: (text: string) => void = () => undefined,
): Promise<QualityDocument> {
  progress('reading the tables')
  const shape = await tables.describe(ask.data)
  const reference = ask.reference === null ? null : await tables.describe(ask.reference)
  requireNamed(ask, shape)
  const terms = termsOf(ask, shape)
  progress(`looking at ${shape.columns.length} columns and ${shape.rows} rows`)
  const answer = await tables.quality(ask.data, questionOf(ask, terms, shape))
  const declared = declarationOf(ask, shape, reference)
  return measureQuality({
    engine: ask.engine,
    answer,
    ...declared,
    declared: withoutEmpty(declared.declared, answer),
    names: terms,
    hasClasses: hasClasses(ask.model, answer, terms.label),
    lag: ask.model?.columns?.unit === undefined ? await lagOf(ask, terms, shape, tables) : null,
    warnings: [...shape.warnings, ...(reference?.warnings ?? [])],
  })
}

/** @throws {Unavailable} for a column that was named on the command line and is not there */
function requireNamed({ data, id, label, time, prediction, score }: QualityMeasureAsk, { columns }: TableShape): void {
  const names = columns.map(({ name }) => name)
  const missing = [id, label, time, prediction, score].find((name) => name !== null && !names.includes(name))
  if (missing === undefined || missing === null) return
  throw new Unavailable('missing', `${data.called}: there is no column ${missing}`, suggest(missing, names, 'Columns'))
}

interface Terms {
  readonly id: string | null
  readonly label: string | null
  readonly time: string | null
}

/** What is named on the command line must be there; what model.yml names may be missing, and is then a finding. */
function termsOf({ model, id, label, time }: QualityMeasureAsk, { columns }: TableShape): Terms {
  const present = new Set(columns.map(({ name }) => name))
  const declared = (name: string | undefined) => (name !== undefined && present.has(name) ? name : null)
  return {
    id: id ?? declared(model?.columns?.id),
    label: label ?? declared(model?.label?.name),
    time: time ?? declared(model?.columns?.time),
  }
}

function questionOf(ask: QualityMeasureAsk, terms: Terms, shape: TableShape): QualityAsk {
  const features = presentFeatures(ask, terms, shape)
  const ranges = declaredRanges(ask.model).filter(({ column }) => shape.columns.some(({ name }) => name === column))
  const { id, label } = terms
  return { id, label, features, reference: ask.reference, ranges, closer: closerOf(ask, terms, shape) }
}

/** The declared features that are there; without model.yml every flat column that is nothing else. */
function presentFeatures(
  ask: QualityMeasureAsk,
  { id, label, time }: Terms,
  { columns }: TableShape,
): readonly string[] {
  const flat = columns.filter(({ type }) => type !== 'nested').map(({ name }) => name)
  const declared = ask.model?.features?.map(({ name }) => name)
  const own = [id, label, time, ask.prediction, ask.score]
  return flat.filter((name) => declared?.includes(name) ?? !own.includes(name))
}

function declaredRanges(model: Model | null): QualityAsk['ranges'] {
  const sensitive = (model?.sensitive ?? []).flatMap((entry) =>
    typeof entry === 'string' || entry.values === undefined ? [] : [{ column: entry.name, values: entry.values }],
  )
  const features = (model?.features ?? []).map(({ name, min, max, values }) => ({
    column: name,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(values !== undefined && { values }),
  }))
  const named = new Set(features.map(({ column }) => column))
  return [...features, ...sensitive.filter(({ column }) => !named.has(column))]
}

function closerOf(ask: QualityMeasureAsk, terms: Terms, shape: TableShape): CloserAsk {
  const { model, score } = ask
  const present = new Set(shape.columns.map(({ name }) => name))
  const positive = model?.label?.positive
  return {
    positive: positive === undefined ? null : String(positive),
    time: terms.time,
    scores: score === null ? [] : [score],
    groups: model === null ? [] : sensitiveColumns(model).filter((name) => present.has(name)),
    named: namedColumns(ask, terms, shape),
    values: true,
  }
}

/** Values of a column are named where model.yml lists them and does not call them personal; ids never are. */
function namedColumns({ model }: QualityMeasureAsk, { id }: Terms, { columns }: TableShape): readonly string[] {
  if (model === null) return columns.map(({ name }) => name).filter((name) => name !== id)
  const entries = [...(model.features ?? []), ...(model.sensitive ?? [])]
  const isPersonal = new Set(
    entries.flatMap((one) => (typeof one === 'object' && one.personal === true ? [one.name] : [])),
  )
  return entries.flatMap((one) =>
    typeof one === 'object' && one.values !== undefined && !isPersonal.has(one.name) ? [one.name] : [],
  )
}

function declarationOf(
  ask: QualityMeasureAsk,
  shape: TableShape,
  reference: TableShape | null,
): Pick<QualityInput, 'declared' | 'declaredBy'> {
  const { model } = ask
  const own = [ask.id, ask.label, ask.time, ask.prediction, ask.score].filter((name) => name !== null)
  if (model !== null) {
    const { id, time, unit, weight } = model.columns ?? {}
    const others = [
      model.label?.name,
      id,
      time,
      unit === 'day' ? undefined : unit,
      weight,
      ...sensitiveColumns(model),
      ...own,
    ]
    const declared = declaredColumns(
      model.features ?? [],
      others.filter((name) => name !== undefined),
      shape.columns,
    )
    return { declaredBy: 'model.yml', declared }
  }
  if (reference === null)
    return { declaredBy: null, declared: { missing_columns: [], unexpected_columns: [], wrong_types: [] } }
  const features = reference.columns
    .filter(({ type }) => type !== 'nested')
    .map(({ name, type }): Feature => ({ name, type: type === 'nested' ? 'category' : type }))
  return { declaredBy: 'the reference', declared: declaredColumns(features, own, shape.columns) }
}

/** A column without a value has no type to be wrong. */
function withoutEmpty(declared: DeclaredColumns, { columns, rows }: QualityAnswer): DeclaredColumns {
  const empty = new Set(columns.filter(({ missing }) => missing === rows).map(({ column }) => column))
  return { ...declared, wrong_types: declared.wrong_types.filter(({ column }) => !empty.has(column)) }
}

function hasClasses(model: Model | null, { columns }: QualityAnswer, label: string | null): boolean {
  if (model !== null) return model.task === 'binary' || model.task === 'multiclass'
  const column = columns.find((one) => one.column === label)
  return column !== undefined && (column.type !== 'number' || column.distinct <= MOST_CLASSES)
}

/** Of errors in order of time, where label, answer and time are numbers. */
async function lagOf(
  ask: QualityMeasureAsk,
  { label, time }: Terms,
  shape: TableShape,
  tables: Tables,
): Promise<number | null> {
  const answer = ask.score ?? ask.prediction
  if (label === null || time === null || answer === null) return null
  const types = new Map(shape.columns.map(({ name, type }) => [name, type]))
  const isNumber = (name: string) => ['number', 'boolean'].includes(types.get(name) ?? '')
  if (!isNumber(label) || !isNumber(answer) || !['number', 'time'].includes(types.get(time) ?? '')) return null
  const { columns } = await tables.read(ask.data, { columns: [label, answer, time], asNumber: [label, answer] })
  const [y, p, t] = [label, answer, time].map((name) => {
    const column = columns.get(name)
    return column !== undefined && 'nulls' in column ? column.values : undefined
  })
  return y === undefined || p === undefined || t === undefined ? null : lagOfErrors(y, p, t)
}
