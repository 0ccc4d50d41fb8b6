import { type Comparison, type Expression, FUNCTIONS } from './expression.ts'
import { NotAnExpression, type Token } from './tokens.ts'

/** `null` stands only beside == and !=, so it is not an expression of its own. */
export interface NullWord {
  readonly kind: 'null'
  readonly column: number
}
export interface ListWord {
  readonly kind: 'list'
  readonly items: readonly Expression[]
  readonly column: number
}
/** What the parser may hold while it reads; `value` makes an expression of it. */
export type Operand = Expression | NullWord | ListWord

/** An operand where an expression must stand. @throws {NotAnExpression} for null and for a list */
export function value(operand: Operand): Expression {
  if (operand.kind === 'null')
    throw new NotAnExpression(operand.column, 'null has no value', 'Compare a name with it: age == null.')
  if (operand.kind === 'list')
    throw new NotAnExpression(operand.column, 'a list stands only after "in"', 'Write plan in ["basic", "pro"].')
  return operand
}

/** `left < right`, or a comparison with null. @throws {NotAnExpression} where null meets what is no name */
export function comparison(left: Operand, sign: Token, right: Operand): Expression {
  const operator = sign.value as Comparison
  const { column } = sign
  if (left.kind !== 'null' && right.kind !== 'null')
    return { kind: 'compare', operator, left: value(left), right: value(right), column }
  const of = left.kind === 'null' ? right : left
  const isEquality = operator === '==' || operator === '!='
  if (!isEquality || of.kind !== 'path')
    throw new NotAnExpression(column, 'null is only compared with a name, by == or !=', 'Write age == null.')
  return { kind: 'is-null', of, isNull: operator === '==', column }
}

/** `left in right`. @throws {NotAnExpression} when right is no list, or an empty one */
export function membership(left: Operand, right: Operand, column: number): Expression {
  if (right.kind === 'path') return { kind: 'in', of: value(left), list: right, column }
  if (right.kind !== 'list')
    throw new NotAnExpression(right.column, '"in" needs a list', 'Write plan in ["basic", "pro"].')
  if (right.items.length === 0)
    throw new NotAnExpression(right.column, 'an empty list holds nothing', 'Name at least one value.')
  return { kind: 'in', of: value(left), list: right.items, column }
}

/** Holds a function to the number of values that it takes. @throws {NotAnExpression} with its usage */
export function count(parts: readonly Expression[], wanted: number, name: string, column: number): void {
  if (parts.length === wanted) return
  throw new NotAnExpression(
    column,
    `${name} takes ${wanted} value${wanted === 1 ? '' : 's'} in its parentheses, found ${parts.length}`,
    usage(name),
  )
}

function usage(name: string): string {
  if (name === 'has') return 'Write has(model.risk_class).'
  return name === 'size' ? 'Write size(name) or name.size().' : `Write name.${name}("text").`
}

/** The mistake of calling a function that does not exist, or not in this way. */
export function unknownFunction(name: string, column: number): NotAnExpression {
  if (name === 'matches')
    return new NotAnExpression(
      column,
      'matches takes a regular expression, and there are none here',
      'Use startsWith, endsWith, contains or in.',
    )
  const isMethod = name === 'startsWith' || name === 'endsWith' || name === 'contains'
  if (isMethod) return new NotAnExpression(column, `${name} is asked of a text`, usage(name))
  return new NotAnExpression(column, `there is no function ${name}`, `Functions: ${FUNCTIONS.join(', ')}.`)
}

/** A token as a mistake shows it. */
export function shown(token: Token): string {
  if (token.kind === 'end') return 'the end'
  return token.kind === 'text' ? JSON.stringify(token.value) : String(token.value)
}
