import type { DriftFacts, DriftRequest } from '../gates/evidence.ts'
import { type Column, type ColumnInfo, type TableSource, type Tables, Unavailable } from '../ports.ts'
import type { Feature } from '../registry/model.ts'
import { DRIFT_TESTS, type DriftInput, type DriftTest } from '../statistics/drift-column.ts'
import { measureDrift } from '../statistics/measure-drift.ts'
import type { Job } from './job.ts'
import { tableFormat } from './job-files.ts'

/** Features of the training reference against production, column by column. */
export async function gatherDrift(request: DriftRequest, job: Job): Promise<DriftFacts> {
  const reference = await job.files.table(request.reference)
  const current = await partitions(request, job)
  const columns = await columnPairs(job.tables, reference, current, request.columns)
  const test = DRIFT_TESTS.find((name) => name === request.test)
  if (test === undefined)
    throw new Unavailable(
      'missing',
      `there is no drift test "${request.test}"`,
      `Tests here: ${DRIFT_TESTS.join(', ')}.`,
    )
  return measureDrift({
    columns,
    test: test as DriftTest,
    min_effect: request.min_effect,
    ...(request.max === undefined ? {} : { max: request.max }),
  })
}

async function partitions(request: DriftRequest, job: Job): Promise<TableSource> {
  const found = await Promise.all(
    request.current.map((part) => job.files.verified(part.uri, part.digest, job.limits.maxTableBytes)),
  )
  const first = request.current[0]
  if (first === undefined)
    throw new Unavailable(
      'missing',
      'the production window holds no files',
      'Wait for a window with data, or check monitoring.predictions.',
    )
  return {
    files: found,
    format: tableFormat(first.uri),
    called: request.current.length === 1 ? first.uri : `${first.uri} and ${request.current.length - 1} more`,
  }
}

/** Columns of both windows; one that is absent on a side is all missing there, one whose type changed says so. */
export async function columnPairs(
  tables: Tables,
  reference: TableSource,
  current: TableSource,
  features: readonly Feature[],
): Promise<readonly DriftInput[]> {
  const [left, right] = await Promise.all([tables.describe(reference), tables.describe(current)])
  const byName = (columns: readonly ColumnInfo[]) => new Map(columns.map((column) => [column.name, column]))
  const [before, after] = [byName(left.columns), byName(right.columns)]
  const kinds = new Map(features.map((feature) => [feature.name, kindOf(feature, before.get(feature.name))]))
  const read = (source: TableSource, has: ReadonlyMap<string, ColumnInfo>) => {
    const columns = features.map((feature) => feature.name).filter((name) => has.has(name))
    return tables.read(source, {
      columns,
      asCategory: columns.filter((name) => kinds.get(name) === 'category' || has.get(name)?.type === 'category'),
    })
  }
  const [rowsBefore, rowsAfter] = await Promise.all([read(reference, before), read(current, after)])
  return features.map((feature) => {
    const { name } = feature
    const types = [before.get(name)?.type, after.get(name)?.type]
    const changed = types[0] !== undefined && types[1] !== undefined && types[0] !== types[1]
    return {
      column: name,
      kind: kinds.get(name) ?? 'category',
      reference: rowsBefore.columns.get(name) ?? absent(rowsBefore.rows),
      current: rowsAfter.columns.get(name) ?? absent(rowsAfter.rows),
      ...(changed ? { typeChanged: `${types[0]} in the reference, ${types[1]} now` } : {}),
    }
  })
}

/** A numeric column stays a number, however few values it has, unless model.yml says category. */
function kindOf(feature: Feature, info: ColumnInfo | undefined): 'number' | 'category' {
  if (feature.type === 'number') return 'number'
  if (feature.type === 'time') return info?.type === 'time' ? 'number' : 'category'
  return 'category'
}

function absent(rows: number): Column {
  return { type: 'category', codes: new Int32Array(rows).fill(-1), values: [] }
}
