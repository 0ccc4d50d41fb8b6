import type { DriftMeasured, DriftNote } from './drift-column.ts'
import { sumOf } from './shares.ts'

/** Columns that were never meant to take part: their answer is missing by nature, not for want of rows. */
const LEFT_OUT: readonly string[] = ['id_like', 'test_of_another_type', 'not_in_reference']

/** Notes that only explain; any other one on a critical column makes the window drifted. */
export const EXPLAINING_NOTES: readonly string[] = ['id-like', 'few-rows', 'outliers']

/** What makes a whole window drifted. */
export interface DatasetTerms {
  readonly max_drifted_share: number
  readonly critical: readonly string[]
  /** How much each column matters, 0 or more; a column without an entry does not. */
  readonly importance?: ReadonlyMap<string, number>
}

export interface DatasetDrift {
  /** Columns with a decision. */
  readonly columns: number
  readonly drifted: number
  /** Share of the columns with a decision that drifted. */
  readonly share: number | null
  /** The same weighted by importance, where that is known; it then decides. */
  readonly weighted_share?: number | null
  /** null: columns without a decision could still make it so. */
  readonly is_drifted: boolean | null
  readonly undecided: number
  readonly because: string
}

/**
 * Whether a window drifted as a whole: a critical column did, or the share of the columns that did is too large.
 *
 * @param columns  with a decision or without
 * @example datasetDrift([], { max_drifted_share: 0.3, critical: [] }).is_drifted // => null
 */
export function datasetDrift(columns: readonly DriftMeasured[], terms: DatasetTerms): DatasetDrift {
  const decided = columns.filter(({ is_drifted }) => is_drifted !== null)
  const drifted = decided.filter(({ is_drifted }) => is_drifted)
  const open = columns.filter(({ is_drifted, reason }) => is_drifted === null && !LEFT_OUT.includes(reason ?? ''))
  const weighted = terms.importance && shareOf(drifted, decided, terms.importance)
  const share = shareOf(drifted, decided)
  const most = shareOf([...drifted, ...open], [...decided, ...open], terms.importance)
  const counts = {
    columns: decided.length,
    drifted: drifted.length,
    share,
    ...(terms.importance && { weighted_share: weighted ?? null }),
  }
  const answer = answerOf(columns, terms, { share: terms.importance ? (weighted ?? null) : share, most, open })
  return { ...counts, undecided: open.length, ...answer }
}

interface Shares {
  readonly share: number | null
  /** The share if every open column drifted. */
  readonly most: number | null
  readonly open: readonly DriftMeasured[]
}

function answerOf(
  columns: readonly DriftMeasured[],
  { max_drifted_share, critical, importance }: DatasetTerms,
  { share, most, open }: Shares,
): Pick<DatasetDrift, 'is_drifted' | 'because'> {
  const limit = `${percent(max_drifted_share)} is the limit`
  const weighed = importance ? ' by importance' : ''
  const watched = columns.filter(({ column }) => critical.includes(column))
  const moved = watched.filter(({ is_drifted, notes }) => is_drifted === true || notes.some(tellsOfDrift))
  if (moved.length > 0) return { is_drifted: true, because: `${listed(moved)} drifted, critical` }
  if (share !== null && share >= max_drifted_share) {
    return { is_drifted: true, because: `${percent(share)} of the columns${weighed} drifted, ${limit}` }
  }
  const unclear = watched.filter(({ is_drifted }) => is_drifted === null)
  if (unclear.length > 0) return { is_drifted: null, because: `${listed(unclear)} cannot be decided, critical` }
  if (share === null) return { is_drifted: null, because: 'no column can be decided' }
  if (open.length > 0 && most !== null && most >= max_drifted_share) {
    const without = `${open.length} columns without a decision could make it ${percent(most)}`
    return { is_drifted: null, because: `${without}, ${limit}` }
  }
  return { is_drifted: false, because: `${percent(share)} of the columns${weighed} drifted, ${limit}` }
}

function tellsOfDrift({ code }: DriftNote): boolean {
  return !EXPLAINING_NOTES.includes(code)
}

function listed(columns: readonly DriftMeasured[]): string {
  return columns.map(({ column }) => column).join(', ')
}

/** null when there is nothing to take a share of. */
function shareOf(
  part: readonly DriftMeasured[],
  all: readonly DriftMeasured[],
  importance?: ReadonlyMap<string, number>,
): number | null {
  const weight = (columns: readonly DriftMeasured[]) =>
    importance ? sumOf(columns.map(({ column }) => importance.get(column) ?? 0)) : columns.length
  const whole = weight(all)
  return whole > 0 ? weight(part) / whole : null
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
