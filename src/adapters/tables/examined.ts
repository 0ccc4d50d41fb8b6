import type { QualityAnswer, QualityAsk } from '../../ports.ts'
import type { TableColumn } from './column-sql.ts'
import type { Engine } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'

/** A table under examination. */
export interface Examined {
  readonly engine: Engine
  readonly table: OpenedTable
  readonly reference: OpenedTable | null
  readonly ask: QualityAsk
  readonly counts: QualityAnswer['columns']
}

/** The column of that name. */
export function columnOf(table: OpenedTable, name: string | null): TableColumn | undefined {
  return table.columns.find((column) => column.name === name)
}
