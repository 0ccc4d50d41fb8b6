import { BadTable } from '../../adapters/tables/bad-table.ts'
import type { ColumnInfo, TableShape, TableSource, Tables } from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import type { Feature } from '../../registry/model.ts'
import type { DriftKind } from '../../statistics/drift-column.ts'

/** One column of both windows, before it is read. */
export interface DriftPair {
  readonly column: string
  readonly kind: DriftKind
  readonly reference: ColumnInfo | undefined
  readonly current: ColumnInfo | undefined
}

export interface DriftPairs {
  readonly rows: { readonly reference: number; readonly current: number }
  readonly pairs: readonly DriftPair[]
  readonly warnings: TableShape['warnings']
}

export interface PairsAsk {
  readonly tables: Tables
  readonly reference: TableSource
  readonly current: TableSource
  /** Columns by name, in the order of the answer; default: every number, category and boolean of either window. */
  readonly columns?: readonly string[] | undefined
  /** What is known of columns: their types win over what the tables hold. */
  readonly features?: readonly Feature[] | undefined
}

/**
 * Which columns of two tables are compared, and how each is read. A column of one window alone is a pair too.
 *
 * @param named  whether the names were typed and must be found, or are declared and may be missing in both tables
 * @throws {BadTable} when a typed name stands in neither table
 */
export async function pairColumns(ask: PairsAsk, named: 'typed' | 'declared' = 'typed'): Promise<DriftPairs> {
  const before = await ask.tables.describe(ask.reference)
  const after = await ask.tables.describe(ask.current)
  const [references, currents] = [byName(before), byName(after)]
  const names = [...new Set([...references.keys(), ...currents.keys()])]
  const features = new Map((ask.features ?? []).map((feature) => [feature.name, feature]))
  const left: { code: string; column: string; message: string }[] = []
  const chosen = ask.columns ?? names.filter((name) => isCompared(name, references, currents, features, left))
  const unknown = chosen.find((name) => !references.has(name) && !currents.has(name))
  if (unknown !== undefined && named === 'typed') throw noSuchColumn(unknown, names, ask)
  const pairs = chosen.map((column): DriftPair => {
    const [reference, current] = [references.get(column), currents.get(column)]
    return { column, kind: kindOf(features.get(column), reference, current), reference, current }
  })
  return {
    rows: { reference: before.rows, current: after.rows },
    pairs,
    warnings: [...before.warnings, ...after.warnings, ...left],
  }
}

function byName({ columns }: TableShape): ReadonlyMap<string, ColumnInfo> {
  return new Map(columns.map((column) => [column.name, column]))
}

function noSuchColumn(name: string, names: readonly string[], { reference, current }: PairsAsk): BadTable {
  const where = `neither ${reference.called} nor ${current.called} has a column ${name}`
  return new BadTable('columns', where, suggest(name, names, 'Columns'))
}

/** Times always move and nested columns cannot be read: both are left out, and said to be. */
function isCompared(
  name: string,
  references: ReadonlyMap<string, ColumnInfo>,
  currents: ReadonlyMap<string, ColumnInfo>,
  features: ReadonlyMap<string, Feature>,
  left: { code: string; column: string; message: string }[],
): boolean {
  const types = [references.get(name)?.type, currents.get(name)?.type]
  const declared = features.get(name)?.type
  const leave = (why: string) => {
    left.push({ code: 'left-out', column: name, message: `${name} is ${why}: not compared` })
    return false
  }
  if (types.every((type) => type === undefined || type === 'nested')) return leave('nested')
  if (types.includes('time') || declared === 'time') return leave('a time, which always moves')
  return declared === 'text' ? leave('free text') : true
}

/** A numeric column stays a number, however few values it has, unless model.yml says category. */
function kindOf(
  feature: Feature | undefined,
  reference: ColumnInfo | undefined,
  current: ColumnInfo | undefined,
): DriftKind {
  const types = [reference?.type, current?.type].filter((type) => type !== undefined)
  // True and false in one window, 1 and 0 in the other: the same values in two spellings
  if (types.includes('boolean') && types.includes('number')) return 'number'
  if (feature?.type === 'number') return 'number'
  if (feature?.type === 'category' || feature?.type === 'boolean' || feature?.type === 'text') return 'category'
  return types[0] === 'number' || types[0] === 'time' ? 'number' : 'category'
}

/** What changed of a column's type, in words; undefined when nothing did. */
export function typeChange({ reference, current }: DriftPair): string | undefined {
  if (reference === undefined || current === undefined || reference.type === current.type) return undefined
  // A column without a single value has no type of its own
  if (reference.stored === 'NULL' || current.stored === 'NULL') return undefined
  return `${reference.type} in the reference, ${current.type} now`
}
