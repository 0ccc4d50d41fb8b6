import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { ProfileAsk } from '../../ports.ts'
import { type CategoryColumnBuilder, categoryColumn } from '../../profiles/category-builder.ts'
import type { ColumnProfile, Profile, WithheldProfile, WithheldReason } from '../../profiles/column-profile.ts'
import { type NumberBuilder, numberBuilder } from '../../profiles/number-builder.ts'
import { isReadAsText, numberSql, type TableColumn } from './column-sql.ts'
import type { Engine } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'
import { pickColumns } from './pick-columns.ts'
import { type ScannedColumn, scanTable } from './scan-table.ts'

/**
 * Profiles the columns of a table in one pass, in memory that does not grow with the rows.
 *
 * @throws {BadTable} when a column that was asked for is not there or is nested
 */
export async function profileTable(engine: Engine, table: OpenedTable, ask: ProfileAsk): Promise<Profile> {
  const columns = ask.columns === null ? table.columns : pickColumns(table, ask.columns)
  const reasons = new Map(columns.map((column) => [column.name, reasonFor(column, ask)]))
  const open = columns.filter(({ name }) => reasons.get(name) === null)
  const builders = open.map((column) => builderOf(column, ask))
  const query = { columns: open.map(({ name }) => name), asCategory: ask.asCategory }
  if (open.length > 0)
    await scanTable(engine, table, query, (chunk) => {
      for (const [index, column] of chunk.columns.entries()) builders[index]!.add(column)
    })
  const profiles: ColumnProfile[] = builders.map((builder) => builder.profile())
  const byName = new Map(profiles.map((profile) => [profile.column, profile]))
  for (const column of columns) {
    const because = reasons.get(column.name) ?? null
    if (because !== null) byName.set(column.name, await withheld(engine, table, column, because))
  }
  return { rows: table.rows, columns: columns.map(({ name }) => byName.get(name)!), warnings: table.warnings }
}

function reasonFor({ name, type }: TableColumn, ask: ProfileAsk): WithheldReason | null {
  if (type === 'nested') return 'nested'
  return ask.withheld.find(({ column }) => column === name)?.because ?? null
}

interface Builder {
  add(column: ScannedColumn): void
  profile(): ColumnProfile
}

function builderOf(column: TableColumn, ask: ProfileAsk): Builder {
  if (isReadAsText(column, { asCategory: ask.asCategory })) {
    const isBoolean = column.type === 'boolean' && !ask.asCategory.includes(column.name)
    return ofCategories(categoryColumn(column.name, isBoolean ? 'boolean' : 'category'))
  }
  const edges = ask.edges.find((one) => one.column === column.name)?.edges ?? null
  return ofNumbers(numberBuilder(column.name, column.type === 'time' ? 'time' : 'number', edges))
}

function ofNumbers(builder: NumberBuilder): Builder {
  return {
    add(column) {
      if ('nulls' in column) builder.add(column.values, column.nulls)
    },
    profile: builder.profile,
  }
}

function ofCategories(builder: CategoryColumnBuilder): Builder {
  return {
    add(column) {
      if ('codes' in column) builder.add(column.codes, column.values)
    },
    profile: builder.profile,
  }
}

/** Only counts: the values are not even read into this program. */
async function withheld(
  engine: Engine,
  table: OpenedTable,
  column: TableColumn,
  because: WithheldReason,
): Promise<WithheldProfile> {
  const isNan = column.type === 'number' ? ` OR isnan(${numberSql(column)})` : ''
  const sql = `SELECT count(*) FROM ${table.from} WHERE ${quoteIdentifier(column.as)} IS NULL${isNan}`
  const [found] = await engine.rows(sql, table.parameters)
  return {
    kind: 'withheld',
    column: column.name,
    type: column.type,
    because,
    rows: table.rows,
    missing: Number(found?.[0]),
  }
}
