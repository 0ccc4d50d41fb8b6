import type { DisparityMeasure } from '../gates/evidence.ts'
import { type FairnessInput, measureFairness } from '../measuring/fairness.ts'
import { marginRoundedUp, smallestPassableMargin } from '../statistics/margin.ts'
import type { FittedRule } from './fit-margins.ts'

/** What these rows can decide of fairness: a rule whose margin suits them, or a rule that they cannot decide at all. */
export type FittedFairness =
  | { readonly fits: 'baseline' }
  | { readonly fits: 'margin'; readonly rule: FittedRule }
  | { readonly fits: 'none'; readonly id: string; readonly why: string }

const CONFIDENCE = 0.9
/** The baseline's own rule, and its margin. */
const ID = 'fairness/equalized_odds_difference/*/incumbent'
const BASELINE = 0.1

/** Fits the baseline's fairness rule to the rows of the smallest groups, over all sensitive columns. */
export function fitFairness(input: FairnessInput, sensitive: readonly string[]): FittedFairness {
  if (sensitive.length === 0 || input.incumbent === null || input.exam.task !== 'binary') return { fits: 'baseline' }
  const { measured } = measureFairness(input, sensitive.map(measureOf))
  const errors = measured.map(({ difference }) => difference?.se ?? null)
  const open = sensitive.filter((_, index) => errors[index] === null)
  if (open.length > 0) {
    const why = `Across ${open.join(' and ')} fewer than two groups have 30 positives and 30 negatives: these rows cannot decide it.`
    return { fits: 'none', id: ID, why }
  }
  const needed = smallestPassableMargin(Math.max(...errors.map((se) => se ?? 0)), CONFIDENCE)
  const margin = marginRoundedUp(needed)
  if (margin === null)
    return { fits: 'none', id: ID, why: `An equally good model would need a margin of ${needed.toPrecision(2)}.` }
  if (margin <= BASELINE) return { fits: 'baseline' }
  const yaml = `{across: "*", metric: equalized_odds_difference, against: incumbent, max_rise: ${margin}, confidence: ${CONFIDENCE}}`
  const why = `In the smallest groups an equally fair model moves so far by chance that it passes ${needed.toPrecision(2)} and more 4 times of 5.`
  return { fits: 'margin', rule: { yaml, why, loosens: ID } }
}

function measureOf(column: string): DisparityMeasure {
  return {
    across: [column],
    metric: 'equalized_odds_difference',
    confidence: CONFIDENCE,
    min_rows: 30,
    small_groups: 'report',
    against_incumbent: true,
  }
}
