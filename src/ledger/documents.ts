import { z } from 'zod'
import { canonicalJson } from '../registry/canonical-json.ts'
import { digestSchema, nameSchema } from '../registry/names.ts'
import { budgetSchema } from './budget-schema.ts'
import type { BudgetState } from './budget-state.ts'
import { scopedModelSchema, scopeFolder } from './every-model.ts'
import type { LedgerState, ModelScope } from './fact.ts'
import { beforeFirst } from './line.ts'
import { type SigningKey, signatureFlaw, signedText, type VerifyingKey } from './signature.ts'
import { stateSchema } from './state-schema.ts'

/**
 * The files that stand beside the lines: `head.json` names the last line and, by digest, the index of each environment
 * and the budget; an index says at which line each model's state stands; a state names the file that its newest line
 * lies in. So one signature holds everything that weighing reads, and an old state put back is noticed.
 */

const format = z.literal(1)
const seq = z.int().positive()
/** The file of a scope that new lines go to: its name (`2026-11`, `2026-11.2`) and the digest of what it holds. */
const partSchema = z.strictObject({
  name: z.string().regex(/^\d{4}-\d{2}(\.\d{1,9})?$/),
  digest: digestSchema,
})
const headSchema = z.strictObject({
  format,
  document: z.literal('head'),
  ledger: z.int().nonnegative(),
  seq,
  digest: digestSchema,
  environments: z.record(nameSchema, digestSchema),
  budget: z.strictObject({ seq, part: partSchema, state: digestSchema.optional() }).nullable(),
  restored: seq.nullable(),
})
const indexSchema = z.strictObject({
  format,
  document: z.literal('index'),
  environment: nameSchema,
  models: z.record(scopedModelSchema, seq),
})
const stateFileSchema = z.strictObject({
  format,
  document: z.literal('state'),
  ledger: z.int().nonnegative(),
  state: stateSchema,
  part: partSchema,
})
const budgetFileSchema = z.strictObject({
  format,
  document: z.literal('budget'),
  ledger: z.int().nonnegative(),
  state: budgetSchema,
  part: partSchema,
})
const keysSchema = z.strictObject({ format, document: z.literal('keys'), keys: z.array(z.string()) })

export type Part = z.infer<typeof partSchema>
type HeadDocument = z.infer<typeof headSchema>

/** The last line that the branch holds, and what is bound to it. */
export interface Head {
  /** GitHub's id of the repository. */
  readonly ledger: number
  /** 0 before the first line. */
  readonly seq: number
  readonly digest: string
  readonly environments: ReadonlyMap<string, string>
  /** `state` is the digest of `budget.json`; a ledger of a version that trained nothing has none. */
  readonly budget: { readonly seq: number; readonly part: Part; readonly state?: string | undefined } | null
  /** The line that says that the branch was rebuilt from the mirror; from there on it has another past. */
  readonly restored: number | null
}

export interface StateFile {
  readonly ledger: number
  readonly state: LedgerState
  readonly part: Part
}

export interface BudgetFile {
  readonly ledger: number
  readonly state: BudgetState
  readonly part: Part
}

/** A document of the branch that cannot be believed; the message begins with its path. */
export class FlawedDocument extends Error {}

/** A ledger without any line. */
export function emptyHead(ledger: number): Head {
  return { ledger, seq: 0, digest: beforeFirst(ledger), environments: new Map(), budget: null, restored: null }
}

/** `head.json` of a head, signed. */
export function headText(head: Head, key: SigningKey): string {
  const { environments, ...rest } = head
  const document: HeadDocument = {
    ...rest,
    format: 1,
    document: 'head',
    environments: Object.fromEntries(environments),
  }
  return `${signedText(document, key)}\n`
}

/**
 * Reads `head.json`.
 *
 * @throws {FlawedDocument} when it is no head, or none of the keys signed it
 */
export function readHead(text: string, keys: readonly VerifyingKey[]): Head {
  const { document: _, format: __, environments, ...head } = signedDocument(HEAD, text, headSchema, keys)
  return { ...head, environments: new Map(Object.entries(environments)) }
}

/** The index of an environment: model -> seq of its state. Bound by its digest in the head. */
export function indexText(environment: string, models: ReadonlyMap<string, number>): string {
  return `${canonicalJson({ format: 1, document: 'index', environment, models: Object.fromEntries(models) })}\n`
}

/** @throws {FlawedDocument} when it is no index of that environment */
export function readIndex(environment: string, text: string): ReadonlyMap<string, number> {
  const index = parsed(indexPath(environment), text, indexSchema)
  if (index.environment !== environment) throw new FlawedDocument(`${indexPath(environment)} is that of another`)
  return new Map(Object.entries(index.models))
}

/** A scope's state file, signed. */
export function stateText({ ledger, state, part }: StateFile, key: SigningKey): string {
  return `${signedText({ format: 1, document: 'state', ledger, state, part }, key)}\n`
}

/** @throws {FlawedDocument} when it is no state, or none of the keys signed it */
export function readState(path: string, text: string, keys: readonly VerifyingKey[]): StateFile {
  return signedDocument(path, text, stateFileSchema, keys)
}

/** `budget.json`, signed. */
export function budgetText({ ledger, state, part }: BudgetFile, key: SigningKey): string {
  return `${signedText({ format: 1, document: 'budget', ledger, state, part }, key)}\n`
}

/** @throws {FlawedDocument} when it is no budget, or none of the keys signed it */
export function readBudgetFile(text: string, keys: readonly VerifyingKey[]): BudgetFile {
  return signedDocument(BUDGET, text, budgetFileSchema, keys)
}

/** `keys.json`: for auditors, who must compare it with what the operator says. Decides nothing. */
export function keysText(keys: readonly VerifyingKey[]): string {
  return `${canonicalJson({ format: 1, document: 'keys', keys: keys.map(({ text }) => text) })}\n`
}

/** @throws {FlawedDocument} when it lists no keys */
export function readKeys(path: string, text: string): readonly string[] {
  return parsed(path, text, keysSchema).keys
}

export const HEAD = 'head.json'
export const KEYS = 'keys.json'
/** Not below `state/`, where an environment may be called budget. */
export const BUDGET = 'budget.json'

/** @example indexPath('production') // => 'state/production.json' */
export function indexPath(environment: string): string {
  return `state/${environment}.json`
}

/** @example statePath({ environment: 'production', model: 'churn' }) // => 'state/production/churn.json' */
export function statePath(scope: ModelScope): string {
  return `state/${scopeFolder(scope)}.json`
}

function signedDocument<Document>(
  path: string,
  text: string,
  schema: z.ZodType<Document>,
  keys: readonly VerifyingKey[],
): Document {
  const value = jsonOf(path, text)
  const flaw = signatureFlaw(value, keys)
  if (flaw !== null) throw new FlawedDocument(`${path} ${flaw}`)
  const { key_id: _, sig: __, ...unsigned } = value
  return parsed(path, canonicalJson(unsigned), schema)
}

function parsed<Document>(path: string, text: string, schema: z.ZodType<Document>): Document {
  const read = schema.safeParse(jsonOf(path, text))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new FlawedDocument(`${path} is not readable: ${issue?.path.join('.') || 'it'}: ${issue?.message}`)
}

function jsonOf(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // said below, for both
  }
  throw new FlawedDocument(`${path} is no JSON document`)
}
