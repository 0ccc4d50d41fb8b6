import { normalQuantile } from '../../src/statistics/normal.ts'
import type { BinaryRows, MulticlassRows, RegressionRows, ScoredRows } from '../../src/statistics/scored-rows.ts'
import type { Draws } from './draws.ts'
import { multiclassRows, regressionRows, scoredRows } from './predictions.ts'

/** How rows are drawn: alone or several to a unit, counting alike or by weight. */
export interface Sampling {
  /** 1: rows are independent and have no unit. */
  readonly rowsOfUnit: number
  readonly isWeighted: boolean
}

export interface Pair<Rows extends ScoredRows = ScoredRows> {
  readonly candidate: Rows
  readonly incumbent: Rows
}

/** A world of which as many units as one likes can be drawn, answered by two versions that see much alike. */
export type Law = (draws: Draws, units: number, sampling: Sampling) => Pair

/** What the noise of a row shares with the other rows of its unit, and what both versions share of it. */
const OF_UNIT = 0.3
const OF_BOTH = 0.5

/** Noise of variance 1 for both versions, row by row: partly the unit's, partly the row's, partly the version's own. */
function noise(draws: Draws, units: number, { rowsOfUnit }: Sampling): readonly (readonly [number, number])[] {
  const share = rowsOfUnit === 1 ? 0 : OF_UNIT
  return Array.from({ length: units }, () => {
    const ofUnit = Math.sqrt(share) * draws.normal()
    return Array.from({ length: rowsOfUnit }, () => {
      const both = ofUnit + Math.sqrt(OF_BOTH) * draws.normal()
      const own = () => both + Math.sqrt(1 - share - OF_BOTH) * draws.normal()
      return [own(), own()] as const
    })
  }).flat()
}

/** The columns that say which rows belong together and how much each counts: the easy half counts three times. */
function grouped(rows: number, { rowsOfUnit, isWeighted }: Sampling, isEasy: (row: number) => boolean) {
  return {
    unit: rowsOfUnit === 1 ? null : Int32Array.from({ length: rows }, (_, row) => Math.floor(row / rowsOfUnit)),
    weight: isWeighted ? Float64Array.from({ length: rows }, (_, row) => (isEasy(row) ? 1.5 : 0.5)) : null,
  }
}

/**
 * Labels of 0 and 1 with calibrated scores.
 *
 * @param base   share of positive rows
 * @param areas  under the curve, of the candidate and of the incumbent
 */
export function binaryLaw(base: number, areas: readonly [number, number]): Law {
  const [first, second] = areas.map((area) => Math.SQRT2 * normalQuantile(area))
  const odds = Math.log(base / (1 - base))
  const score = (shift: number, y: number, z: number) =>
    1 / (1 + Math.exp(-(shift * (z + shift * y) - shift ** 2 / 2 + odds)))
  return (draws, units, sampling): Pair<BinaryRows> => {
    const drawn = noise(draws, units, sampling)
    const label = drawn.map(() => draws.chance(base))
    const columns = grouped(label.length, sampling, (row) => drawn[row]![0] > 0 === (label[row] === 1))
    const version = (shift: number, which: 0 | 1): BinaryRows => ({
      ...scoredRows(
        label,
        label.map((y, row) => score(shift, y, drawn[row]![which])),
      ),
      ...columns,
    })
    return { candidate: version(first!, 0), incumbent: version(second!, 1) }
  }
}

/**
 * Three classes with probabilities that lean to the right one.
 *
 * @param shares  of the classes
 */
export function classLaw(shares: readonly [number, number, number]): Law {
  return (draws, units, sampling): Pair<MulticlassRows> => {
    const logits = [0, 1, 2].map(() => noise(draws, units, sampling))
    const label = logits[0]!.map(() => {
      const at = draws.uniform()
      return at < shares[0] ? 0 : at < shares[0] + shares[1] ? 1 : 2
    })
    const columns = grouped(label.length, sampling, (row) => logits[label[row]!]![row]![0] > 0)
    const version = (lean: number, which: 0 | 1): MulticlassRows => ({
      ...multiclassRows(
        3,
        label,
        label.map((y, row) => softmax(logits.map((of, index) => of[row]![which] + (index === y ? lean : 0)))),
      ),
      ...columns,
    })
    return { candidate: version(1.4, 0), incumbent: version(1.2, 1) }
  }
}

function softmax(logits: readonly number[]): readonly number[] {
  const odds = logits.map(Math.exp)
  const sum = odds.reduce((total, one) => total + one, 0)
  return odds.map((one) => one / sum)
}

/**
 * Numbers above 1, skewed, guessed with an error that is as wide everywhere.
 *
 * @param wider  how much wider, and by a tenth of that too high
 */
export function regressionLaw(wider = 1): Law {
  return (draws, units, sampling): Pair<RegressionRows> => {
    const drawn = noise(draws, units, sampling)
    const label = drawn.map(() => 1 + Math.exp(0.5 * draws.normal()))
    const columns = grouped(label.length, sampling, (row) => Math.abs(drawn[row]![0]) < 0.7)
    const version = (width: number, which: 0 | 1): RegressionRows => ({
      ...regressionRows(
        label,
        label.map((y, row) => y + (wider - 1) / 10 + wider * width * drawn[row]![which]),
      ),
      ...columns,
    })
    return { candidate: version(0.3, 0), incumbent: version(0.33, 1) }
  }
}
