import type { BarsPlot, HistogramPlot, LinesPlot, Plot } from './page.ts'

/**
 * A plot that holds nothing but numbers, the only one that renderers draw: what is not finite, or beyond 1e300, counts
 * as no number, an interval or band with such an end as none, and shares lie in 0 to 1.
 *
 * @example finitePlot({ type: 'bars', bars: [{ label: 'a', value: NaN }] }) // => ({ type: 'bars', bars: [{ label: 'a', value: null, interval: null }] })
 */
export function finitePlot(plot: Plot): Plot {
  switch (plot.type) {
    case 'bars':
      return finiteBars(plot)
    case 'lines':
      return finiteLines(plot)
    case 'histogram':
      return finiteHistogram(plot)
  }
}

function finiteBars({ limit, ...plot }: BarsPlot): BarsPlot {
  const bars = plot.bars.map((bar) => ({
    ...bar,
    value: known(bar.value),
    interval: bar.interval?.every(isDrawn) === true ? bar.interval : null,
  }))
  return { ...plot, bars, ...(limit !== undefined && isDrawn(limit) && { limit }) }
}

function finiteLines(plot: LinesPlot): LinesPlot {
  const series = plot.series.map(({ name, points, band }) => ({
    name,
    points: points.filter(([x]) => isDrawn(x)).map(([x, y]) => [x, known(y)] as const),
    ...(band !== undefined && { band: band.filter((place) => place.every(isDrawn)) }),
  }))
  return { ...plot, series }
}

function finiteHistogram(plot: HistogramPlot): HistogramPlot {
  const series = plot.series.map(({ name, shares }) => ({
    name,
    shares: shares.map((share) => Math.min(1, Math.max(0, known(share) ?? 0))),
  }))
  return { ...plot, series }
}

function known(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && isDrawn(value) ? value : null
}

/** Differences of larger numbers overflow. */
function isDrawn(value: number): boolean {
  return Math.abs(value) < 1e300
}
