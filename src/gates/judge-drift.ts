import { EXPLAINING_NOTES } from '../statistics/drift-dataset.ts'
import { type DriftRule, MAX_DRIFTED_SHARE, MIN_EFFECT } from './drift-rule.ts'
import type { DriftColumn, DriftFacts } from './evidence.ts'
import { type ColumnRow, type Exhibit, type Finding, finding } from './finding.ts'
import { countText, exactText, listText, percentText } from './number-text.ts'
import { type Part, undecided } from './part.ts'

/** Columns that were never meant to take part: their answer is missing by nature, not for want of rows. */
const LEFT_OUT: readonly string[] = ['id_like', 'test_of_another_type']

export interface DriftJudgement {
  readonly part: Part
  readonly children: readonly Finding[]
  readonly exhibit: Exhibit
  /** Share of the columns with a decision that drifted, 0 to 1; null when none has one. */
  readonly share: number | null
}

/** Sorted by what they say: drifted, not drifted, not decided for want of rows or values, left out. */
interface Sorted {
  readonly drifted: readonly DriftColumn[]
  readonly still: readonly DriftColumn[]
  readonly open: readonly DriftColumn[]
  readonly outside: readonly DriftColumn[]
}

/**
 * Judges the columns of two windows.
 *
 * Failed when a critical column drifted (or carries a note of its own), or when the share of columns with a decision
 * that drifted reaches the limit; inconclusive where columns without a decision could still make it so.
 */
export function judgeDrift(rule: DriftRule, facts: DriftFacts): DriftJudgement {
  const sorted = sort(facts.columns)
  const critical = rule.critical ?? []
  const decided = sorted.drifted.length + sorted.still.length
  const children = facts.columns.flatMap((column) => noteFindings(column, critical.includes(column.column)))
  const noted = children.filter((child) => child.status === 'failed' && child.advisory !== true)
  return {
    part: partOf(rule, facts, sorted, noted),
    children,
    exhibit: exhibitOf(rule, facts),
    share: decided === 0 ? null : sorted.drifted.length / decided,
  }
}

function sort(columns: readonly DriftColumn[]): Sorted {
  const undecidedColumns = columns.filter((column) => column.is_drifted !== true && column.is_drifted !== false)
  return {
    drifted: columns.filter((column) => column.is_drifted === true),
    still: columns.filter((column) => column.is_drifted === false),
    open: undecidedColumns.filter((column) => !LEFT_OUT.includes(column.reason ?? '')),
    outside: undecidedColumns.filter((column) => LEFT_OUT.includes(column.reason ?? '')),
  }
}

function partOf(rule: DriftRule, facts: DriftFacts, sorted: Sorted, noted: readonly Finding[]): Part {
  const { drifted, still, open } = sorted
  const most = rule.max_drifted_share ?? MAX_DRIFTED_SHARE
  const decided = drifted.length + still.length
  const critical = drifted.filter(({ column }) => rule.critical?.includes(column))
  const seen = seenText(facts, sorted, most)
  if (critical.length > 0) {
    const flips = `${listText(namesOf(critical))} back where it was, or training on newer data`
    return { status: 'failed', title: `${listText(namesOf(critical))} drifted, and is critical`, because: seen, flips }
  }
  if (noted.length > 0) {
    return {
      status: 'failed',
      title: listText(
        noted.map(({ title }) => title),
        3,
      ),
      because: seen,
      flips: 'that column mended in production',
    }
  }
  if (decided > 0 && drifted.length / decided >= most) {
    const title = `${countText(drifted.length, 'columns')} of ${decided} drifted, ${percentText(most)} is the limit`
    return { status: 'failed', title, because: seen, flips: turnText(drifted.length, decided) }
  }
  return openPart(rule, sorted, seen, most) ?? passedPart(drifted.length, decided, open.length, seen)
}

/** Inconclusive where the columns without a decision could change the answer. */
function openPart(rule: DriftRule, sorted: Sorted, seen: string, most: number): Part | null {
  const { drifted, still, open, outside } = sorted
  const decided = drifted.length + still.length
  const critical = [...open, ...outside].filter(({ column }) => rule.critical?.includes(column))
  const few = [...critical, ...open].every(({ reason }) => reason?.startsWith('too_few_rows') === true)
  const more = { flips: 'more production rows', reason: 'drift:undecided' }
  if (critical.length > 0) {
    const part = undecided(
      `${listText(namesOf(critical))} is critical and cannot be decided`,
      `${reasonText(critical)} ${seen}`,
      more,
    )
    return { ...part, straddles: few }
  }
  if (decided === 0) {
    return {
      ...undecided('no column can be decided', `${reasonText(open)} ${seen}`.trim(), more),
      straddles: few && open.length > 0,
    }
  }
  if (open.length === 0 || (drifted.length + open.length) / (decided + open.length) < most) return null
  const title = `${countText(open.length, 'columns')} without a decision could make it ${percentText(most)} of the columns`
  return { ...undecided(title, `${reasonText(open)} ${seen}`, more), straddles: few }
}

function passedPart(drifted: number, decided: number, open: number, seen: string): Part {
  const without = open === 0 ? '' : `, ${open} without a decision`
  const title =
    drifted === 0 ? `no column of ${decided} drifted` : `${countText(drifted, 'columns')} of ${decided} drifted`
  return { status: 'passed', title: `${title}${without}`, because: seen }
}

function seenText({ rows, profiled }: DriftFacts, { drifted, outside }: Sorted, most: number): string {
  const compared = `${countText(rows.current, 'production rows')} compared with ${countText(rows.reference, 'rows')} of the reference; ${percentText(most)} of the columns holds.`
  const moved = drifted.length === 0 ? '' : ` Drifted: ${listText(drifted.map(columnText))}.`
  const without = outside.length === 0 ? '' : ` Not compared: ${listText(namesOf(outside))}.`
  return `${compared}${moved}${without}${profiledText(profiled)}`
}

function profiledText(profiled: DriftFacts['profiled']): string {
  if (profiled === undefined || profiled.columns === 0) return ''
  const error = exactText(Number(profiled.error.toPrecision(2)))
  return ` In ${countText(profiled.columns, 'columns')} the reference's profile stands in for its rows: scores lie within ${error} of theirs, decisions are the same.`
}

function columnText({ column, score, threshold }: DriftColumn): string {
  const over = threshold === null ? '' : `, over ${exactText(Number(threshold.toPrecision(3)))}`
  return score === null ? column : `${column} (${exactText(Number(score.toPrecision(3)))}${over})`
}

function reasonText(columns: readonly DriftColumn[]): string {
  if (columns.length === 0) return ''
  const reasons = columns.map(({ column, reason }) => `${column} (${(reason ?? 'no decision').replaceAll('_', ' ')})`)
  return `Without a decision: ${listText(reasons)}.`
}

function turnText(drifted: number, decided: number): string {
  return `max_drifted_share over ${exactText(Number((drifted / decided).toPrecision(3)))}, or fewer drifted columns`
}

function namesOf(columns: readonly DriftColumn[]): readonly string[] {
  return columns.map(({ column }) => column)
}

/** What no distance shows: missing values, unseen categories, constants, changed types. Critical columns hold. */
function noteFindings({ column, notes }: DriftColumn, isCritical: boolean): readonly Finding[] {
  return notes.map(({ code, message }) => {
    const explains = EXPLAINING_NOTES.includes(code)
    return finding('drift', `${column}: ${code}`, explains ? 'skipped' : 'failed', `${column} ${message}.`, {
      reason: `drift:${code}`,
      ...(!isCritical && !explains && { advisory: true as const }),
    })
  })
}

function exhibitOf(rule: DriftRule, { columns }: DriftFacts): Exhibit {
  return {
    kind: 'columns',
    threshold: rule.max ?? rule.min_effect ?? MIN_EFFECT,
    columns: columns.map((column): ColumnRow => {
      const note = [column.reason?.replaceAll('_', ' '), ...column.notes.map(({ code }) => code)]
        .filter(Boolean)
        .join(', ')
      return {
        column: column.column,
        score: column.score,
        threshold: column.threshold,
        is_drifted: column.is_drifted,
        ...(note !== '' && { note }),
      }
    }),
  }
}
