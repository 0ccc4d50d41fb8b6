import { percentText } from '../../gates/number-text.ts'
import { plain } from '../plain-text.ts'
import { bar } from '../text-plot.ts'
import type { HistogramPlot } from './page.ts'
import { cutMiddle, padded, textWidth } from './text-width.ts'
import type { Screen } from './tone.ts'

const MOST_BINS = 40
const LONGEST_LABEL = 28
const WIDEST = 44
const NARROWEST = 8
const SHARE_WIDTH = 8

/** The windows' shares of each bin, one bar below the other on one scale. */
export function histogramText(plot: HistogramPlot, screen: Screen): readonly string[] {
  const bins = plot.bins.slice(0, MOST_BINS)
  const longest = Math.min(LONGEST_LABEL, Math.floor((screen.columns - SHARE_WIDTH - NARROWEST - 8) / 2))
  const labels = bins.map((bin) => cutMiddle(plain(bin, 200), longest))
  const names = plot.series.map(({ name }) => cutMiddle(plain(name, 200), longest))
  const [labelWidth, nameWidth] = [labels, names].map((all) => Math.max(0, ...all.map(textWidth))) as [number, number]
  const beside = plot.series.length > 1 ? nameWidth + 2 : 0
  const width = Math.min(WIDEST, Math.max(NARROWEST, screen.columns - labelWidth - beside - SHARE_WIDTH - 6))
  const top = highestShare(plot)
  const rows = bins.flatMap((_, at) =>
    plot.series.map(({ shares }, which) => {
      const share = shares[at] ?? 0
      const drawn = padded(bar(share / top, width), width)
      const name = beside === 0 ? '' : `${padded(names[which] ?? '', nameWidth)}  `
      const line = `${name}${which % 2 === 1 ? drawn.replaceAll('█', '▒') : drawn}  ${padded(percentText(share), SHARE_WIDTH, 'right')}`
      return `  ${padded(which === 0 ? (labels[at] ?? '') : '', labelWidth)}  ${which === 0 ? line : screen.paint('cyan', line)}`
    }),
  )
  const more = plot.bins.length - bins.length
  return more > 0 ? [...rows, `  and ${more} more bins`] : rows
}

/** The scale of all bars of a histogram; never 0. */
export function highestShare({ series }: HistogramPlot): number {
  return series.reduce((most, { shares }) => shares.reduce((a, b) => Math.max(a, b), most), 0) || 1
}
