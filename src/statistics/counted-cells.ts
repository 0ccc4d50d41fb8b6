import { takeRows } from './picked-rows.ts'
import type { ClassRows } from './scored-rows.ts'

/** One row for each combination of label and predictions, and how many rows it stands for. */
export interface CountedCells {
  readonly cells: readonly ClassRows[]
  readonly counts: Float64Array
}

/** All cells are written down where there are no more than so many. */
const MANY_CELLS = 10_000

/**
 * Counts equal rows together: what matters to a metric of predicted classes is the label and what each version said.
 *
 * @param versions  the same rows as each version answered them; without units and weights
 * @returns cells that hold rows, in the order of (label, first version, second version)
 */
export function countedCells(versions: readonly ClassRows[]): CountedCells {
  const columns = [versions[0]!.label, ...versions.map((rows) => rows.prediction)]
  const classes = classesOf(versions[0]!)
  const counts = countsByCode(columns, classes)
  const codes = [...counts.keys()].sort((a, b) => a - b)
  return { cells: cellsOf(versions, codes, classes), counts: Float64Array.from(codes, (code) => counts.get(code)!) }
}

/**
 * All cells of one or two versions, those without rows too, so that they may be given some.
 *
 * @returns null where there are too many of them
 */
export function allCells(versions: readonly ClassRows[]): CountedCells | null {
  const columns = [versions[0]!.label, ...versions.map((rows) => rows.prediction)]
  const classes = classesOf(versions[0]!)
  const cells = classes ** columns.length
  if (cells > MANY_CELLS) return null
  const counts = countsByCode(columns, classes)
  const codes = Array.from({ length: cells }, (_, code) => code)
  return { cells: cellsOf(versions, codes, classes), counts: Float64Array.from(codes, (code) => counts.get(code) ?? 0) }
}

function classesOf(rows: ClassRows): number {
  return rows.task === 'binary' ? 2 : rows.classes.length
}

function countsByCode(columns: readonly ArrayLike<number>[], classes: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  const n = columns[0]!.length
  for (let row = 0; row < n; row++) {
    let code = 0
    for (const column of columns) code = code * classes + column[row]!
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return counts
}

function cellsOf(versions: readonly ClassRows[], codes: readonly number[], classes: number): readonly ClassRows[] {
  const digit = (place: number) =>
    codes.map((code) => Math.floor(code / classes ** (versions.length - place)) % classes)
  return versions.map((rows, version) => {
    const grouped = { unit: null, weight: null }
    if (rows.task === 'binary') {
      const label = Uint8Array.from(digit(0))
      return { ...rows, ...grouped, label, prediction: Uint8Array.from(digit(version + 1)), score: null }
    }
    const label = Uint16Array.from(digit(0))
    return { ...rows, ...grouped, label, prediction: Uint16Array.from(digit(version + 1)), probabilities: null }
  })
}

/**
 * Rows of one unit that are alike in label and predictions, counted together: one row with that weight. Sums over
 * them are the same, and resampling units costs what units hold.
 *
 * @param versions  the same rows as each version answered them; with units, without weights
 */
export function countedInUnits(versions: readonly ClassRows[]): readonly ClassRows[] {
  const [first] = versions
  const unit = first!.unit!
  const columns = [first!.label, ...versions.map((rows) => rows.prediction)]
  const classes = classesOf(first!)
  const cells = classes ** columns.length
  const places = new Map<number, number>()
  const firstRows: number[] = []
  const counts: number[] = []
  for (let row = 0; row < unit.length; row++) {
    let code = 0
    for (const column of columns) code = code * classes + column[row]!
    const key = (unit[row]! + 2 ** 31) * cells + code
    const place = places.get(key)
    if (place === undefined) {
      places.set(key, firstRows.length)
      firstRows.push(row)
      counts.push(1)
    } else counts[place]! += 1
  }
  const order = Uint32Array.from(firstRows)
  const weight = Float64Array.from(counts)
  return versions.map((rows) => ({ ...takeRows(withoutScores(rows), order), weight }))
}

function withoutScores(rows: ClassRows): ClassRows {
  return rows.task === 'binary' ? { ...rows, score: null } : { ...rows, probabilities: null }
}
