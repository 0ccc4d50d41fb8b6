/** Products and squares of larger ones are soon no double any more. */
const LARGEST = 1e100

/** What to do about a column that holds none. */
export const WEIGHTS_ARE = 'Weights are numbers from 0 to 1e100, none missing.'

/** Whether numbers can say how much rows count: 0 or more, and finite in every sum. */
export function areWeights(values: Float64Array): boolean {
  return values.every((value) => value >= 0 && value <= LARGEST)
}
