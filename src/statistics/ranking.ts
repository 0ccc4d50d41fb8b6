import { fallingOrder } from './rising-order.ts'
import type { WeightedValue } from './weighted-mean.ts'

/**
 * Sorts once; then gives label and tie of each place, so that many resamples need no further sorting.
 *
 * @returns for each place from the highest score down: its row, its label, and whether the next place scores lower
 */
function ranked(label: Uint8Array, score: Float64Array) {
  const order = fallingOrder(score)
  const positive = new Uint8Array(order.length)
  const endsTie = new Uint8Array(order.length).fill(1)
  for (let place = 0; place < order.length; place++) {
    positive[place] = label[order[place]!]!
    if (place > 0 && score[order[place]!] === score[order[place - 1]!]) endsTie[place - 1] = 0
  }
  return { order, positive, endsTie }
}

/** Area under the ROC curve: the chance that a positive row scores higher than a negative one, ties half. */
export function rocAuc(label: Uint8Array, score: Float64Array): WeightedValue {
  const { order, positive, endsTie } = ranked(label, score)
  return (weights) => {
    let tiedPositives = 0
    let tiedNegatives = 0
    let positives = 0
    let negatives = 0
    let area = 0
    for (let place = 0; place < order.length; place++) {
      if (positive[place] === 1) tiedPositives += weights[order[place]!]!
      else tiedNegatives += weights[order[place]!]!
      if (endsTie[place] === 0) continue
      area += tiedNegatives * (positives + tiedPositives / 2)
      negatives += tiedNegatives
      positives += tiedPositives
      tiedPositives = 0
      tiedNegatives = 0
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
