import { fallingOrder } from './rising-order.ts'
import type { BinaryRows } from './scored-rows.ts'

/** Rows of nearly equal scores counted together, so that resampling costs what cells do. */
export interface CoarseRows {
  /** One row a cell; its scores are places of steps, the higher the better. */
  readonly cells: readonly BinaryRows[]
  readonly counts: Float64Array
}

/** Steps of scores with equally many rows: of one version, and of each of two. */
const STEPS = [1024, 256] as const
const MOST_CELLS = 65_536

/**
 * Counts rows by label and by the step that each version's score is in.
 *
 * A metric of ranks changes a little by it, and its spread hardly: of one version by less than a thousandth at 1024
 * steps. Equal scores are in one step.
 *
 * @param versions  one or two, the same rows as each answered them, with scores, without units and weights
 * @returns null where there would be so many cells that nothing is gained
 */
export function coarseRows(versions: readonly BinaryRows[]): CoarseRows | null {
  const steps = versions.length === 1 ? STEPS[0] : STEPS[1]
  const placed = versions.map(({ score }) => stepsOf(score!, steps))
  const counts = new Map<number, number>()
  const { label } = versions[0]!
  for (let row = 0; row < label.length; row++) {
    let code = label[row]!
    for (const places of placed) code = code * steps + places[row]!
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  if (counts.size > MOST_CELLS) return null
  const codes = [...counts.keys()].sort((a, b) => a - b)
  const digit = (place: number) => Float64Array.from(codes, (code) => Math.floor(code / steps ** place) % steps)
  const labels = Uint8Array.from(codes, (code) => Math.floor(code / steps ** versions.length))
  const cells = versions.map((_, version): BinaryRows => {
    const score = digit(versions.length - 1 - version)
    return { task: 'binary', label: labels, prediction: labels, score, unit: null, weight: null }
  })
  return { cells, counts: Float64Array.from(codes, (code) => counts.get(code)!) }
}

/** Place of each row's step; steps hold equally many rows, but equal scores stay together. */
function stepsOf(score: Float64Array, steps: number): Uint16Array {
  const order = fallingOrder(score)
  const places = new Uint16Array(score.length)
  let step = 0
  for (let place = 0; place < order.length; place++) {
    const isTied = place > 0 && score[order[place]!] === score[order[place - 1]!]
    if (!isTied) step = steps - 1 - Math.floor((place * steps) / order.length)
    places[order[place]!] = step
  }
  return places
}
