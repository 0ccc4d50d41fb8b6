/** Words of the expression language: CEL without macros, every number a double. Used by `where`, `when` and `rule`. */

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const
const ARITHMETIC = ['+', '-', '*', '/', '%'] as const
export const FUNCTIONS = ['startsWith', 'endsWith', 'contains', 'size', 'has'] as const

export type Comparison = (typeof COMPARISONS)[number]
export type Arithmetic = (typeof ARITHMETIC)[number]
export type TextTest = 'startsWith' | 'endsWith' | 'contains'

/** One node; `column` is where it begins in the text, counted from 1. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: number | string | boolean; readonly column: number }
  | {
      readonly kind: 'path'
      readonly root: string
      readonly keys: readonly (string | number)[]
      readonly column: number
    }
  | { readonly kind: 'not'; readonly of: Expression; readonly column: number }
  | { readonly kind: 'negate'; readonly of: Expression; readonly column: number }
  | {
      readonly kind: 'logic'
      readonly operator: '&&' | '||'
      readonly left: Expression
      readonly right: Expression
      readonly column: number
    }
  | {
      readonly kind: 'compare'
      readonly operator: Comparison
      readonly left: Expression
      readonly right: Expression
      readonly column: number
    }
  | {
      readonly kind: 'arithmetic'
      readonly operator: Arithmetic
      readonly left: Expression
      readonly right: Expression
      readonly column: number
    }
  | { readonly kind: 'is-null'; readonly of: Path; readonly isNull: boolean; readonly column: number }
  | {
      readonly kind: 'in'
      readonly of: Expression
      readonly list: readonly Expression[] | Path
      readonly column: number
    }
  | {
      readonly kind: 'choice'
      readonly condition: Expression
      readonly yes: Expression
      readonly no: Expression
      readonly column: number
    }
  | {
      readonly kind: 'text-test'
      readonly name: TextTest
      readonly of: Expression
      readonly part: Expression
      readonly column: number
    }
  | { readonly kind: 'size'; readonly of: Expression; readonly column: number }
  | { readonly kind: 'has'; readonly of: Path; readonly column: number }

/** A name, and what is taken out of it: `model.labels["team"]`. */
export interface Path {
  readonly kind: 'path'
  readonly root: string
  readonly keys: readonly (string | number)[]
  readonly column: number
}

/** What is wrong in an expression: 1-based column, and a way out. */
export interface ExpressionMistake {
  readonly column: number
  readonly what: string
  readonly mend: string
}

/** Finds the known word that an unknown one was meant to be; callers bring their own sense of distance. */
export type Suggest = (unknown: string, known: readonly string[]) => string | null

/** `model.labels.team`, as people write it. */
export function pathText(path: Path): string {
  return [path.root, ...path.keys].join('.')
}

/** `Did you mean age?`, else the list of what there is. */
export function mendName(unknown: string, known: readonly string[], suggest?: Suggest): string {
  const meant = suggest?.(unknown, known)
  if (meant !== undefined && meant !== null) return `Did you mean ${meant}?`
  return known.length === 0 ? 'There are no names here.' : `Names here: ${shortList(known)}.`
}

function shortList(names: readonly string[]): string {
  return names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')} and ${names.length - 20} more`
}
