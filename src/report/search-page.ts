import type { ParameterImportance } from '../training/search/importance.ts'
import type { BestSoFar, TrialOutcome } from '../training/search/rank-trials.ts'
import type { SearchPlan } from '../training/search/search-plan.ts'
import { codeSpan, escapeMarkdown, tableLines } from './markdown-text.ts'
import { valueText } from './measured/metric-text.ts'
import type { Page, PagePart } from './page/page.ts'

/** A search that has ended, whole. */
export interface SearchFacts {
  readonly correlation: string
  readonly plan: SearchPlan
  /** By rung. */
  readonly outcomes: readonly (readonly TrialOutcome[])[]
  /** From the best to the worst. */
  readonly ranked: readonly TrialOutcome[]
  readonly best: readonly BestSoFar[]
  readonly importance: readonly ParameterImportance[]
  readonly winner: TrialOutcome | null
}

/** Trials that the answer shows; the page shows them all. */
const MOST_SHOWN = 10

/** The best trials as a table. */
export function searchMarkdown({ plan, ranked, winner }: SearchFacts): string {
  const names = searchedNames(plan)
  const rows = ranked
    .slice(0, MOST_SHOWN)
    .map((one) => [
      `${one.trial}${one === winner ? ' (won)' : ''}`,
      one.status === 'done' ? escapeMarkdown(valueText(one.value), 'cell') : one.status,
      ...names.map((name) => cellOf(one, name)),
    ])
  const more = ranked.length > MOST_SHOWN ? [`The best ${MOST_SHOWN} of ${ranked.length}.`] : []
  const head = ['trial', codeSpan(plan.metric, 'cell'), ...names.map((name) => codeSpan(name, 'cell'))]
  return [...tableLines(head, rows), ...(more.length === 0 ? [] : ['', ...more])].join('\n')
}

function cellOf({ parameters }: TrialOutcome, name: string): string {
  return Object.hasOwn(parameters, name) ? codeSpan(shown(parameters[name]), 'cell', 60) : ''
}

function shown(value: unknown): string {
  return typeof value === 'number' ? valueText(value) : String(value)
}

function searchedNames({ dimensions, resource }: SearchPlan): readonly string[] {
  return [...dimensions.map(({ name }) => name), ...(resource === null ? [] : [resource.name])]
}

/** Everything of a search as people read it: how the best grew, which parameters mattered, and every trial. */
export function searchPage(facts: SearchFacts): Page {
  const { plan, ranked, winner, correlation } = facts
  const kind = { random: 'random search', sobol: 'Sobol search', halving: 'successive halving' }[plan.search]
  const best = winner?.value ?? null
  const won = winner === null ? 'No trial won.' : `Trial ${winner.trial} won with ${plan.metric} ${valueText(best)}.`
  return {
    title: `Search for ${plan.model}`,
    lead: `${won} Ranked on validation data; only the winner is shown the exam.`,
    facts: [
      { name: 'search', value: `${kind}, ${plan.trials} trials, ${plan.parallel} at once, seed ${plan.seed}` },
      { name: 'ranked by', value: `${plan.metric}, ${plan.better} is better` },
      { name: 'id', value: correlation },
    ],
    parts: [bestPart(facts), importancePart(facts), coordinatesPart(facts), tablePart(plan, ranked, winner)],
    warnings: failures(ranked),
  }
}

function bestPart({ plan, best }: SearchFacts): PagePart {
  const points = (of: (one: BestSoFar) => number | null) => best.map((one, at) => [at + 1, of(one)] as const)
  return {
    kind: 'plot',
    title: 'Best so far',
    plot: {
      type: 'lines',
      x: { label: 'trials' },
      y: { label: plan.metric },
      series: [
        { name: 'best so far', points: points((one) => one.best) },
        { name: 'each trial', points: points((one) => one.value) },
      ],
    },
  }
}

function importancePart({ importance }: SearchFacts): PagePart {
  const bars = importance.map(({ name, share }) => ({ label: name, value: share }))
  const about = 'The share of the differences between trials that a parameter accounts for by itself.'
  return { kind: 'plot', title: 'Which parameters mattered', about, plot: { type: 'bars', bars } }
}

/** Trials that are drawn as lines: more of them are a carpet. */
const MOST_LINES = 12

/** Parallel coordinates: each line is a trial, each axis a parameter or the metric, from its least to its most. */
function coordinatesPart({ plan, ranked }: SearchFacts): PagePart {
  const axes = [...searchedNames(plan), plan.metric]
  const done = ranked.filter(({ status, value }) => status === 'done' && value !== null)
  const places = axes.map((axis) => placesOn(axis, plan, done))
  const series = done.slice(0, MOST_LINES).map((one, at) => ({
    name: plan.resource === null ? `trial ${one.trial}` : `trial ${one.trial}, rung ${one.rung}`,
    points: axes.map((_, axis) => [axis + 1, places[axis]?.[at] ?? null] as const),
  }))
  const about = `Axes from left to right: ${axes.join(', ')}; each from its least (0) to its most (1). The best ${series.length} trials.`
  const plot = { type: 'lines', x: { label: 'axis' }, y: { label: 'place' }, series } as const
  return { kind: 'plot', title: 'Parallel coordinates', about, plot }
}

/** Where each trial stands on an axis, 0 to 1; choices in the order of model.yml. */
function placesOn(axis: string, plan: SearchPlan, done: readonly TrialOutcome[]): readonly (number | null)[] {
  const dimension = plan.dimensions.find(({ name }) => name === axis)
  const numbers = done.map((one) => {
    const value = axis === plan.metric ? one.value : one.parameters[axis]
    if (dimension?.type === 'choice') return value == null ? null : dimension.values.indexOf(value)
    if (typeof value !== 'number') return null
    return dimension?.scale === 'log' ? Math.log(value) : value
  })
  const known = numbers.filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return numbers.map((value) => (value === null ? null : most === least ? 0.5 : (value - least) / (most - least)))
}

function tablePart(plan: SearchPlan, ranked: readonly TrialOutcome[], winner: TrialOutcome | null): PagePart {
  const names = searchedNames(plan)
  const columns = ['trial', 'rung', plan.metric, ...names, 'state'].map((name) => ({ name, align: 'right' as const }))
  const rows = ranked.map((one) => [
    String(one.trial),
    String(one.rung),
    valueText(one.value),
    ...names.map((name) => (Object.hasOwn(one.parameters, name) ? shown(one.parameters[name]) : '')),
    one === winner ? { text: 'won', tone: 'good' as const } : one.status,
  ])
  return { kind: 'table', title: 'All trials', columns, rows }
}

function failures(ranked: readonly TrialOutcome[]): Page['warnings'] {
  const failed = ranked.filter(({ status }) => status === 'failed').length
  return failed === 0 ? [] : [{ code: 'failed', message: `${failed} of ${ranked.length} trials answered nothing.` }]
}
