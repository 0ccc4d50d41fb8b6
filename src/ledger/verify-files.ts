import { canonicalJson } from '../registry/canonical-json.ts'
import { chainFlaw, type LedgerFlaw } from './chain.ts'
import {
  BUDGET,
  emptyHead,
  FlawedDocument,
  HEAD,
  type Head,
  indexPath,
  indexText,
  KEYS,
  readBudgetFile,
  readHead,
  readState,
  statePath,
} from './documents.ts'
import { type BranchContent, named, withLines } from './layout.ts'
import { beforeFirst, FlawedLine, type Line, readLine } from './line.ts'
import { textDigest, type VerifyingKey } from './signature.ts'

/** A whole branch, looked at. */
export interface VerifiedFiles {
  /** GitHub's id of the repository, as the head says. */
  readonly ledger: number
  /** What reads as a line, by seq. */
  readonly lines: readonly Line[]
  /** The first place that cannot be believed; null when all is sound. */
  readonly flaw: LedgerFlaw | null
}

/**
 * Verifies every file of the branch: one unbroken chain signed by these keys, a head that ends it, and states, indexes
 * and files of lines that are exactly what the lines make of them.
 *
 * @param files  path -> text of everything in the branch
 * @param keys   the operator's
 */
export function verifyFiles(files: ReadonlyMap<string, string>, keys: readonly VerifyingKey[]): VerifiedFiles {
  const { lines, flaws } = linesIn(files)
  const ledger = claimedLedger(files.get(HEAD))
  const chain = chainFlaw(lines, { seq: 0, digest: beforeFirst(ledger) }, keys)
  const first = [...flaws, ...(chain === null ? [] : [chain])].sort((a, b) => a.seq - b.seq)[0]
  if (first !== undefined) return { ledger, lines, flaw: first }
  return { ledger, lines, flaw: headFlaw(files, ledger, lines, keys) ?? fileFlaw(files, ledger, lines, keys) }
}

/**
 * All lines of the branch's files, by seq, and what does not read as one. Whether they are ours is not looked at.
 *
 * @param files  path -> text
 */
export function linesIn(files: ReadonlyMap<string, string>): {
  readonly lines: readonly Line[]
  readonly flaws: readonly LedgerFlaw[]
} {
  const lines: Line[] = []
  const flaws: LedgerFlaw[] = []
  for (const [path, text] of files) {
    if (!path.startsWith('facts/')) continue
    if (!text.endsWith('\n')) flaws.push({ seq: lines.at(-1)?.seq ?? 1, because: `${path} has a cut last line` })
    let before = 0
    for (const [index, one] of text.split('\n').slice(0, -1).entries())
      try {
        const line = readLine(one)
        lines.push(line)
        before = line.seq
      } catch (error) {
        if (!(error instanceof FlawedLine)) throw error
        flaws.push({ seq: error.seq ?? before + 1, because: `${path}:${index + 1} ${error.message}` })
      }
  }
  return { lines: lines.sort((a, b) => a.seq - b.seq), flaws }
}

/** Which repository a `head.json` says it belongs to, 0 for none; the first line of the chain bears it out or not. */
export function claimedLedger(head: string | undefined): number {
  return Number(/"ledger":(\d{1,15})\b/.exec(head ?? '')?.[1] ?? 0)
}

function headFlaw(
  files: ReadonlyMap<string, string>,
  ledger: number,
  lines: readonly Line[],
  keys: readonly VerifyingKey[],
): LedgerFlaw | null {
  const last = lines.at(-1) ?? { seq: 0, digest: beforeFirst(ledger) }
  const text = files.get(HEAD)
  if (text === undefined) return { seq: Math.max(last.seq, 1), because: `the branch has no ${HEAD}` }
  const head = documentOr(() => readHead(text, keys))
  if (typeof head === 'string') return { seq: last.seq, because: head }
  if (head.seq > last.seq) return { seq: last.seq + 1, because: `is missing: ${HEAD} ends at line ${head.seq}` }
  if (head.seq < last.seq) return { seq: head.seq + 1, because: `is not in ${HEAD}, which ends before it` }
  return head.digest === last.digest ? null : { seq: head.seq, because: `is another one in ${HEAD}` }
}

/** The first file that is not what the lines make of it, or that no line made. */
function fileFlaw(
  files: ReadonlyMap<string, string>,
  ledger: number,
  lines: readonly Line[],
  keys: readonly VerifyingKey[],
): LedgerFlaw | null {
  const none: BranchContent = { head: emptyHead(ledger), indexes: new Map(), scopes: new Map(), parts: new Map() }
  const content = withLines(none, lines)
  const head = readHead(files.get(HEAD) ?? '', keys)
  const wrong = (path: string, seq: number) => ({ seq, because: `left another ${path} than the branch has` })
  const expected = new Set([HEAD, KEYS])
  for (const [path, text] of content.parts) {
    expected.add(path)
    if (files.get(path) !== text) return wrong(path, content.head.seq)
  }
  for (const [environment, models] of content.indexes) {
    const path = indexPath(environment)
    expected.add(path)
    const text = indexText(environment, models)
    if (files.get(path) !== text || head.environments.get(environment) !== textDigest(text))
      return wrong(path, content.head.seq)
  }
  for (const one of content.scopes.values()) {
    const { state, part, seq } = one
    const isBudget = one.scope === 'budget'
    // a version that trained nothing left no budget
    if (part === null || (isBudget && head.budget?.state === undefined)) continue
    const path = one.scope === 'budget' ? BUDGET : statePath(one.scope)
    expected.add(path)
    const text = files.get(path) ?? ''
    const file = documentOr(() => (isBudget ? readBudgetFile(text, keys) : readState(path, text, keys)))
    if (typeof file === 'string') return { seq, because: `left a state that cannot be believed: ${file}` }
    const isSame = canonicalJson([file.state, file.part, file.ledger]) === canonicalJson([state, named(part), ledger])
    if (!isSame || (isBudget && head.budget?.state !== textDigest(text))) return wrong(path, seq)
  }
  if (canonicalJson(endOf(head.budget)) !== canonicalJson(endOf(content.head.budget)))
    return wrong(HEAD, content.head.seq)
  const foreign = [...files.keys()].find((path) => !expected.has(path))
  return foreign === undefined ? null : { seq: content.head.seq, because: `never left a file ${foreign}` }
}

/** Without the digest of the signed state, which the lines alone do not give. */
function endOf(budget: Head['budget']): unknown {
  return budget === null ? null : { seq: budget.seq, part: budget.part }
}

function documentOr<Document>(read: () => Document): Document | string {
  try {
    return read()
  } catch (error) {
    if (error instanceof FlawedDocument) return error.message
    throw error
  }
}

/** A flaw as a sentence: `ledger broken at 8123: line 8123 is missing`. */
export function flawSentence({ seq, because }: LedgerFlaw): string {
  const isPlaced = /^[a-z]+(\/|\.)|^the /.test(because)
  return `ledger broken at ${seq}: ${isPlaced ? because : `line ${seq} ${because}`}`
}
