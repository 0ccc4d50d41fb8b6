import type { ProfileAsk, TableShape } from '../../ports.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import { referenceEdges } from '../../profiles/reference-edges.ts'
import type { DescribedColumns } from '../../registry/model.ts'
import { withheldColumns } from './profile-model.ts'

/** What is to be in a profile. */
export interface ProfileTerms {
  /** null: all of the table. */
  readonly columns: readonly string[] | null
  /** Says which columns hold values that may be written. */
  readonly model: DescribedColumns | null
  /** Numbers are counted on its edges too. */
  readonly reference: Profile | null
}

/** What the reader is asked for a table of this shape. */
export function profileAsk({ columns, model, reference }: ProfileTerms, shape: TableShape): ProfileAsk {
  const numbers = (reference?.columns ?? []).flatMap((column) => (column.kind === 'number' ? [column] : []))
  const here = new Set(shape.columns.map(({ name }) => name))
  return {
    columns,
    asCategory: (model?.features ?? []).flatMap(({ name, type }) =>
      type === 'category' && here.has(name) ? [name] : [],
    ),
    withheld: model === null ? [] : withheldColumns(model, shape.columns),
    edges: numbers.map((column) => ({
      column: column.column,
      edges: column.histogram?.edges ?? referenceEdges(column),
    })),
  }
}
