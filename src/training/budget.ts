import { type BudgetRun, type BudgetState, isOpen } from '../ledger/budget-state.ts'
import { hasRoom } from '../ledger/kept-runs.ts'
import type { Configuration } from '../registry/configuration.ts'
import { gpuHours, monthName } from './spoken-time.ts'
import type { TrainingRequest } from './training-request.ts'

/** What may be spent; null is no limit. Hours are GPU hours. */
export interface BudgetLimits {
  readonly hoursPerMonth: number | null
  readonly team: { readonly name: string; readonly hoursPerMonth: number } | null
  /** Of one training, or of one trial of a search. */
  readonly hoursPerRun: number
  readonly parallelRuns: number
  /** Of one search. */
  readonly parallelTrials: number
  readonly runsPerUserPerDay: number
}

const DEFAULTS = { hoursPerRun: 12, parallelRuns: 4, parallelTrials: 256, runsPerUserPerDay: 20 } as const

/**
 * The limits for a model, with the defaults of what the configuration leaves out.
 *
 * @param configuration  of the governed branch
 * @param owner          `owner` in model.yml; null when it names none
 * @example budgetLimits({}, null).hoursPerRun // => 12
 */
export function budgetLimits({ training = {} }: Pick<Configuration, 'training'>, owner: string | null): BudgetLimits {
  const ofTeam = training.budgets?.find(({ team }) => team === owner)
  return {
    hoursPerMonth: training.gpu_hours_per_month ?? null,
    team: ofTeam === undefined ? null : { name: ofTeam.team, hoursPerMonth: ofTeam.gpu_hours_per_month },
    hoursPerRun: training.gpu_hours_per_run ?? DEFAULTS.hoursPerRun,
    parallelRuns: training.parallel_runs ?? DEFAULTS.parallelRuns,
    parallelTrials: training.parallel_trials ?? DEFAULTS.parallelTrials,
    runsPerUserPerDay: training.runs_per_user_per_day ?? DEFAULTS.runsPerUserPerDay,
  }
}

/** A dispatch that somebody asks for. */
export interface AskedRun {
  readonly correlation: string
  readonly attempt: number
  readonly account: number
  /** The most that it may take: what is reserved. */
  readonly gpuSeconds: number
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly request: TrainingRequest
}

export type BudgetVerdict =
  | { readonly is: 'allowed'; readonly says: readonly string[] }
  | { readonly is: 'refused'; readonly says: readonly string[] }

/**
 * Whether a run may be dispatched, with the numbers that say why.
 *
 * Counted as spent are ended runs at what they took, and open ones at all that they may take. A run counts in the
 * month in which it was dispatched. Resumptions and rungs are no new wish of their user, and open no more runs.
 *
 * @param budget  the newest one; decided inside `appendBudget`, two askers never share the last hours
 * @returns all reasons against it at once; else what is left afterwards
 */
export function judgeBudget(budget: BudgetState, limits: BudgetLimits, asked: AskedRun): BudgetVerdict {
  const others = budget.runs.filter((run) => isOpen(run) && run.correlation !== asked.correlation)
  const months = monthlyLimits(limits).map((limit) => judgeMonth(budget, limit, asked))
  const refusals = [
    ...tooMany(others, limits, asked),
    ...tooOften(budget, limits, asked),
    ...tooLong(limits, asked),
    ...months.flatMap(({ isOver, says }) => (isOver ? [says] : [])),
    ...(hasRoom(others, asked.request)
      ? []
      : ['what is open now fills the memory of the ledger; wait until a run has ended']),
  ]
  if (refusals.length > 0) return { is: 'refused', says: refusals }
  return { is: 'allowed', says: months.map(({ says }) => says) }
}

interface MonthlyLimit {
  readonly team: string | null
  readonly hours: number
}

function monthlyLimits({ hoursPerMonth, team }: BudgetLimits): readonly MonthlyLimit[] {
  const whole = hoursPerMonth === null ? [] : [{ team: null, hours: hoursPerMonth }]
  return team === null ? whole : [...whole, { team: team.name, hours: team.hoursPerMonth }]
}

function judgeMonth(budget: BudgetState, { team, hours }: MonthlyLimit, asked: AskedRun) {
  const month = asked.at.slice(0, 7)
  const taken = secondsTaken(budget, { month, team, but: asked })
  const of = team === null ? '' : ` of ${team}`
  const sum = `${gpuHours(taken)} of ${gpuHours(hours * 3600)} GPU hours of ${monthName(month)}${of} are spent or reserved`
  return {
    isOver: taken + asked.gpuSeconds > hours * 3600,
    says: `${sum}; this run may take ${gpuHours(asked.gpuSeconds)}`,
  }
}

/**
 * GPU seconds of a month that are spent or reserved.
 *
 * Rows that were summed up to keep the ledger small may hold anybody's: they count for every team.
 *
 * @param month  `2026-11`, UTC
 * @param team   null for all
 * @param but    a dispatch that is left out
 * @example secondsTaken({ runs: [], spent: [] }, { month: '2026-11', team: null }) // => 0
 */
export function secondsTaken(
  { runs, spent }: BudgetState,
  {
    month,
    team,
    but,
  }: {
    readonly month: string
    readonly team: string | null
    readonly but?: Pick<BudgetRun, 'correlation' | 'attempt'>
  },
): number {
  const mayBeOf = (of: string | null, isSum: boolean) => team === null || of === team || (of === null && isSum)
  const ended = spent.filter((row) => row.month === month && mayBeOf(row.team, row.model === null))
  const open = runs.filter((run) => isOpen(run) && run.at.startsWith(month) && mayBeOf(run.team, false))
  const others = open.filter((run) => run.correlation !== but?.correlation || run.attempt !== but.attempt)
  return [...ended, ...others].reduce((sum, { gpu_seconds }) => sum + gpu_seconds, 0)
}

function tooMany(others: readonly BudgetRun[], { parallelRuns }: BudgetLimits, asked: AskedRun): readonly string[] {
  if (asked.attempt > 1 || others.length < parallelRuns) return []
  const shown = others.slice(0, 5).map(({ model, correlation }) => `${model} ${correlation}`)
  const more = others.length > 5 ? `, and ${others.length - 5} more` : ''
  return [`${others.length} of ${parallelRuns} runs are open: ${shown.join(', ')}${more}`]
}

function tooOften({ asked }: BudgetState, { runsPerUserPerDay }: BudgetLimits, run: AskedRun): readonly string[] {
  const day = run.at.slice(0, 10)
  const runs = asked.find((one) => one.day === day && one.account === run.account)?.runs ?? 0
  if (run.attempt > 1 || runs < runsPerUserPerDay) return []
  return [`you asked for ${runs} of ${runsPerUserPerDay} runs today; the day ends at 00:00 UTC`]
}

function tooLong({ hoursPerRun }: BudgetLimits, { request }: AskedRun): readonly string[] {
  if (request.limit_minutes <= Math.max(hoursPerRun * 60, 1)) return []
  return [`it may run for ${gpuHours(request.limit_minutes * 60)} GPU hours; ${gpuHours(hoursPerRun * 3600)} at most`]
}

/**
 * The most that a request may take: every job of it up to its limit.
 *
 * @returns GPU seconds, one GPU a job
 * @example reservedSeconds({ command: 'train', limit_minutes: 90 }) // => 5400
 */
export function reservedSeconds(request: TrainingRequest): number {
  return request.limit_minutes * 60 * (request.command === 'train' ? 1 : request.trials.length)
}
