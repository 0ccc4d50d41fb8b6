import { risingOrder } from './rising-order.ts'
import type { RegressionRows } from './scored-rows.ts'
import { type WeightedValue, weightedMean } from './weighted-mean.ts'

/** Root of the mean squared error. */
export function rootMeanSquaredError(rows: RegressionRows): WeightedValue {
  const mean = weightedMean(squaredErrors(rows))
  return (weights) => {
    const squared = mean(weights)
    return squared === null ? null : Math.sqrt(squared)
  }
}

/** 1 - (sum of squared errors) / (sum of squared deviations of the label); none where the label is constant. */
export function r2(rows: RegressionRows): WeightedValue {
  const errors = squaredErrors(rows)
  const mean = weightedMean(rows.label)
  const { label } = rows
  return (weights) => {
    const centre = mean(weights)
    if (centre === null || isConstant(label, weights)) return null
    let left = 0
    let total = 0
    for (let row = 0; row < label.length; row++) {
      left += weights[row]! * errors[row]!
      total += weights[row]! * (label[row]! - centre) ** 2
    }
    return total > 0 ? 1 - left / total : null
  }
}

/** Mean of |error| / |label|, a fraction; none where a counted label is 0. */
export function meanAbsolutePercentageError(rows: RegressionRows): WeightedValue {
  const { label, prediction } = rows
  const mean = weightedMean(label.map((y, row) => Math.abs((prediction[row]! - y) / y)))
  return (weights) => {
    const value = mean(weights)
    return value !== null && Number.isFinite(value) ? value : null
  }
}

/** Median of the values, each counted by its weight; the mean of the two middle ones where it falls between them. */
export function weightedMedian(values: Float64Array): WeightedValue {
  const order = risingOrder(values)
  return (weights) => {
    let total = 0
    for (let row = 0; row < weights.length; row++) total += weights[row]!
    if (!(total > 0)) return null
    let place = -1
    let passed = 0
    while (passed < total / 2 && place < order.length - 1) passed += weights[order[++place]!]!
    const lower = values[order[place]!]!
    if (passed > total / 2) return lower
    do place += 1
    while (place < order.length && weights[order[place]!] === 0)
    return place < order.length ? middle(lower, values[order[place]!]!) : lower
  }
}

function middle(a: number, b: number): number {
  return Number.isFinite(a + b) ? (a + b) / 2 : a / 2 + b / 2
}

function squaredErrors(rows: RegressionRows): Float64Array {
  return rows.label.map((label, row) => (rows.prediction[row]! - label) ** 2)
}

/** Whether all rows that count have one value. */
function isConstant(values: Float64Array, weights: Float64Array): boolean {
  const first = values.find((_, row) => weights[row]! > 0)
  return values.every((value, row) => value === first || weights[row] === 0)
}
