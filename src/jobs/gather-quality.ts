import type { QualityFacts, QualityRequest } from '../gates/evidence.ts'
import { leaksOf } from '../measuring/leaks.ts'
import { lookAlikes } from '../measuring/look-alikes.ts'
import type { ColumnInfo, QualityAnswer, TableShape, TableSource, Tables } from '../ports.ts'
import type { Feature } from '../registry/model.ts'
import { readExam } from './exam.ts'
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
  })
  return {
    ...counts(answer),
    ...schemaFacts(request, shape),
    look_alikes: lookAlikes([...present]),
    time_order: await timeOrder(job.tables, request, source, reference),
    leaks: await leaks(request, job, features),
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

/** The table against model.yml: what is not there, what is more, what has another type. */
function schemaFacts(
  request: QualityRequest,
  shape: TableShape,
): Pick<QualityFacts, 'missing_columns' | 'unexpected_columns' | 'wrong_types'> {
  const { id, time, unit, weight } = request.exam.columns
  const declared = new Map(request.features.map((feature) => [feature.name, feature]))
  const others = [
    request.exam.label.name,
    id,
    time,
    unit === 'day' ? undefined : unit,
    weight,
    ...request.sensitive,
  ].filter((name) => name !== undefined)
  const found = new Map(shape.columns.map((column) => [column.name, column]))
  return {
    missing_columns: [...new Set([...declared.keys(), ...others])].filter((name) => !found.has(name)),
    unexpected_columns: shape.columns
      .map((column) => column.name)
      .filter((name) => !declared.has(name) && !others.includes(name)),
    wrong_types: [...declared.values()].flatMap((feature) => {
      const column = found.get(feature.name)
      return column === undefined || fits(feature, column)
        ? []
        : [{ column: feature.name, expected: feature.type, found: column.stored }]
    }),
  }
}

function fits(feature: Feature, column: ColumnInfo): boolean {
  switch (feature.type) {
    case 'number':
      return column.type === 'number' || column.type === 'boolean'
    case 'boolean':
      return column.type === 'boolean' || column.type === 'number'
    case 'time':
      return column.type === 'time'
    default:
      return column.type !== 'nested'
  }
}

async function leaks(request: QualityRequest, job: Job, features: readonly Feature[]): Promise<QualityFacts['leaks']> {
  if (request.exam.task !== 'binary') return []
  const source = await job.files.table(request.exam.data)
  const exam = await readExam(job.tables, source, request.exam, { where: [], across: [] })
  const numeric = features
    .filter((feature) => feature.type === 'number' || feature.type === 'boolean')
    .map((feature) => feature.name)
  const table = await job.tables.read(source, { columns: numeric })
  return leaksOf(exam.label, table.columns)
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
