import { pooledKey } from './counted-groups.ts'
import type { GroupTally, TallyDraws } from './group-tally.ts'
import type { Moments } from './welch.ts'

/** Several groups as one, called "(others)" in every column. */
export function pooledTally(tallies: readonly GroupTally[]): GroupTally {
  const sum = (of: (tally: GroupTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  const prediction = pooledMoments(tallies.map((tally) => tally.prediction))
  const absolute_error = pooledMoments(tallies.map((tally) => tally.absolute_error))
  const error = pooledMoments(tallies.map((tally) => tally.error))
  return {
    group: pooledKey(tallies[0]?.group ?? {}),
    rows: sum((tally) => tally.rows),
    positives: sum((tally) => tally.positives),
    negatives: sum((tally) => tally.negatives),
    predicted_positives: sum((tally) => tally.predicted_positives),
    true_positives: sum((tally) => tally.true_positives),
    false_positives: sum((tally) => tally.false_positives),
    ...(prediction && absolute_error && { prediction, absolute_error }),
    ...(error && { error }),
    ...pooledSums('weights', tallies),
    ...pooledSums('draws', tallies),
  }
}

/** Weights or resamples of several groups together; all of them have some, or none. */
function pooledSums(kind: 'weights' | 'draws', tallies: readonly GroupTally[]): Pick<GroupTally, 'weights' | 'draws'> {
  const all = tallies.flatMap(({ [kind]: sums }) => (sums === undefined ? [] : [sums]))
  const [first] = all
  if (first === undefined) return {}
  const names = Object.keys(first) as (keyof TallyDraws)[]
  const summed = names.map((name) => [
    name,
    first[name]!.map((_, draw) => all.reduce((sum, draws) => sum + draws[name]![draw]!, 0)),
  ])
  return { [kind]: Object.fromEntries(summed) as TallyDraws }
}

/** Mean and variance of the rows of several groups together. */
function pooledMoments(all: readonly (Moments | undefined)[]): Moments | undefined {
  const known = all.filter((moments) => moments !== undefined)
  if (known.length === 0) return undefined
  const rows = known.reduce((sum, moments) => sum + moments.rows, 0)
  const mean = known.reduce((sum, moments) => sum + moments.rows * moments.mean, 0) / rows
  const squares = known.reduce(
    (sum, moments) => sum + (moments.rows - 1) * moments.variance + moments.rows * (moments.mean - mean) ** 2,
    0,
  )
  return { rows, mean, variance: rows > 1 ? squares / (rows - 1) : 0 }
}
