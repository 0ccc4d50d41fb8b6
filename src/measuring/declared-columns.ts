import type { ColumnInfo } from '../ports.ts'
import type { Feature } from '../registry/model.ts'

/** A table's columns against those that model.yml declares. */
export interface DeclaredColumns {
  readonly missing_columns: readonly string[]
  readonly unexpected_columns: readonly string[]
  readonly wrong_types: readonly { readonly column: string; readonly expected: string; readonly found: string }[]
}

/**
 * What is not there, what is more, what has another type.
 *
 * @param features  as model.yml declares them, with their types
 * @param others    names that are declared without a type: label, id, time, sensitive columns
 * @param columns   what the table has
 * @example declaredColumns([], ['label'], [{ name: 'Label', type: 'number', stored: 'BIGINT' }]) // => ({ missing_columns: ['label'], unexpected_columns: ['Label'], wrong_types: [] })
 */
export function declaredColumns(
  features: readonly Feature[],
  others: readonly string[],
  columns: readonly ColumnInfo[],
): DeclaredColumns {
  const declared = new Map(features.map((feature) => [feature.name, feature]))
  const found = new Map(columns.map((column) => [column.name, column]))
  return {
    missing_columns: [...new Set([...declared.keys(), ...others])].filter((name) => !found.has(name)),
    unexpected_columns: columns
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
