import type { QualityFacts, QualityRequest } from '../gates/evidence.ts'
import { declaredColumns } from '../measuring/declared-columns.ts'
import { lookAlikes } from '../measuring/look-alikes.ts'
import type { CloserAsk, QualityAnswer, TableSource, Tables } from '../ports.ts'
import type { Feature } from '../registry/model.ts'
import type { Job } from './job.ts'

/** What the exam's table is like, and how much of it also stands in the training reference. */
export async function gatherQuality(request: QualityRequest, job: Job): Promise<QualityFacts> {
  const source = await job.files.table(request.exam.data)
  const reference = request.reference === null ? null : await job.files.table(request.reference)
  const shape = await job.tables.describe(source)
  const present = new Set(shape.columns.map((column) => column.name))
  const features = request.features.filter((feature) => present.has(feature.name))
  const { id } = request.exam.columns
  const answer = await job.tables.quality(source, {
    id: id !== undefined && present.has(id) ? id : null,
    label: present.has(request.exam.label.name) ? request.exam.label.name : null,
    features: features.map((feature) => feature.name),
    reference,
    ranges: features.map(rangeOf),
    ...closerOf(request),
  })
  return {
    ...counts(answer),
    ...declaredColumns(request.features, untyped(request), shape.columns),
    look_alikes: lookAlikes([...present]),
    time_order: await timeOrder(job.tables, request, source, reference),
    leaks: (answer.closer?.leaks ?? []).flatMap(({ column, auc }) => (column === null ? [] : [{ column, auc }])),
  }
}

function rangeOf(feature: Feature) {
  const { name: column, min, max, values } = feature
  return {
    column,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(values === undefined ? {} : { values }),
  }
}

function counts(
  answer: QualityAnswer,
): Pick<QualityFacts, 'rows' | 'columns' | 'duplicates' | 'label_null' | 'conflicting_labels' | 'overlap'> {
  const { rows, duplicates, label_null, conflicting_labels, overlap } = answer
  const columns = answer.columns.map((column) => ({
    ...column,
    constant: column.distinct + (column.missing > 0 ? 1 : 0) <= 1,
  }))
  return { rows, columns, duplicates, label_null, conflicting_labels, overlap }
}

/** Names that are declared without a type. */
function untyped({ exam, sensitive }: QualityRequest): readonly string[] {
  const { id, time, unit, weight } = exam.columns
  return [exam.label.name, id, time, unit === 'day' ? undefined : unit, weight, ...sensitive].filter(
    (name) => name !== undefined,
  )
}

/** Leaks alone, and only where there are two classes to tell apart. */
function closerOf({ exam }: QualityRequest): { readonly closer?: CloserAsk } {
  if (exam.task !== 'binary') return {}
  const positive = String(exam.label.positive ?? 1)
  return { closer: { positive, time: null, scores: [], groups: [], named: [], values: false } }
}

/** When the exam begins and the reference ends; null where one of them has no such time. */
async function timeOrder(
  tables: Tables,
  request: QualityRequest,
  exam: TableSource,
  reference: TableSource | null,
): Promise<NonNullable<QualityFacts['time_order']> | null> {
  const { time } = request.exam.columns
  if (time === undefined || reference === null) return null
  const [young, old] = await Promise.all([timesOf(tables, exam, time), timesOf(tables, reference, time)])
  if (young === null || old === null) return null
  return { exam_from: young.reduce((a, b) => Math.min(a, b)), reference_until: old.reduce((a, b) => Math.max(a, b)) }
}

async function timesOf(tables: Tables, source: TableSource, name: string): Promise<Float64Array | null> {
  const { columns } = await tables.describe(source)
  if (!columns.some((column) => column.name === name && column.type === 'time')) return null
  const column = (await tables.read(source, { columns: [name] })).columns.get(name)
  const known = column === undefined || !('nulls' in column) ? null : column.values.filter(Number.isFinite)
  return known === null || known.length === 0 ? null : known
}
