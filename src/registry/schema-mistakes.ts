import type { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { type DocumentPath, printDotted } from './dotted-path.ts'
import { expectedAt, keysAt, word } from './schema-walk.ts'

/** A mistake before it has a place. */
export interface Complaint {
  readonly path: DocumentPath
  /** Where it shows best: an unknown key at the key, a wrong value at the value. */
  readonly part: 'key' | 'value'
  readonly what: string
  readonly mend: string
  readonly severity?: 'error' | 'warning'
}

type Issue = z.core.$ZodIssue

/** Every issue that zod found in a value, in words with a way out. `schema` is the one that it was held to. */
export function complaints(schema: z.core.$ZodType, issues: readonly Issue[]): readonly Complaint[] {
  return issues.flatMap((issue) => complaintsOf(schema, issue, pathOf(issue)))
}

function pathOf(issue: Issue): DocumentPath {
  return issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
}

function complaintsOf(schema: z.core.$ZodType, issue: Issue, path: DocumentPath): readonly Complaint[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, keysAt(schema, path)))
    case 'invalid_union':
      return unionComplaints(schema, issue, path)
    case 'invalid_key':
    case 'invalid_element':
      return [value(path, nestedWords(issue.issues), 'Rename the key.', 'key')]
    case 'invalid_type':
      return [issue.input === undefined ? missing(schema, path) : wrongType(issue, path)]
    case 'invalid_value':
      return [issue.input === undefined ? missing(schema, path) : wrongValue(issue.values, issue.input, path)]
    case 'too_small':
    case 'too_big':
      return [outOfBounds(issue, path)]
    default:
      return [broken(issue, path)]
  }
}

function value(path: DocumentPath, what: string, mend: string, part: 'key' | 'value' = 'value'): Complaint {
  return { path, part, what, mend }
}

function unknownKey(key: string, path: DocumentPath, known: readonly string[]): Complaint {
  const near = didYouMean(key, known)
  const mend = near === null ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`
  return value([...path, key], 'unknown key', known.length === 0 ? 'Remove it.' : mend, 'key')
}

function missing(schema: z.core.$ZodType, path: DocumentPath): Complaint {
  const owner = printDotted(path.slice(0, -1))
  const key = String(path.at(-1) ?? '')
  const expected = expectedAt(schema, path)
  const where = owner === '' ? 'at the top level' : `under ${owner}`
  return value(path, 'is missing', `Add ${key}${expected === '' ? '' : ` (${expected})`} ${where}.`, 'key')
}

type TypeIssue = Extract<Issue, { code: 'invalid_type' }>

function wrongType(issue: TypeIssue, path: DocumentPath): Complaint {
  const expected = word(issue.expected)
  if (typeof issue.input === 'number' && !Number.isFinite(issue.input)) {
    return value(path, `must be a finite number, found ${issue.input}`, 'Write a number, or remove the key.')
  }
  const found = describe(issue.input)
  const mend = quotesMend(issue) ?? `Write ${expected} here.`
  return value(
    path,
    `must be ${expected}, found ${found}`,
    issue.input === null ? `${mend.slice(0, -1)}, or remove the key.` : mend,
  )
}

function quotesMend({ expected, input }: TypeIssue): string | null {
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) return 'Put it in quotes.'
  if (typeof input !== 'string') return null
  const isNumber = (expected === 'number' || expected === 'int') && /^-?\d+(\.\d+)?$/.test(input)
  return isNumber || (expected === 'boolean' && /^(true|false)$/.test(input)) ? 'Remove the quotes.' : null
}

function wrongValue(values: readonly unknown[], input: unknown, path: DocumentPath): Complaint {
  const known = values.map(String)
  const near = typeof input === 'string' ? didYouMean(input, known) : null
  const what =
    known.length === 1
      ? `must be ${known[0]}, found ${describe(input)}`
      : `must be one of ${known.join(', ')}, found ${describe(input)}`
  return value(
    path,
    what,
    near === null ? `Write ${known.length === 1 ? known[0] : 'one of them'}.` : `Did you mean ${near}?`,
  )
}

type SizeIssue = Extract<Issue, { code: 'too_small' | 'too_big' }>

function outOfBounds(issue: SizeIssue, path: DocumentPath): Complaint {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum
  const side = issue.code === 'too_small' ? ['at least', 'more than'] : ['at most', 'less than']
  const bound = `${issue.inclusive === false ? side[1] : side[0]} ${limit}`
  if (issue.origin === 'string') {
    const what = issue.code === 'too_small' && limit === 1 ? 'must not be empty' : `must hold ${bound} characters`
    return value(path, what, issue.code === 'too_small' ? 'Write a value.' : 'Shorten it.')
  }
  if (issue.origin === 'array' || issue.origin === 'object') {
    const entries = limit === 1 ? 'entry' : 'entries'
    return value(
      path,
      `must hold ${bound} ${entries}`,
      issue.code === 'too_small' ? 'Add one, or remove the key.' : 'Remove some.',
    )
  }
  return value(path, `must be ${bound}, found ${describe(issue.input)}`, `Write a number of ${bound}.`)
}

/** Formats and our own refinements, whose messages already say what must be. */
function broken(issue: Issue, path: DocumentPath): Complaint {
  const parameters = issue.code === 'custom' ? (issue.params ?? {}) : {}
  const message = issue.code === 'invalid_format' && issue.format === 'datetime' ? DATETIME : issue.message
  if (typeof parameters.mend === 'string') {
    return value(path, message, parameters.mend, parameters.part === 'key' ? 'key' : 'value')
  }
  const [, what, mend] = /^(.+?)\. (.+)$/s.exec(message) ?? []
  if (what !== undefined && mend !== undefined) return value(path, what, mend)
  const found = isScalar(issue.input) ? `, found ${describe(issue.input)}` : ''
  return value(path, `${message}${found}`, 'Change it to that form.')
}

const DATETIME = 'must be a date and time such as 2026-11-20T09:12:44Z'
const isScalar = (input: unknown) => typeof input !== 'object' && input !== undefined

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>

/**
 * A union failed in each option: the option whose outer shape fits the value speaks. Of several the one with the fewest
 * unknown keys, then the fewest issues; without any, only what the value is and what it may be is said.
 */
function unionComplaints(schema: z.core.$ZodType, issue: UnionIssue, path: DocumentPath): readonly Complaint[] {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : null
  if (options !== null && issue.errors.length === 0) return [discriminator(issue, options, path)]
  const fitting = issue.errors.filter((option) => !option.some(isOuter))
  const best = [...fitting].sort((a, b) => strangeness(a) - strangeness(b) || a.length - b.length)[0]
  if (best !== undefined) return best.flatMap((one) => complaintsOf(schema, one, [...path, ...pathOf(one)]))
  if (issue.input === undefined) return [missing(schema, path)]
  const known = issue.errors.flat().flatMap((one) => (one.code === 'invalid_value' ? one.values : []))
  if (known.length > 0) return [wrongValue(known, issue.input, path)]
  const expected = expectedAt(schema, path)
  return [value(path, `must be ${expected}, found ${describe(issue.input)}`, `Write ${expected} here.`)]
}

function discriminator(issue: UnionIssue, options: readonly unknown[], path: DocumentPath): Complaint {
  const key = path.at(-1)
  const holder = issue.input
  const found =
    typeof holder === 'object' && holder !== null && typeof key === 'string' ? Reflect.get(holder, key) : holder
  if (found === undefined) return value(path, 'is missing', `Add it: one of ${options.map(String).join(', ')}.`, 'key')
  return wrongValue(options, found, path)
}

const isOuter = (issue: Issue) =>
  issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
const strangeness = (issues: readonly Issue[]) =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0)

function nestedWords(issues: readonly Issue[]): string {
  const first = issues[0]
  if (first === undefined) return 'is not a key that may stand here'
  return `this key ${complaintsOf(NOTHING, first, [])[0]?.what ?? first.message}`
}

/** Stands in where no schema is at hand: it has no keys and no alternatives. */
const NOTHING = { _zod: { def: { type: 'never' } } } as unknown as z.core.$ZodType

/** `the text "abc"`, `the number 3`, `a list`, `nothing`: what people wrote, cut at 60 characters. */
function describe(input: unknown): string {
  if (input === null || input === undefined) return 'nothing'
  if (typeof input === 'string')
    return `the text ${JSON.stringify(input.length > 60 ? `${input.slice(0, 59)}…` : input)}`
  if (typeof input === 'number') return `the number ${input}`
  if (typeof input === 'boolean') return String(input)
  return Array.isArray(input) ? 'a list' : 'keys and values'
}
