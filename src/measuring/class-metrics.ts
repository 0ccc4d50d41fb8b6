import { measureMetric } from '../statistics/measure.ts'
import { columnOf } from '../statistics/picked-rows.ts'
import { type BinaryRows, type ClassRows, type MulticlassRows, weightsOf } from '../statistics/scored-rows.ts'
import type { ClassMeasured, ConfusionMeasured } from './metrics-document.ts'

const OF_ONE_CLASS = ['precision', 'recall', 'f1', 'roc_auc'] as const

/** Each class against all others, with the intervals of binary metrics. */
export function classesMeasured(rows: MulticlassRows, confidence: number): Readonly<Record<string, ClassMeasured>> {
  return Object.fromEntries(rows.classes.map((name, index) => [name, classMeasured(oneClass(rows, index), confidence)]))
}

function classMeasured(rows: BinaryRows, confidence: number): ClassMeasured {
  const estimates = OF_ONE_CLASS.map((name) => [name, measureMetric(rows, name, { confidence })] as const)
  const numbers = Object.fromEntries(estimates.map(([name, { value }]) => [name, value]))
  const intervals = Object.fromEntries(estimates.map(([name, { interval }]) => [name, interval]))
  const count = (column: Uint8Array) => column.reduce((sum, is) => sum + is, 0)
  return {
    rows: count(rows.label),
    predicted: count(rows.prediction),
    ...numbers,
    intervals,
  } as unknown as ClassMeasured
}

/** One class as the positive one. */
export function oneClass(rows: MulticlassRows, index: number): BinaryRows {
  const { probabilities, classes, unit, weight } = rows
  const is = (column: Uint16Array) => {
    const places = new Uint8Array(column.length)
    for (let row = 0; row < column.length; row++) places[row] = column[row] === index ? 1 : 0
    return places
  }
  const score = probabilities && columnOf(probabilities, classes.length, index)
  return { task: 'binary', label: is(rows.label), prediction: is(rows.prediction), score, unit, weight }
}

/** Rows, or their weights, by true and predicted class. */
export function confusionMeasured(rows: ClassRows): ConfusionMeasured {
  const classes = rows.task === 'binary' ? ['negative', 'positive'] : rows.classes
  const weights = weightsOf(rows)
  const sums = new Float64Array(classes.length ** 2)
  for (let row = 0; row < rows.label.length; row++)
    sums[rows.label[row]! * classes.length + rows.prediction[row]!]! += weights[row]!
  const line = (truth: number) => [...sums.subarray(truth * classes.length, (truth + 1) * classes.length)]
  return { classes, counts: classes.map((_, truth) => line(truth)) }
}
