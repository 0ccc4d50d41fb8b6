import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

interface Counting {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * How many nodes a query may answer at most, counted as GitHub does before it runs: each `first` or `last` multiplies
 * what lies below it.
 *
 * @see https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function countedNodes(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION)
  return below(operation.selectionSet, 1, {
    fragments: new Map(fragments.map((one) => [one.name.value, one])),
    variables,
  })
}

function below(set: SelectionSetNode | undefined, times: number, counting: Counting): number {
  let total = 0
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      const size = sizeOf(selection, counting)
      total += size === null ? 0 : size * times
      total += below(selection.selectionSet, times * (size ?? 1), counting)
    } else {
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : counting.fragments.get(selection.name.value)
      total += below(inner?.selectionSet, times, counting)
    }
  }
  return total
}

/** null for a field that is no list. */
function sizeOf(field: FieldNode, { variables }: Counting): number | null {
  const bound = field.arguments?.find((one) => one.name.value === 'first' || one.name.value === 'last')?.value
  if (bound?.kind === Kind.INT) return Number(bound.value)
  return bound?.kind === Kind.VARIABLE ? Number(variables[bound.name.value] ?? 0) : null
}
