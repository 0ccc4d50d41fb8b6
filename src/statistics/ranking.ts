import type { WeightedValue } from './weighted-mean.ts'

/** Places of the values from the highest to the lowest. */
export function descendingOrder(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, row) => row).sort((a, b) => values[b]! - values[a]!)
}

/**
 * Sorts once; then gives label and tie of each place, so that many resamples need no further sorting.
 *
 * @returns for each place from the highest score down: its row, its label, and whether the next place scores lower
 */
function ranked(label: Uint8Array, score: Float64Array) {
  const order = descendingOrder(score)
  const positive = Uint8Array.from(order, (row) => label[row]!)
  const endsTie = Uint8Array.from(order, (row, place) => (score[row] === score[order[place + 1] ?? -1] ? 0 : 1))
  return { order, positive, endsTie }
}

/** Area under the ROC curve: the chance that a positive row scores higher than a negative one, ties half. */
export function rocAuc(label: Uint8Array, score: Float64Array): WeightedValue {
  const { order, positive, endsTie } = ranked(label, score)
  return (weights) => {
    const tied = [0, 0]
    let positives = 0
    let negatives = 0
    let area = 0
    for (let place = 0; place < order.length; place++) {
      tied[positive[place]!]! += weights[order[place]!]!
      if (endsTie[place] === 0) continue
      area += tied[0]! * (positives + tied[1]! / 2)
      negatives += tied[0]!
      positives += tied[1]!
      tied.fill(0)
    }
    return positives > 0 && negatives > 0 ? area / positives / negatives : null
  }
}

/** Sum over the cuts of (recall gained) x (precision there); rows of one score enter together. */
export function averagePrecision(label: Uint8Array, score: Float64Array): WeightedValue {
  const { order, positive, endsTie } = ranked(label, score)
  return (weights) => {
    let selected = 0
    let found = 0
    let foundBefore = 0
    let sum = 0
    for (let place = 0; place < order.length; place++) {
      const weight = weights[order[place]!]!
      selected += weight
      if (positive[place] === 1) found += weight
      if (endsTie[place] === 0 || found === foundBefore) continue
      sum += ((found - foundBefore) * found) / selected
      foundBefore = found
    }
    return found > 0 ? sum / found : null
  }
}
