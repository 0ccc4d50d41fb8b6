import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'
import { isNode, type SourceFile, type SyntaxNode } from './source-tree.ts'

/** `@example f(x) // => y` of a docstring. */
export interface Example {
  readonly path: string
  readonly expression: string
  readonly expected: string
}

/** Every example of a file; one without ` // => ` has an empty `expected`. */
export function examplesOf({ path, text }: SourceFile): readonly Example[] {
  return [...text.matchAll(/^\s*(?:\*|\/\*\*.*?) @example (.+)$/gm)].map(([, line = '']) => {
    const [expression = '', expected = ''] = line.split(' // => ')
    return { path, expression: expression.trim(), expected: expected.replace(/\s*\*\/\s*$/, '').trim() }
  })
}

type Scope = Readonly<Record<string, unknown>>

/** What an example may name: the exports of its own file, then those of the others. */
export async function scopeOf(path: string, others: Scope): Promise<Scope> {
  const own = (await import(fileURLToPath(new URL(`../../${path}`, import.meta.url)))) as Scope
  return { ...others, ...own }
}

/** Evaluates the example as a reader would who pastes it, and says how the answer differs; null when it does not. */
export function differenceOf({ expression, expected }: Example, scope: Scope): string | null {
  const names = Object.keys(scope).filter((name) => new RegExp(`\\b${name}\\b`).test(expression))
  const evaluate = new Function(...names, `return (${expression})`)
  return compare(evaluate(...names.map((name) => scope[name])), literal(expected), '')
}

function literal(text: string): SyntaxNode {
  const program = parseAst(`(${text})`, { lang: 'ts' }) as unknown as { readonly body: readonly SyntaxNode[] }
  let node = program.body[0]?.expression
  while (isNode(node) && node.type === 'ParenthesizedExpression') node = node.expression
  if (!isNode(node)) throw new SyntaxError(`${text} is no value`)
  return node
}

function compare(actual: unknown, expected: SyntaxNode, at: string): string | null {
  if (expected.type === 'ArrayExpression') return compareArrays(actual, expected, at)
  if (expected.type === 'ObjectExpression') return compareObjects(actual, expected, at)
  if (expected.type === 'UnaryExpression' && isNode(expected.argument))
    return compareNumbers(actual, `-${String(expected.argument.raw)}`, at)
  if (expected.type === 'Identifier' && expected.name === 'undefined')
    return actual === undefined ? null : told(actual, 'undefined', at)
  if (expected.type !== 'Literal') return `${at} the example expects ${expected.type}, which is no value`
  if (typeof expected.value === 'number') return compareNumbers(actual, String(expected.raw), at)
  return actual === expected.value ? null : told(actual, String(expected.raw), at)
}

function compareArrays(actual: unknown, expected: SyntaxNode, at: string): string | null {
  const wanted = expected.elements as readonly SyntaxNode[]
  const given = ArrayBuffer.isView(actual) ? Array.from(actual as unknown as ArrayLike<number>) : actual
  if (!Array.isArray(given) || given.length !== wanted.length) return told(actual, `${wanted.length} elements`, at)
  return firstOf(wanted.map((one, index) => compare(given[index], one, `${at}[${index}]`)))
}

function compareObjects(actual: unknown, expected: SyntaxNode, at: string): string | null {
  const wanted = (expected.properties as readonly SyntaxNode[]).map((property) => {
    const key = property.key as SyntaxNode
    return [String(key.name ?? key.value), property.value as SyntaxNode] as const
  })
  const keys = typeof actual === 'object' && actual !== null ? Object.keys(actual) : []
  const given = actual as Readonly<Record<string, unknown>>
  const names = wanted.map(([key]) => key)
  if ([...keys].sort().join() !== [...names].sort().join()) return told(actual, `keys ${names.join(', ')}`, at)
  return firstOf(wanted.map(([key, value]) => compare(given[key], value, `${at}.${key}`)))
}

/** Equal to 1e-9 relative, or to the last digit that the example writes. */
function compareNumbers(actual: unknown, raw: string, at: string): string | null {
  if (typeof actual !== 'number') return told(actual, raw, at)
  const distance = Math.abs(actual - Number(raw))
  const digits = /\.(\d+)$/.exec(raw)?.[1]?.length ?? 0
  const lastDigit = digits >= 3 ? 0.5 * 10 ** -digits * (1 + 1e-9) : 0
  return distance <= Math.max(lastDigit, 1e-9 * Math.abs(Number(raw))) ? null : told(actual, raw, at)
}

function firstOf(differences: readonly (string | null)[]): string | null {
  return differences.find((one) => one !== null) ?? null
}

function told(actual: unknown, expected: string, at: string): string {
  return `${at === '' ? 'the value' : at} is ${JSON.stringify(actual) ?? String(actual)}, the example says ${expected}`
}
