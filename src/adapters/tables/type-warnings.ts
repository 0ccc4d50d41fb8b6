import type { TableShape } from '../../ports.ts'
import { KIND } from './value-kinds.ts'

/** What people should know about a column whose type does not say everything about its values. */
export function typeWarnings(
  kinds: number,
  {
    column,
    stored,
    isCommaBesidePoint,
  }: { readonly column: string; readonly stored: string; readonly isCommaBesidePoint: boolean },
): TableShape['warnings'] {
  if (isCommaBesidePoint && (kinds & KIND.comma) !== 0 && (kinds & KIND.text) === 0) {
    return [
      {
        code: 'decimal-comma',
        column,
        message: `${column} has decimal commas where another column has decimal points; it is read as text`,
      },
    ]
  }
  if (stored === 'DOUBLE' && (kinds & (KIND.long | KIND.large)) !== 0) {
    return [
      {
        code: 'rounded',
        column,
        message: `${column} holds whole numbers beyond 2^53 beside others that are not whole; as doubles they are rounded`,
      },
    ]
  }
  if (stored !== 'VARCHAR' || !looksMixed(kinds)) return []
  return [
    {
      code: 'mixed-types',
      column,
      message: `${column} holds numbers or true and false beside other text; it is read as text`,
    },
  ]
}

/** Whether something beside text occurs that text would not be mistaken for by chance. */
export function looksMixed(kinds: number): boolean {
  return (kinds & ~(KIND.text | KIND.time | KIND.comma)) !== 0
}
