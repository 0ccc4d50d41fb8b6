import type { TableShape } from '../../ports.ts'
import { BadTable } from './bad-table.ts'
import type { TableColumn } from './column-sql.ts'
import type { Parameter } from './engine.ts'

const MAX_COLUMNS = 2000

/** A table that was looked at and can be asked. */
export interface OpenedTable {
  readonly called: string
  /** What stands after FROM, with its bound values; its columns are c0, c1 and on. */
  readonly from: string
  readonly parameters: readonly Parameter[]
  readonly rows: number
  readonly columns: readonly TableColumn[]
  readonly warnings: TableShape['warnings']
  /** Removes what was written to scratch for it. */
  readonly drop?: () => Promise<void>
}

/** Column names of several files must be the same ones; their order may differ. */
export function sameColumns(
  files: readonly { readonly called: string; readonly names: readonly string[] }[],
): readonly string[] {
  const [first, ...others] = files
  const names = first?.names ?? []
  for (const { called, names: found } of others) {
    const missing = names.find((name) => !found.includes(name))
    const extra = found.find((name) => !names.includes(name))
    const mend = 'Files of one table have the same columns: read them apart, or write them alike.'
    if (missing !== undefined)
      throw new BadTable('columns', `${called} has no column ${missing}, which ${first?.called} has`, mend)
    if (extra !== undefined)
      throw new BadTable('columns', `${called} has a column ${extra}, which ${first?.called} has not`, mend)
  }
  return names
}

export function mustFit(columns: number, called: string): void {
  if (columns <= MAX_COLUMNS) return
  throw new BadTable(
    'too-large',
    `${called} has ${columns} columns, more than ${MAX_COLUMNS}`,
    'Write only the columns that are needed.',
  )
}

export function mustHaveRows(rows: number, called: string): void {
  if (rows > 0) return
  throw new BadTable(
    'no-rows',
    `${called} has a header and 0 rows`,
    'Nothing can be measured on it; write the table again.',
  )
}
