import type { Arithmetic, Comparison, Expression, Path, TextTest } from './expression.ts'
import { pathText } from './expression.ts'

export type Scalar = number | string | boolean

/** A value, or why there is none; the caller is then inconclusive. */
export type Evaluated = { readonly value: Scalar } | { readonly undefined: string }

/** Plain data by root name. Only own properties are seen. */
export type Scope = Readonly<Record<string, unknown>>

/**
 * What an expression says of plain data.
 *
 * CEL with its three-valued logic: an undefined side of && and || is absorbed when the other side decides. Stricter than
 * CEL in one way, equality of two types is undefined, not false; numbers are doubles, so 7 / 2 is 3.5; null, NaN, an
 * overflow and a division by zero are undefined.
 *
 * @param scope  plain data; `__proto__`, inherited properties and functions do not exist
 * @returns a value, or the reason why there is none: a missing field, null, two types that do not go together
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#evaluation
 * @example evaluate(parseExpression('age < 25').expression, { age: 20 }) // => { value: true }
 */
export function evaluate(expression: Expression, scope: Scope): Evaluated {
  switch (expression.kind) {
    case 'literal':
      return { value: expression.value }
    case 'path':
      return scalarAt(expression, scope)
    case 'not':
      return map(evaluate(expression.of, scope), 'boolean', '!', (value) => ({ value: !value }))
    case 'negate':
      return map(evaluate(expression.of, scope), 'number', '-', (value) => ({ value: -value }))
    case 'logic':
      return logic(expression.operator === '&&', evaluate(expression.left, scope), evaluate(expression.right, scope))
    case 'compare':
      return both(expression.left, expression.right, scope, (left, right) => compare(expression.operator, left, right))
    case 'arithmetic':
      return both(expression.left, expression.right, scope, (left, right) => compute(expression.operator, left, right))
    case 'is-null':
      return isNull(expression.of, scope, expression.isNull)
    case 'in':
      return isIn(expression, scope)
    case 'choice':
      return map(evaluate(expression.condition, scope), 'boolean', '?', (value) =>
        evaluate(value ? expression.yes : expression.no, scope),
      )
    case 'text-test':
      return both(expression.of, expression.part, scope, (text, part) => testText(expression.name, text, part))
    case 'size':
      return size(expression.of, scope)
    case 'has':
      return has(expression.of, scope)
  }
}

type Found = { readonly found: unknown } | { readonly undefined: string }

function lookUp(path: Path, scope: Scope): Found {
  let found: unknown = scope
  let name = ''
  for (const key of [path.root, ...path.keys]) {
    name = name === '' ? String(key) : `${name}.${key}`
    if (!isOwn(found, key)) return { undefined: `${name} is not there` }
    found = found[key]
  }
  return { found }
}

function isOwn(value: unknown, key: string | number): value is Readonly<Record<string | number, unknown>> {
  if (key === '__proto__') return false
  if (Array.isArray(value)) return typeof key === 'number' && Object.hasOwn(value, key)
  return isPlainObject(value) && Object.hasOwn(value, key)
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function scalarAt(path: Path, scope: Scope): Evaluated {
  const at = lookUp(path, scope)
  return 'undefined' in at ? at : scalar(at.found, pathText(path))
}

function scalar(value: unknown, name: string): Evaluated {
  if (value === null || value === undefined) return { undefined: `${name} is null` }
  if (typeof value === 'number') return Number.isNaN(value) ? { undefined: `${name} is not a number (NaN)` } : { value }
  if (typeof value === 'string' || typeof value === 'boolean') return { value }
  return { undefined: `${name} is ${Array.isArray(value) ? 'a list' : 'not a single value'}` }
}

function isNull(path: Path, scope: Scope, wanted: boolean): Evaluated {
  const at = lookUp(path, scope)
  return 'undefined' in at ? at : { value: (at.found === null) === wanted }
}

function has(path: Path, scope: Scope): Evaluated {
  if (!isOwn(scope, path.root)) return { undefined: `${path.root} is not there` }
  const at = lookUp(path, scope)
  return { value: 'found' in at && at.found !== null && at.found !== undefined }
}

function size(of: Expression, scope: Scope): Evaluated {
  const at = of.kind === 'path' ? lookUp(of, scope) : undefined
  const found = at !== undefined && 'found' in at ? at.found : undefined
  if (Array.isArray(found)) return { value: found.length }
  if (isPlainObject(found)) return { value: Object.keys(found).length }
  return map(evaluate(of, scope), 'string', 'size', (text) => ({ value: [...text].length }))
}

function isIn(expression: Extract<Expression, { kind: 'in' }>, scope: Scope): Evaluated {
  const of = evaluate(expression.of, scope)
  if ('undefined' in of) return of
  if (!('kind' in expression.list))
    return anyEqual(
      of.value,
      expression.list.map((item) => evaluate(item, scope)),
    )
  const at = lookUp(expression.list, scope)
  if ('undefined' in at) return at
  const name = pathText(expression.list)
  if (Array.isArray(at.found))
    return anyEqual(
      of.value,
      at.found.map((item) => scalar(item, name)),
    )
  if (isPlainObject(at.found)) return { value: typeof of.value === 'string' && isOwn(at.found, of.value) }
  return { undefined: `${name} is not a list` }
}

function anyEqual(value: Scalar, items: readonly Evaluated[]): Evaluated {
  return items
    .map((item) => ('undefined' in item ? item : compare('==', value, item.value)))
    .reduce((left, right) => logic(false, left, right), { value: false })
}

function logic(isAnd: boolean, left: Evaluated, right: Evaluated): Evaluated {
  const sides = [left, right].map((side) =>
    'value' in side && typeof side.value !== 'boolean' ? mismatch(isAnd ? '&&' : '||', side.value) : side,
  )
  if (sides.some((side) => 'value' in side && side.value !== isAnd)) return { value: !isAnd }
  return sides.find((side) => 'undefined' in side) ?? { value: isAnd }
}

function both(
  left: Expression,
  right: Expression,
  scope: Scope,
  use: (left: Scalar, right: Scalar) => Evaluated,
): Evaluated {
  const first = evaluate(left, scope)
  if ('undefined' in first) return first
  const second = evaluate(right, scope)
  return 'undefined' in second ? second : use(first.value, second.value)
}

interface Types {
  readonly number: number
  readonly string: string
  readonly boolean: boolean
}

function map<Type extends keyof Types>(
  of: Evaluated,
  type: Type,
  operator: string,
  use: (value: Types[Type]) => Evaluated,
): Evaluated {
  if ('undefined' in of) return of
  return typeof of.value === type ? use(of.value as Types[Type]) : mismatch(operator, of.value)
}

function compare(operator: Comparison, left: Scalar, right: Scalar): Evaluated {
  if (typeof left !== typeof right) return mismatch(operator, left, right)
  if (operator === '==') return { value: left === right }
  if (operator === '!=') return { value: left !== right }
  if (typeof left === 'boolean') return mismatch(operator, left, right)
  const order = typeof left === 'string' ? compareText(left, right as string) : compareNumber(left, right as number)
  if (operator === '<') return { value: order < 0 }
  if (operator === '<=') return { value: order <= 0 }
  return { value: operator === '>' ? order > 0 : order >= 0 }
}

function compareNumber(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** By code points, as UTF-8 bytes sort; JavaScript's own order is by UTF-16 units. */
function compareText(left: string, right: string): number {
  const [a, b] = [[...left], [...right]]
  const first = a.findIndex((character, index) => character !== b[index])
  if (first < 0) return a.length - b.length
  return (a[first]?.codePointAt(0) ?? -1) - (b[first]?.codePointAt(0) ?? -1)
}

function compute(operator: Arithmetic, left: Scalar, right: Scalar): Evaluated {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return { value: left + right }
  if (typeof left !== 'number' || typeof right !== 'number') return mismatch(operator, left, right)
  const value = calculate(operator, left, right)
  return Number.isFinite(value) ? { value } : { undefined: `${left} ${operator} ${right} is not a finite number` }
}

function calculate(operator: Arithmetic, left: number, right: number): number {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  return operator === '/' ? left / right : left % right
}

function testText(name: TextTest, text: Scalar, part: Scalar): Evaluated {
  if (typeof text !== 'string' || typeof part !== 'string') return mismatch(name, text, part)
  if (name === 'contains') return { value: text.includes(part) }
  return { value: name === 'startsWith' ? text.startsWith(part) : text.endsWith(part) }
}

function mismatch(operator: string, ...values: readonly Scalar[]): Evaluated {
  const types = values.map((value) => (typeof value === 'string' ? 'text' : `a ${typeof value}`))
  return { undefined: `${operator} does not go with ${types.join(' and ')}` }
}
