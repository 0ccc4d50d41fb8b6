import { type Expression, type ExpressionMistake, mendName, type Path, type Suggest } from './expression.ts'

export interface NamesIn {
  /** Distinct root names in order of appearance: `model` of `model.task`. */
  readonly roots: readonly string[]
  /** Every path with its place, `has()` and `== null` included. */
  readonly paths: readonly Path[]
}

/**
 * The names that an expression reads.
 * @example namesIn(parseExpression('age < 25').expression).roots // => ['age']
 */
export function namesIn(expression: Expression): NamesIn {
  const paths = pathsIn(expression)
  return { roots: [...new Set(paths.map((path) => path.root))], paths }
}

/** A mistake for every root name that is not among the known ones. */
export function checkNames(
  expression: Expression,
  known: readonly string[],
  suggest?: Suggest,
): readonly ExpressionMistake[] {
  return pathsIn(expression)
    .filter((path) => !known.includes(path.root))
    .map(({ root, column }) => ({ column, what: `there is no ${root} here`, mend: mendName(root, known, suggest) }))
}

function pathsIn(expression: Expression): readonly Path[] {
  if (expression.kind === 'path') return [expression]
  return childrenOf(expression).flatMap(pathsIn)
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'path':
      return []
    case 'logic':
    case 'compare':
    case 'arithmetic':
      return [expression.left, expression.right]
    case 'choice':
      return [expression.condition, expression.yes, expression.no]
    case 'text-test':
      return [expression.of, expression.part]
    case 'in':
      return [expression.of, ...('kind' in expression.list ? [expression.list] : expression.list)]
    default:
      return [expression.of]
  }
}
