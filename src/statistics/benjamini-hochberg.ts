/**
 * Which of many p-values stay significant when at most a share q of the alarms may be false.
 *
 * The step-up procedure: p(i) against q i / m. `p_adjusted` <= q says the same as p <= cut.
 *
 * @param pValues  0 to 1 each; null where there is none, which counts for nothing
 * @param q        accepted share of false alarms among alarms, 0 to 1
 * @returns adjusted p-values in the order given, and the cut: q k / m of the last significant one, q / m if none is
 * @throws {RangeError} when a p-value is no number from 0 to 1
 * @see Benjamini, Hochberg (1995); statsmodels multipletests(method="fdr_bh")
 * @example benjaminiHochberg([0.01, null, 0.04, 0.5], 0.05) // => { adjusted: [0.03, null, 0.06, 0.5], cut: 0.01666667 }
 */
export function benjaminiHochberg(
  pValues: readonly (number | null)[],
  q: number,
): { readonly adjusted: readonly (number | null)[]; readonly cut: number } {
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }]))
  if (known.some(({ p }) => !(p >= 0 && p <= 1))) throw new RangeError('benjaminiHochberg: a p-value is not in 0 to 1')
  known.sort((a, b) => b.p - a.p || a.index - b.index)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let smallest = 1
  let significant = 0
  for (const [place, { p, index }] of known.entries()) {
    const rank = known.length - place
    smallest = Math.min(smallest, (p * known.length) / rank)
    adjusted[index] = smallest
    if (smallest <= q) significant = Math.max(significant, rank)
  }
  return { adjusted, cut: (q * Math.max(1, significant)) / Math.max(1, known.length) }
}
