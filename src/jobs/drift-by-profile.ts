import type { DriftFacts, DriftRequest } from '../gates/evidence.ts'
import type { TableSource } from '../ports.ts'
import type { ColumnProfile, Profile } from '../profiles/column-profile.ts'
import { examineProfiles } from '../profiles/drift-of-profiles.ts'
import { type ErringColumn, errorOf, unsureColumns } from '../profiles/unsure-columns.ts'
import type { DescribedColumns, Feature } from '../registry/model.ts'
import { type DriftTerms, decideDrift } from '../statistics/measure-drift.ts'
import type { Job } from './job.ts'
import { examineColumns } from './measure/drift-columns.ts'
import { pairColumns } from './measure/drift-pairs.ts'
import { profileAsk } from './measure/profile-ask.ts'
import { referenceProfile } from './reference-profile.ts'

export interface ByProfile {
  readonly request: DriftRequest
  /** By what the reference's profile is made. */
  readonly described: DescribedColumns
  readonly current: TableSource
  readonly terms: DriftTerms
}

/**
 * Drift with the profile of the reference, which was made once, in place of its rows.
 *
 * A column that profiles can not tell about (values withheld, a type that changed), or whose decision hangs on their
 * error, is read from rows: decisions are always those of rows.
 */
export async function driftByProfile(by: ByProfile, job: Job): Promise<DriftFacts> {
  const { columns } = by.request
  const [before, after] = await profilesOf(by, job)
  const profiled = columns.map((feature) => profiledPair(feature, before.get(feature.name), after.get(feature.name)))
  const told = await filled(profiled, by, job)
  const unsure = unsureColumns(told, by.terms)
  const all = await filled(
    told.map((column, index) => (unsure.includes(index) ? null : column)),
    by,
    job,
  )
  const errors = all.flatMap((column) => (column.errors === undefined ? [] : [errorOf(column, by.terms) ?? 0]))
  return { ...decideDrift(all, by.terms), profiled: { columns: errors.length, error: Math.max(0, ...errors) } }
}

type ByName = ReadonlyMap<string, ColumnProfile>

/** Of the current window only what the reference's profile can be compared with. */
async function profilesOf({ request, described, current }: ByProfile, job: Job): Promise<readonly [ByName, ByName]> {
  const { profile } = await referenceProfile(request.reference, described, job)
  const before = byName(profile)
  const shape = await job.tables.describe(current)
  const here = new Set(shape.columns.flatMap(({ name, type }) => (type === 'nested' ? [] : [name])))
  const columns = request.columns.flatMap(({ name }) =>
    here.has(name) && (before.get(name)?.kind ?? 'withheld') !== 'withheld' ? [name] : [],
  )
  if (columns.length === 0) return [before, new Map()]
  const asked = profileAsk({ columns, model: described, reference: profile }, shape)
  return [before, byName(await job.tables.profile(current, asked))]
}

function byName({ columns }: Profile): ByName {
  return new Map(columns.map((column) => [column.column, column]))
}

/** null: only rows can tell. */
function profiledPair(
  { type }: Feature,
  before: ColumnProfile | undefined,
  after: ColumnProfile | undefined,
): ErringColumn | null {
  if (before === undefined || after === undefined || before.type !== after.type) return null
  const examined = examineProfiles(before, after)
  const isAsDeclared = (type === 'number' ? 'number' : 'category') === examined.kind
  return examined.contestant !== undefined && isAsDeclared ? examined : null
}

/** What is missing, read from the rows of both windows. */
async function filled(
  columns: readonly (ErringColumn | null)[],
  { request, current }: ByProfile,
  job: Job,
): Promise<readonly ErringColumn[]> {
  const asked = request.columns.filter((_, index) => columns[index] === null)
  if (asked.length === 0) return columns.flatMap((column) => column ?? [])
  const windows = { tables: job.tables, reference: await job.files.table(request.reference), current }
  const pairs = await pairColumns({ ...windows, columns: asked.map(({ name }) => name), features: asked }, 'declared')
  const read = await examineColumns({ ...windows, pairs, asked: {} })
  const rows = new Map(read.map((column) => [column.column, column]))
  return columns.map((column, index) => column ?? rows.get(request.columns[index]!.name)!)
}
