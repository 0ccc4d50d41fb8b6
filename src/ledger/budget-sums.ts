import type { BudgetRun, BudgetState, SpentRow } from './budget-state.ts'

/** Rows of spent seconds that the state keeps. */
const MOST_SPENT = 400
const MOST_ASKED = 600
/** How long a day's count is kept, in days. */
const DAYS_ASKED = 40
const MOST_LASTED = 400
const MOST_LASTED_OF_MODEL = 50
const MOST_OUTCOMES = 500
const DAY_MS = 86_400_000

/**
 * GPU seconds of a run that has ended, added to its month, team, model and account.
 *
 * Over 400 rows the least telling one grows coarser, an old and small one first: it loses model and account, then its
 * team, then its month. The sum of all rows is the sum of all runs for ever.
 *
 * @example withSpent([], { at: '2026-11-21T12:00:00Z', team: null, model: 'churn', account: 7 }, 1840)[0].month // => '2026-11'
 */
export function withSpent(
  spent: BudgetState['spent'],
  { at, team, model, account }: Pick<BudgetRun, 'at' | 'team' | 'model' | 'account'>,
  gpuSeconds: number,
): BudgetState['spent'] {
  return fewer(added(spent, { month: at.slice(0, 7), team, model, account, gpu_seconds: gpuSeconds, runs: 1 }))
}

function added(rows: readonly SpentRow[], row: SpentRow): readonly SpentRow[] {
  const before = rows.find((one) => isSameRow(one, row))
  if (before === undefined) return [...rows, row]
  const sum = { ...before, gpu_seconds: before.gpu_seconds + row.gpu_seconds, runs: before.runs + row.runs }
  return rows.map((one) => (one === before ? sum : one))
}

const isSameRow = (a: SpentRow, b: SpentRow) =>
  a.month === b.month && a.team === b.team && a.model === b.model && a.account === b.account

function fewer(rows: readonly SpentRow[]): readonly SpentRow[] {
  if (rows.length <= MOST_SPENT) return rows
  const least = rows.reduce((one, other) => (byWorth(other, one) < 0 ? other : one))
  const others = rows.filter((row) => row !== least)
  return fewer(added(others, coarser(least)))
}

function coarser(row: SpentRow): SpentRow {
  if (row.model !== null || row.account !== null) return { ...row, model: null, account: null }
  return row.team === null ? { ...row, month: '' } : { ...row, team: null }
}

/** What a row still tells: 0 a model's share, 1 a team's, 2 a month's. */
const level = ({ model, account, team }: SpentRow) => (model !== null || account !== null ? 0 : team === null ? 2 : 1)
const isTotal = (row: SpentRow) => Number(level(row) === 2)

function byWorth(a: SpentRow, b: SpentRow): number {
  const byMonth = a.month < b.month ? -1 : a.month > b.month ? 1 : 0
  return isTotal(a) - isTotal(b) || byMonth || level(a) - level(b) || a.gpu_seconds - b.gpu_seconds
}

/**
 * One more run that an account asked for on a day. Days of more than 40 days before the newest are left out; over 600
 * rows the oldest days go first, and of one day the accounts with the fewest runs.
 *
 * @param day  `2026-11-21`, UTC
 * @example withAsked([], { day: '2026-11-21', account: 7 }) // => [{ day: '2026-11-21', account: 7, runs: 1 }]
 */
export function withAsked(
  asked: BudgetState['asked'],
  { day, account }: { readonly day: string; readonly account: number },
): BudgetState['asked'] {
  const runs = (asked.find((one) => one.day === day && one.account === account)?.runs ?? 0) + 1
  const others = asked.filter((one) => one.day !== day || one.account !== account)
  const all = [...others, { day, account, runs }]
  const newest = Math.max(...all.map((one) => Date.parse(one.day)))
  const recent = all.filter((one) => newest - Date.parse(one.day) < DAYS_ASKED * DAY_MS)
  if (recent.length <= MOST_ASKED) return recent
  const [least] = [...recent].sort((a, b) => Date.parse(a.day) - Date.parse(b.day) || a.runs - b.runs)
  return recent.filter((one) => one !== least)
}

/**
 * One more training that succeeded; the newest 50 of a model are kept, and 400 of all.
 *
 * @example withLasted([], { model: 'churn', seconds: 1840, parameters: '' }).length // => 1
 */
export function withLasted(lasted: BudgetState['lasted'], one: BudgetState['lasted'][number]): BudgetState['lasted'] {
  const all = [...lasted, one]
  const ofModel = all.filter(({ model }) => model === one.model)
  const over = ofModel.length > MOST_LASTED_OF_MODEL ? ofModel[0] : undefined
  return all.filter((other) => other !== over).slice(-MOST_LASTED)
}

/**
 * One more thing that was trained; the newest word on an identity counts, and 500 are kept.
 *
 * @example withOutcome([{ identity: 'a', run: 1 }], { identity: 'a', run: 2 }) // => [{ identity: 'a', run: 2 }]
 */
export function withOutcome(
  outcomes: BudgetState['outcomes'],
  one: BudgetState['outcomes'][number],
): BudgetState['outcomes'] {
  return [...outcomes.filter(({ identity }) => identity !== one.identity), one].slice(-MOST_OUTCOMES)
}
