import { scopeName } from './cause.ts'
import { EVERY_MODEL } from './every-model.ts'
import type { Fact } from './fact.ts'
import type { Line } from './line.ts'

/** A line as people look at it. */
export interface AuditRow {
  readonly seq: number
  readonly at: string
  readonly kind: string
  /** `production/churn`, or `budget`. */
  readonly scope: string
  readonly actor_id: number
  /** The kind's own fields in one line; texts that people wrote are among them. */
  readonly says: string
}

export interface AuditQuestion {
  readonly model?: string | undefined
  readonly environment?: string | undefined
  readonly kind?: string | undefined
  /** ISO 8601; lines at that moment are in. */
  readonly since?: string | undefined
}

/**
 * The lines that a question asks for, oldest first.
 *
 * @param lines  any order
 */
export function auditedLines(lines: readonly Line[], asked: AuditQuestion): readonly Line[] {
  const since = asked.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(asked.since)
  const isAsked = ({ scope, fact, at }: Line) =>
    (asked.model === undefined || [asked.model, EVERY_MODEL].includes(modelOf(scope, fact) as string)) &&
    (asked.environment === undefined || (scope !== 'budget' && scope.environment === asked.environment)) &&
    (asked.kind === undefined || fact.kind === asked.kind) &&
    Date.parse(at) >= since
  return lines.filter(isAsked).sort((a, b) => a.seq - b.seq)
}

/** A fact of the budget names its model itself; an end names only its run. */
function modelOf(scope: Line['scope'], fact: Fact): unknown {
  if (scope !== 'budget') return scope.model
  return 'model' in fact ? fact.model : undefined
}

/** A line as a row of the audit. */
export function auditRow({ seq, at, fact, scope, actorId }: Line): AuditRow {
  return { seq, at, kind: fact.kind, scope: scopeName(scope), actor_id: actorId, says: saying(fact) }
}

/** `version 1.4.0, commit 4b825dc642cb`: digests and SHAs shortened, objects as JSON, and never a line of its own. */
function saying(fact: Fact): string {
  return Object.entries(fact)
    .filter(([field, value]) => field !== 'kind' && value !== null)
    .map(([field, value]) => `${field} ${short(value)}`)
    .join(', ')
}

/** Of a document as long as a request, its beginning. */
const LONGEST_VALUE = 300

function short(value: unknown): string {
  const whole = typeof value === 'string' ? value : JSON.stringify(value)
  const isCut = typeof value !== 'string' && whole.length > LONGEST_VALUE
  const text = isCut ? `${whole.slice(0, LONGEST_VALUE)}...` : whole
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1')
}

const CSV_COLUMNS = ['seq', 'at', 'kind', 'scope', 'actor_id', 'says', 'id', 'digest'] as const

/**
 * Lines as CSV (RFC 4180) for people who open it in a spreadsheet.
 *
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front: a reason is written by people.
 *
 * @param lines  in the order of the rows
 */
export function auditCsv(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const row = { ...auditRow(line), id: line.id, digest: line.digest }
    return CSV_COLUMNS.map((column) => csvCell(String(row[column])))
  })
  return [CSV_COLUMNS, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}

/**
 * One cell: harmless in a spreadsheet, quoted where it must be.
 *
 * @example csvCell('=HYPERLINK("http://x")') // => '"\'=HYPERLINK(""http://x"")"'
 */
export function csvCell(text: string): string {
  const harmless = /^\s*[=+\-@＝＋－＠]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
