/** Place of the largest number of each line, the first of equal ones; NaN where a number is not finite. */
export function mostProbable(lines: Float64Array, width: number): Float64Array {
  const places = new Float64Array(lines.length / width)
  for (let row = 0; row < places.length; row++) {
    let best = row * width
    let isWhole = true
    for (let at = row * width; at < (row + 1) * width; at++) {
      if (lines[at]! > lines[best]!) best = at
      if (!Number.isFinite(lines[at]!)) isWhole = false
    }
    places[row] = isWhole ? best - row * width : Number.NaN
  }
  return places
}
