/** A metric of fixed rows as a function of how much each row counts; null where it does not exist. */
export type WeightedValue = (weights: Float64Array) => number | null

/** Mean of the values, each counted by its weight. */
export function weightedMean(values: Float64Array): WeightedValue {
  return (weights) => {
    let sum = 0
    let total = 0
    for (let row = 0; row < values.length; row++) {
      sum += weights[row]! * values[row]!
      total += weights[row]!
    }
    return total > 0 ? sum / total : null
  }
}
