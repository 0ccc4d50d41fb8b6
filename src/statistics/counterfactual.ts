import type { ComposedRows, Inquiry } from './inquiry.ts'
import { askInParts } from './inquiry.ts'

/** A value that a column could take instead. */
export interface Alternative {
  /** Pool row that holds it. */
  readonly donor: number
  /** How far from the row's own value: share of the background between them; 1 between categories. Over 0. */
  readonly distance: number
}

export interface Change extends Alternative {
  /** Index of the column. */
  readonly column: number
}

export interface CounterfactualAsk {
  /** Pool row whose decision is to be turned. */
  readonly row: number
  /** By column: other values seen in the background, any order; empty where the column may not change. */
  readonly alternatives: readonly (readonly Alternative[])[]
  /** Decision: score > threshold. */
  readonly threshold: number
  /** Columns that may change together, 1 or more. */
  readonly maxColumns: number
}

export interface Counterfactual {
  readonly score: number
  /** null: nothing was found within what was searched. */
  readonly found: {
    readonly changes: readonly Change[]
    readonly score: number
    readonly distance: number
    /** Whether every pair or single value that would be smaller was asked: all: yes; searched: none of those tried. */
    readonly smallest: 'all' | 'searched'
  } | null
  /** Composed rows that were asked. */
  readonly asked: number
}

/** Pairs of values that are asked; beyond, each column gives its values at even steps. */
const PAIRS_BUDGET = 40_000
/** Single values that are asked in each step of the greedy search. */
const STEP_BUDGET = 20_000

type Changes = readonly Change[]

/**
 * The smallest change of a row that turns its decision: fewest columns first, then the least summed distance.
 *
 * Every single value is tried, then pairs (all of them where they are few, else values at even steps), then greedily
 * one more column at a time from the best so far, dropping whatever turns out not to be needed. What is returned has
 * been asked of the model.
 *
 * @see Wachter, Mittelstadt, Russell (2017); Mothilal, Sharma, Tan (2020) on values that were seen
 */
export function* counterfactual(ask: CounterfactualAsk): Inquiry<Counterfactual> {
  const score = (yield alone(ask.row))[0]!
  const search = openSearch(ask, score > ask.threshold)
  const singles = singleChanges(ask)
  const one = yield* search.best(singles)
  if (one.turned !== null) return answer(score, one.turned, 'all', search.asked())
  if (ask.maxColumns < 2 || one.nearest === null) return answer(score, null, 'searched', search.asked())
  const { pairs, isAll } = pairChanges(ask)
  const two = yield* search.best(pairs)
  if (two.turned !== null) return answer(score, two.turned, isAll ? 'all' : 'searched', search.asked())
  const more = yield* greedy(ask, search, two.nearest ?? one.nearest)
  return answer(score, more, 'searched', search.asked())
}

interface Tried {
  readonly changes: Changes
  readonly score: number
}
interface Best {
  /** The smallest change that turns the decision. */
  readonly turned: Tried | null
  /** The change that comes nearest to turning it. */
  readonly nearest: Tried | null
}
interface Search {
  best(tries: readonly Changes[]): Inquiry<Best>
  asked(): number
}

function openSearch({ row, threshold }: CounterfactualAsk, isAbove: boolean): Search {
  let asked = 1
  function* best(tries: readonly Changes[]): Inquiry<Best> {
    const scores = yield* askInParts(tries.length, (from, to) => changed(row, tries.slice(from, to)))
    asked += tries.length
    const all = tries.map((changes, index) => ({ changes, score: scores[index]! }))
    const turned = all.filter(({ score }) => score > threshold !== isAbove)
    const isNearer = (a: Tried, b: Tried): boolean => (isAbove ? a.score < b.score : a.score > b.score)
    return {
      turned: least(turned, (a, b) => distanceOf(a.changes) < distanceOf(b.changes)),
      nearest: least(all, isNearer),
    }
  }
  return { best, asked: () => asked }
}

function least(tried: readonly Tried[], isBefore: (a: Tried, b: Tried) => boolean): Tried | null {
  return tried.reduce<Tried | null>((first, one) => (first === null || isBefore(one, first) ? one : first), null)
}

function answer(score: number, turned: Tried | null, smallest: 'all' | 'searched', asked: number): Counterfactual {
  if (turned === null) return { score, found: null, asked }
  return { score, asked, found: { ...turned, distance: distanceOf(turned.changes), smallest } }
}

/** Sum of the distances of all changed columns. */
function distanceOf(changes: Changes): number {
  return changes.reduce((sum, { distance }) => sum + distance, 0)
}

function singleChanges({ alternatives }: CounterfactualAsk): readonly Changes[] {
  return alternatives.flatMap((values, column) => values.map((value) => [{ column, ...value }]))
}

function pairChanges(ask: CounterfactualAsk): { readonly pairs: readonly Changes[]; readonly isAll: boolean } {
  const columns = ask.alternatives.flatMap((values, column) => (values.length === 0 ? [] : [column]))
  const count = (columns.length * (columns.length - 1)) / 2
  const most = Math.max(2, Math.floor(Math.sqrt(PAIRS_BUDGET / Math.max(1, count))))
  const values = ask.alternatives.map((own, column) => evenly(own, most).map((value) => ({ column, ...value })))
  const pairs = columns.flatMap((a, place) =>
    columns.slice(place + 1).flatMap((b) => values[a]!.flatMap((one) => values[b]!.map((other) => [one, other]))),
  )
  return { pairs, isAll: ask.alternatives.every((own) => own.length <= most) }
}

/** At most so many values at even steps of distance, the nearest and the farthest among them. */
function evenly(values: readonly Alternative[], most: number): readonly Alternative[] {
  if (values.length <= most) return values
  const sorted = values.toSorted((a, b) => a.distance - b.distance)
  const step = (sorted.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, at) => sorted[Math.round(at * step)]!)
}

/** One more column at a time, always the value that helps most; then every column that is not needed goes back. */
function* greedy(ask: CounterfactualAsk, search: Search, start: Tried): Inquiry<Tried | null> {
  let best = start
  const each = Math.max(1, Math.floor(STEP_BUDGET / Math.max(1, ask.alternatives.length)))
  while (best.changes.length < ask.maxColumns) {
    const taken = new Set(best.changes.map(({ column }) => column))
    const more = ask.alternatives.flatMap((values, column) =>
      taken.has(column) ? [] : evenly(values, each).map((value) => [...best.changes, { column, ...value }]),
    )
    const { turned, nearest } = yield* search.best(more)
    if (turned !== null) return yield* trimmed(search, turned)
    if (nearest === null) return null
    best = nearest
  }
  return null
}

function* trimmed(search: Search, start: Tried): Inquiry<Tried> {
  let best = start
  for (;;) {
    const without = best.changes.map((_, index) => best.changes.toSpliced(index, 1))
    const { turned } = yield* search.best(without.filter((changes) => changes.length > 0))
    if (turned === null) return best
    best = turned
  }
}

function alone(row: number): ComposedRows {
  return { base: Int32Array.of(row), swapped: new Map() }
}

function changed(row: number, tries: readonly Changes[]): ComposedRows {
  const swapped = new Map<number, Int32Array>()
  tries.forEach((changes, at) => {
    for (const { column, donor } of changes) {
      if (!swapped.has(column)) swapped.set(column, new Int32Array(tries.length).fill(row))
      swapped.get(column)![at] = donor
    }
  })
  return { base: new Int32Array(tries.length).fill(row), swapped }
}
