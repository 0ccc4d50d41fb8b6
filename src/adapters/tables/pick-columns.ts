import { didYouMean } from '../../registry/did-you-mean.ts'
import { BadTable } from './bad-table.ts'
import type { TableColumn } from './column-sql.ts'
import type { OpenedTable } from './opened-table.ts'

const SHOWN = 20

/**
 * The named columns, in the order asked for; names are compared byte by byte.
 * @throws {BadTable} that lists what is missing and what stands there instead, or names a nested column
 */
export function pickColumns(table: OpenedTable, names: readonly string[]): readonly TableColumn[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]))
  const missing = names.filter((name) => !byName.has(name))
  if (missing.length > 0) throw missingColumns(table, names, missing)
  const picked = names.flatMap((name) => byName.get(name) ?? [])
  const nested = picked.find(({ type }) => type === 'nested')
  if (nested === undefined) return picked
  throw new BadTable(
    'nested',
    `${table.called}: column ${nested.name} is nested (${nested.stored.slice(0, 80)})`,
    'Only flat columns can be used; write its parts as columns of their own.',
  )
}

function missingColumns(table: OpenedTable, names: readonly string[], missing: readonly string[]): BadTable {
  const unexpected = table.columns.map(({ name }) => name).filter((name) => !names.includes(name))
  const rest = unexpected.length === 0 ? '' : `; unexpected: ${list(unexpected)}`
  const meant = missing.flatMap((name) => {
    const near = didYouMean(name, unexpected)
    return near === null ? [] : [`${near} for ${name}`]
  })
  const mend = meant.length === 0 ? 'Rename the columns, or name those that are there.' : `Did you mean ${list(meant)}?`
  return new BadTable('columns', `${table.called}: missing columns: ${list(missing)}${rest}`, mend)
}

function list(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return names.slice(0, SHOWN).join(', ') + more
}
