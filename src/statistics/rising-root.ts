/**
 * Where a rising function crosses zero: Newton's steps, halving where they leave the bracket or gain too little.
 *
 * @param f      rising and continuous, f(low) <= 0 <= f(high)
 * @param slope  derivative of f, 0 or more
 * @param start  between low and high
 * @returns to about 1e-15 relative, within at most 200 steps
 */
export function risingRoot(
  f: (x: number) => number,
  slope: (x: number) => number,
  bracket: readonly [low: number, high: number],
  start: number,
): number {
  let [low, high] = bracket
  let x = start > low && start < high ? start : (low + high) / 2
  let before = high - low
  for (let step = 0; step < 200; step++) {
    const value = f(x)
    if (value === 0) return x
    if (value < 0) low = x
    else high = x
    const newton = x - value / slope(x)
    const isUseful = newton > low && newton < high && Math.abs(newton - x) < before / 2
    const next = isUseful ? newton : (low + high) / 2
    before = Math.abs(next - x)
    if (before <= 1e-15 * Math.abs(x)) return next
    x = next
  }
  return x
}
