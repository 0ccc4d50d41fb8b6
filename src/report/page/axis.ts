/** From the lowest to the highest number that a drawing holds. */
export type Span = readonly [low: number, high: number]

/**
 * Round numbers to write at an axis: 1, 2 or 5 times a power of ten apart, none outside the span.
 *
 * @param span  finite, low <= high
 * @param most  how many may stand there; 2 or more
 * @example ticksOf([0, 1], 6) // => [0, 0.2, 0.4, 0.6, 0.8, 1]
 */
export function ticksOf([low, high]: Span, most = 6): readonly number[] {
  const width = high - low
  if (!(width > 1e-300) || !Number.isFinite(width)) return [low]
  const rough = width / (most - 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10) * power
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/**
 * The span of the numbers of a drawing, never empty, with a margin at both ends; the margin does not reach below 0 where
 * no number does, nor beyond 1 where all are shares.
 *
 * @param margin  share of the width; 0 for none
 * @returns `[0, 1]` where there is no number
 * @example spanOf([2, 4], 0.5) // => [1, 5]
 * @example spanOf([0.5, 1], 0.5) // => [0.25, 1]
 */
export function spanOf(numbers: readonly number[], margin = 0): Span {
  if (numbers.length === 0) return [0, 1]
  const low = numbers.reduce((a, b) => Math.min(a, b))
  const high = numbers.reduce((a, b) => Math.max(a, b))
  const width = high - low
  const around = width > 0 ? margin * width : Math.abs(low) * 0.1 || 1
  const areShares = low >= 0 && high <= 1
  return [low < 0 ? low - around : Math.max(0, low - around), areShares ? Math.min(1, high + around) : high + around]
}
