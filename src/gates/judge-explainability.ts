import { suggest } from '../registry/did-you-mean.ts'
import type { Interval } from '../statistics/estimate.ts'
import type { ExplainabilityFacts, ImportanceFacts } from './evidence.ts'
import type { ExplainabilityRule } from './explainability-rule.ts'
import type { Exhibit, Finding } from './finding.ts'
import type { GateSubject } from './gate.ts'
import { exactText, listText, percentText } from './number-text.ts'
import { joinParts, type Part, sentence, undecided } from './part.ts'

/** Movers that a finding names. */
const NAMED = 3

interface Judged
  extends Pick<Finding, 'measured' | 'limit' | 'interval' | 'confidence' | 'method' | 'support' | 'provenance'> {
  readonly part: Part
  readonly incumbent?: NonNullable<Finding['incumbent']>
  readonly exhibits: readonly Exhibit[]
}

/**
 * Judges measured importance by the limits of a rule; all must hold.
 *
 * The shift cannot be negative, so chance only ever enlarges it: at most the limit passes, over it fails only where
 * the whole interval is over it, and is inconclusive in between.
 */
export function judgeExplainability(
  rule: ExplainabilityRule,
  facts: ExplainabilityFacts,
  subject: Pick<GateSubject, 'incumbent'>,
): Judged {
  const most = rule.max_importance_shift
  const shares = Object.entries(rule.max_importance ?? {})
  const parts = [
    ...(most === undefined ? [] : [shiftPart(most, facts, subject)]),
    ...shares.map(([column, limit]) => sharePart(column, limit, facts.candidate)),
  ]
  const joined = joinParts(parts)
  const told = most === undefined ? firstShare(facts, shares) : facts.shift
  return {
    part: { ...joined, because: `${joined.because} ${seenText(facts)}` },
    measured: told?.value ?? null,
    limit: most === undefined ? (shares[0] === undefined ? null : { max: shares[0][1] }) : { max: most },
    interval: told?.interval ?? null,
    confidence: 0.9,
    method: 'permutation-importance',
    support: { rows: facts.rows },
    provenance: 'recomputed',
    exhibits: [exhibitOf(facts)],
  }
}

function firstShare(facts: ExplainabilityFacts, shares: readonly (readonly [string, number])[]) {
  const found = facts.candidate.columns.find(({ column }) => column === shares[0]?.[0])
  return found === undefined ? null : { value: found.share, interval: found.interval }
}

function shiftPart(most: number, facts: ExplainabilityFacts, { incumbent }: Pick<GateSubject, 'incumbent'>): Part {
  if (incumbent === null) {
    const because = 'First version here: there is no incumbent whose importance could have moved.'
    return { status: 'skipped', title: 'importance shift: no incumbent', because }
  }
  const { shift, incumbent_missing } = facts
  if (shift === null || shift.value === null) {
    const why = shift?.because ?? incumbent_missing ?? 'the incumbent could not be run'
    return undecided('importance shift: cannot be told', sentence(why), { reason: 'explainability:shift' })
  }
  const { value, interval } = shift
  const title = `importance moved by ${short(value)}, ${exactText(most)} is the limit`
  const because = `${rangeText(interval)}${moversText(shift.columns)}`
  return weighedShare({ value, interval, most, title, because, flips: `max_importance_shift over ${short(value)}` })
}

function sharePart(column: string, most: number, { columns }: ImportanceFacts): Part {
  const found = columns.find((one) => one.column === column)
  const names = columns.map((one) => one.column)
  if (found === undefined)
    return undecided(
      `there is no feature ${column}`,
      `The policy limits ${column}, which the candidate does not take.`,
      {
        flips: suggest(column, names, 'Features'),
        reason: 'explainability:columns',
      },
    )
  const { share, interval, movement } = found
  if (share === null)
    return undecided(`importance of ${column}: cannot be told`, 'No column of the candidate has any importance.', {
      reason: 'explainability:none',
    })
  const title = `${column} bears ${percentText(share)} of the importance, ${percentText(most)} is the limit`
  const flips = `a candidate that leans less on ${column}, or max_importance of ${column} over ${short(share)}`
  const because = `${rangeText(interval)}Permuting it moves an answer by ${short(movement)} on average.`
  return weighedShare({ value: share, interval, most, title, because, flips })
}

function weighedShare(told: {
  readonly value: number
  readonly interval: Interval | null
  readonly most: number
  readonly title: string
  readonly because: string
  readonly flips: string
}): Part {
  const { value, interval, most, title, because, flips } = told
  if (value <= most) return { status: 'passed', title, because }
  if ((interval?.[0] ?? value) > most) return { status: 'failed', title, because, flips }
  return { status: 'inconclusive', title, because, straddles: true, flips }
}

function rangeText(interval: Interval | null): string {
  return interval === null ? '' : `Between ${short(interval[0])} and ${short(interval[1])} at 90 %. `
}

function moversText(columns: NonNullable<ExplainabilityFacts['shift']>['columns']): string {
  const moved = columns
    .filter(({ counts }) => counts)
    .map(({ column, candidate, incumbent }) => ({ column, now: candidate ?? 0, before: incumbent ?? 0 }))
    .filter(({ now, before }) => now !== before)
    .toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))
    .slice(0, NAMED)
    .map(({ column, now, before }) => `${column} from ${percentText(before)} to ${percentText(now)}`)
  return moved.length === 0 ? '' : `Share of importance: ${listText(moved)}.`
}

function seenText({ metric, rows, of_rows, repeats }: ExplainabilityFacts): string {
  const sample =
    rows < of_rows ? `a seeded sample of ${rows} of ${of_rows} rows of the exam` : `${rows} rows of the exam`
  return `Importance is what ${metric} loses when a column is permuted, ${repeats} times on ${sample}.`
}

function exhibitOf({ candidate, incumbent, shift }: ExplainabilityFacts): Exhibit {
  const before = new Map((incumbent?.columns ?? []).map((one) => [one.column, one]))
  const sorted = candidate.columns.toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0))
  const counting = new Set((shift?.columns ?? []).filter(({ counts }) => counts).map(({ column }) => column))
  return {
    kind: 'table',
    title: 'Share of importance',
    header: ['feature', candidate.version, ...(incumbent ? [incumbent.version, 'counts'] : [])],
    rows: sorted.map(({ column, share }) => [
      column,
      shareText(share),
      ...(incumbent ? [shareText(before.get(column)?.share ?? null), counting.has(column) ? 'yes' : 'no'] : []),
    ]),
  }
}

function shareText(share: number | null): string {
  return share === null ? 'none' : percentText(share)
}

function short(value: number): string {
  return exactText(Number(value.toPrecision(3)))
}
