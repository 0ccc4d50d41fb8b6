/**
 * The numbers of each group, ascending.
 *
 * @param indexOf  group of each row
 * @param groups   how many groups there are
 * @param values   finite numbers, a row each
 * @returns an array a group, empty where it has no rows
 * @example valuesByGroup(Int32Array.of(1, 0, 1), 2, Float64Array.of(3, 2, 1))[1][0] // => 1
 */
export function valuesByGroup(indexOf: Int32Array, groups: number, values: ArrayLike<number>): Float64Array[] {
  return rowsByGroup(indexOf, groups).map((rows) => Float64Array.from(rows, (row) => values[row]!).sort())
}

/**
 * The rows of each group, in their order: a counting sort, so that groups need not be searched for one by one.
 *
 * @returns parts of one array, a group each
 * @example rowsByGroup(Int32Array.of(1, 0, 1), 2)[1][1] // => 2
 */
export function rowsByGroup(indexOf: Int32Array, groups: number): Int32Array[] {
  const starts = new Int32Array(groups + 1)
  for (let row = 0; row < indexOf.length; row++) starts[indexOf[row]! + 1]! += 1
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!
  const next = starts.slice()
  const all = new Int32Array(indexOf.length)
  for (let row = 0; row < indexOf.length; row++) {
    const group = indexOf[row]!
    all[next[group]!] = row
    next[group]! += 1
  }
  return Array.from({ length: groups }, (_, group) => all.subarray(starts[group]!, starts[group + 1]!))
}
