import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { isExpression, isMap, isText, type Written } from './written.ts'

/** Values by the name of their context: `github`, `inputs`, `needs`, ... Plain JSON. */
export type Contexts = Readonly<Record<string, unknown>>

/** What has become of the steps or jobs before: what `success()` and its like look at. */
export interface Standing {
  readonly hasFailed: boolean
  readonly isCancelled: boolean
}

export interface Evaluation {
  readonly contexts: Contexts
  readonly standing: Standing
  /** Digest of files of the workspace; only where there is one. */
  readonly hashFiles?: (...patterns: readonly string[]) => string
}

/** An expression cannot be evaluated: `fromJSON` of no JSON, too deep, an unknown function. */
export class BadExpression extends Error {
  constructor(expression: string, cause: unknown) {
    super(`The template is not valid. ${expression}: ${cause instanceof Error ? cause.message : String(cause)}`)
    this.name = 'BadExpression'
  }
}

const CONTEXTS = ['github', 'inputs', 'vars', 'secrets', 'needs', 'strategy', 'matrix', 'env', 'steps', 'job', 'runner']
const STATUS = /\b(?:success|failure|cancelled|always)\s*\(/i

export const ALL_IS_WELL: Standing = { hasFailed: false, isCancelled: false }

/** What something written comes to, expressions at any depth with it; plain JSON. */
export function evaluate(written: Written, by: Evaluation): unknown {
  if (isExpression(written)) return plainValue(written.expression, by)
  if (isText(written)) return evaluateText(written, by)
  if (Array.isArray(written)) return written.map((one: Written) => evaluate(one, by))
  if (!isMap(written)) return written
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, evaluate(value, by)]))
}

/** A text, as GitHub writes values into texts: null is empty, numbers have no trailing zeros. */
export function evaluateText(written: Written | undefined, by: Evaluation): string {
  if (written === undefined || written === null) return ''
  if (isText(written)) return written.parts.map((part) => evaluateText(part, by)).join('')
  if (!isExpression(written)) return String(written)
  return dataOf(written.expression, by).coerceString()
}

/** A condition: `success() && (...)` unless it says something of the status itself. */
export function evaluateCondition(written: Written | undefined, by: Evaluation): boolean {
  // with text beside its expression a condition is a text, and no text but the empty one is false
  if (isText(written)) return !by.standing.hasFailed && !by.standing.isCancelled && evaluateText(written, by) !== ''
  const text = isExpression(written) ? written.expression : String(written ?? '').trim()
  const whole = text === '' ? 'success()' : asksStatus(text) ? text : `success() && (${text})`
  const value = dataOf(whole, by)
  return isTruthy(value)
}

/** Texts in quotes say nothing of the status. */
function asksStatus(text: string): boolean {
  return STATUS.test(text.replaceAll(/'(?:[^']|'')*'/g, "''"))
}

function isTruthy(value: data.ExpressionData): boolean {
  if (value instanceof data.BooleanData || value instanceof data.StringData) return Boolean(value.value)
  if (value instanceof data.NumberData) return value.value !== 0 && !Number.isNaN(value.value)
  return !(value instanceof data.Null)
}

function plainValue(expression: string, by: Evaluation): unknown {
  return JSON.parse(JSON.stringify(dataOf(expression, by), data.replacer)) as unknown
}

function dataOf(expression: string, by: Evaluation): data.ExpressionData {
  try {
    const functions = functionsOf(by)
    const tree = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, functions).parse()
    const byName = new Map(functions.map((one) => [one.name.toLowerCase(), one]))
    return new Evaluator(tree, dictionaryOf(by.contexts), byName).evaluate()
  } catch (error) {
    throw new BadExpression(expression, error)
  }
}

/** A context that is not there is empty, as an unknown name in one is. */
function dictionaryOf(contexts: Contexts): data.Dictionary {
  const all = Object.fromEntries(CONTEXTS.map((name) => [name, contexts[name] ?? {}]))
  return JSON.parse(JSON.stringify(all), data.reviver) as data.Dictionary
}

function functionsOf({ standing, hashFiles }: Evaluation): FunctionDefinition[] {
  const says = (name: string, value: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  })
  return [
    says('always', true),
    says('cancelled', standing.isCancelled),
    says('failure', standing.hasFailed && !standing.isCancelled),
    says('success', !standing.hasFailed && !standing.isCancelled),
    {
      name: 'hashFiles',
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns) => new data.StringData(hashFiles?.(...patterns.map((one) => one.coerceString())) ?? ''),
    },
  ]
}
