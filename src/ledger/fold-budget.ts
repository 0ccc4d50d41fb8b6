import { canonicalJson } from '../registry/canonical-json.ts'
import { type BudgetRun, type BudgetState, isOpen } from './budget-state.ts'
import { withAsked, withLasted, withOutcome, withSpent } from './budget-sums.ts'
import { keptRuns } from './kept-runs.ts'
import type { Line } from './line.ts'
import { textDigest } from './signature.ts'
import type { Dispatched, Ended, Registered } from './training-fact.ts'

/**
 * What the budget becomes with one more line of its scope.
 *
 * A line that is folded in already changes nothing. The first line about a dispatch counts, and the first about its
 * end: a second one of either changes nothing, and neither does an end without a dispatch.
 *
 * @param budget  fold of the scope's lines before
 * @param line    a line of the scope `budget`
 * @throws {RangeError} for a line of another scope
 */
export function foldBudgetLine(budget: BudgetState, line: Line): BudgetState {
  if (line.scope !== 'budget') throw new RangeError(`line ${line.seq} does not belong to the budget`)
  if (line.seq <= budget.seq) return budget
  return { ...budget, ...changeBy(budget, line), seq: line.seq }
}

/**
 * The budget after many lines.
 *
 * @param lines  any order, of any scope; those of others are left out
 */
export function foldBudget(budget: BudgetState, lines: readonly Line[]): BudgetState {
  const mine = lines.filter(({ scope }) => scope === 'budget').sort((a, b) => a.seq - b.seq)
  return mine.reduce(foldBudgetLine, budget)
}

function changeBy(budget: BudgetState, line: Line): Partial<BudgetState> {
  const { fact } = line
  switch (fact.kind) {
    case 'dispatched':
      // one of an earlier version says no more than seconds
      return fact.correlation === undefined ? {} : withDispatched(budget, fact, line)
    case 'ended':
      return withEnded(budget, fact, line)
    case 'registered':
      return fact.correlation === undefined ? {} : withRegistered(budget, fact)
    default:
      return {}
  }
}

function withDispatched(budget: BudgetState, fact: Dispatched, { at, actorId }: Line): Partial<BudgetState> {
  if (budget.runs.some((run) => isRun(run, fact))) return {}
  return {
    ...kept([...budget.runs, runOf(fact, actorId, at)], budget.spent),
    asked: fact.attempt === 1 ? withAsked(budget.asked, { day: at.slice(0, 10), account: actorId }) : budget.asked,
  }
}

/** What had to be forgotten while it was open has taken all that it might. */
function kept(runs: BudgetState['runs'], spent: BudgetState['spent']): Pick<BudgetState, 'runs' | 'spent'> {
  const { runs: left, forgotten } = keptRuns(runs)
  return {
    runs: left,
    spent: forgotten.filter(isOpen).reduce((sum, run) => withSpent(sum, run, run.gpu_seconds), spent),
  }
}

/** Field by field: a line may carry more than this version knows, and the state keeps no stranger. */
function runOf(fact: Dispatched, account: number, at: string): BudgetRun {
  const { correlation, attempt, model, team, command, request, search, workflow, sha } = fact
  const { issue, comment, gpu_seconds, runner, identity } = fact
  const asked = { correlation, attempt, model, team, command, request, search, workflow, sha }
  const where = { issue, comment, gpu_seconds, runner, identity }
  return { ...asked, ...where, account, at, ended: null, registered: null }
}

function withEnded(budget: BudgetState, fact: Ended, { at }: Line): Partial<BudgetState> {
  const run = budget.runs.find((one) => isRun(one, fact))
  if (run === undefined || !isOpen(run)) return {}
  const { run: id, conclusion, gpu_seconds, because } = fact
  const ended = { ...run, ended: { run: id, conclusion, gpu_seconds, because: because.slice(0, 300), at } }
  const runs = budget.runs.map((one) => (one === run ? ended : one))
  const settled = kept(runs, withSpent(budget.spent, run, gpu_seconds))
  return conclusion === 'success' ? { ...settled, ...succeeded(budget, run, fact) } : settled
}

/** A search teaches nothing of one training: its trials are no training of their own. */
function succeeded(budget: BudgetState, run: BudgetRun, { run: id, gpu_seconds }: Ended): Partial<BudgetState> {
  const { model, correlation, identity } = run
  const parameters = parametersDigest(run.request?.parameters)
  const lasted =
    run.command === 'train' ? withLasted(budget.lasted, { model, seconds: gpu_seconds, parameters }) : budget.lasted
  if (identity === null || id === null) return { lasted }
  const outcome = { identity: shortIdentity(identity), correlation, run: id, version: null }
  return { lasted, outcomes: withOutcome(budget.outcomes, outcome) }
}

function withRegistered(budget: BudgetState, fact: Registered): Partial<BudgetState> {
  const { correlation, version, digest, pull } = fact
  const runs = budget.runs.map((run) => (isRun(run, fact) ? { ...run, registered: { version, digest, pull } } : run))
  const outcomes = budget.outcomes.map((one) => (one.correlation === correlation ? { ...one, version } : one))
  return { ...kept(runs, budget.spent), outcomes }
}

const isRun = (run: BudgetRun, of: Pick<BudgetRun, 'correlation' | 'attempt'>) =>
  run.correlation === of.correlation && run.attempt === of.attempt

/**
 * An identity as the state keeps it: 128 of its bits.
 *
 * @example shortIdentity(`sha256:${'0123456789abcdef'.repeat(4)}`) // => '0123456789abcdef0123456789abcdef'
 */
export function shortIdentity(identity: string): string {
  return identity.slice(7, 39)
}

/**
 * Parameters as the state compares them: whether two trainings had the same ones.
 *
 * @param parameters  plain data; undefined counts as null
 * @returns 16 hexadecimal digits
 * @example parametersDigest({ epochs: 30 }) === parametersDigest({ epochs: 31 }) // => false
 */
export function parametersDigest(parameters: unknown): string {
  return textDigest(canonicalJson(parameters ?? null)).slice(7, 23)
}
