import { z } from 'zod'
import { canonicalJson } from '../registry/canonical-json.ts'
import { digestSchema, nameSchema } from '../registry/names.ts'
import { lineId } from './cause.ts'
import { scopedModelSchema } from './every-model.ts'
import type { Fact, FactScope, NewFact } from './fact.ts'
import { FACT_SCHEMAS } from './fact-schema.ts'
import { type SigningKey, signatureFlaw, signedText, textDigest, type VerifyingKey } from './signature.ts'

/** Longer lines are refused: one file of the ledger must stay readable in one answer of GitHub. */
const LONGEST_LINE = 64 * 1024

/** One line of the ledger, read. Its text is what is signed, digested and stored. */
export interface Line {
  readonly seq: number
  readonly id: string
  readonly at: string
  readonly scope: FactScope
  readonly actorId: number
  /** Digest of the line with the seq before, whatever scope it has. */
  readonly prev: string
  /** A kind that this version does not know is among `OtherFact`s. */
  readonly fact: Fact
  /** Canonical JSON, without a line end. */
  readonly text: string
  /** `sha256:` of the text. */
  readonly digest: string
}

/** What does not read as a line. The message says what is wrong, as in: line 12 <message>. */
export class FlawedLine extends Error {
  /** Its own claim; null when it makes none. */
  readonly seq: number | null
  constructor(message: string, seq: number | null) {
    super(message)
    this.name = 'FlawedLine'
    this.seq = seq
  }
}

const ENVELOPE = ['format', 'seq', 'id', 'at', 'scope', 'actor_id', 'prev', 'key_id', 'sig']
const scopeSchema = z.union([
  z.literal('budget'),
  z.strictObject({ environment: nameSchema, model: scopedModelSchema }),
])
const envelope = z.looseObject({
  format: z.literal(1),
  seq: z.int().positive(),
  id: digestSchema,
  at: z.iso.datetime(),
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  scope: scopeSchema,
  actor_id: z.int().nonnegative(),
  prev: digestSchema,
  key_id: z.string(),
  sig: z.string(),
})

/**
 * What stands before line 1: two ledgers with one key never share a chain.
 *
 * @param ledger  GitHub's id of the repository that the ledger belongs to
 */
export function beforeFirst(ledger: number): string {
  return textDigest(`weighbridge ledger ${ledger}`)
}

/**
 * Makes the next line of a ledger out of a fact, signed.
 *
 * @param after  seq and digest of the line before; seq 0 and `beforeFirst` for the first
 * @throws {RangeError} when the fact's own fields, scope or time cannot stand in a line, or it is too long
 */
export function makeLine(
  fact: NewFact,
  after: { readonly seq: number; readonly digest: string },
  key: SigningKey,
): Line {
  const taken = Object.keys(fact.fact).find((field) => ENVELOPE.includes(field))
  if (taken !== undefined) throw new RangeError(`a fact has no field "${taken}" of its own`)
  const text = signedText(
    {
      ...fact.fact,
      format: 1,
      seq: after.seq + 1,
      id: lineId(fact),
      at: fact.at,
      scope: fact.scope,
      actor_id: fact.actorId,
      prev: after.digest,
    },
    key,
  )
  try {
    return readLine(text)
  } catch (error) {
    if (error instanceof FlawedLine) throw new RangeError(`a fact that ${error.message}`, { cause: error })
    throw error
  }
}

/**
 * Reads a line. That it reads says nothing about who wrote it: `lineFlaw` does.
 *
 * @throws {FlawedLine} when it is not the canonical text of a line
 */
export function readLine(text: string): Line {
  if (text.length > LONGEST_LINE) throw new FlawedLine(`is longer than ${LONGEST_LINE} characters`, null)
  const document = jsonOf(text)
  const seq = seqOf(document)
  const read = envelope.safeParse(document)
  if (!read.success) throw new FlawedLine(`is no line of a ledger: ${firstIssue(read.error)}`, seq)
  if (canonicalJson(document) !== text) throw new FlawedLine('is not in canonical form', seq)
  const { data } = read
  const known = Object.hasOwn(FACT_SCHEMAS, data.kind) ? FACT_SCHEMAS[data.kind]?.safeParse(data) : undefined
  if (known?.success === false) throw new FlawedLine(`is no "${data.kind}": ${firstIssue(known.error)}`, seq)
  const own = Object.entries(data).filter(([field]) => !ENVELOPE.includes(field))
  return {
    seq: data.seq,
    id: data.id,
    at: data.at,
    scope: data.scope,
    actorId: data.actor_id,
    prev: data.prev,
    fact: Object.fromEntries(own) as unknown as Fact,
    text,
    digest: textDigest(text),
  }
}

/**
 * Why a line cannot follow the one before; null when it is ours and follows.
 *
 * @param before  seq and digest of the line before
 * @returns the end of a sentence that begins with the line
 */
export function lineFlaw(
  line: Line,
  before: { readonly seq: number; readonly digest: string },
  keys: readonly VerifyingKey[],
): string | null {
  const unsigned = signatureFlaw(JSON.parse(line.text) as Record<string, unknown>, keys)
  if (unsigned !== null) return unsigned
  if (line.seq !== before.seq + 1) return `does not follow line ${before.seq}`
  if (line.prev === before.digest) return null
  return before.seq === 0
    ? "begins another repository's ledger; each needs a store.evidence of its own"
    : `does not follow line ${before.seq} as it is`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FlawedLine('is not JSON', null)
  }
}

function seqOf(document: unknown): number | null {
  const seq = (document as { seq?: unknown } | null)?.seq
  return typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : null
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'not readable' : `${issue.path.join('.') || 'it'}: ${issue.message}`
}
