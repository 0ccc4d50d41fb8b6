import { percentText } from '../../gates/number-text.ts'
import { plain } from '../plain-text.ts'
import { box, label, line, scale, svg } from '../svg.ts'
import { ticksOf } from './axis.ts'
import { highestShare } from './histogram-text.ts'
import type { HistogramPlot } from './page.ts'
import { cutMiddle } from './text-width.ts'

const WIDE = 640
const NAME = 196
const RIGHT = 560
const BAR = 9
const GAP = 9
const LONGEST_LABEL = 26
/** How many bins and windows one drawing holds. */
export const MOST_BINS = 60
export const MOST_WINDOWS = 6

/** The windows' shares of each bin, bars below one another on one axis. */
export function histogramSvg(plot: HistogramPlot, title: string): string {
  const series = plot.series.slice(0, MOST_WINDOWS)
  const bins = plot.bins.slice(0, MOST_BINS)
  const height = Math.max(16, series.length * BAR + GAP)
  const top = highestShare({ ...plot, series })
  const x = scale([0, top], NAME, RIGHT)
  const bottom = bins.length * height + 6
  const ticks = ticksOf([0, top], 6).map((tick) => [
    line('grid', [x(tick), 0], [x(tick), bottom]),
    label(percentText(tick), [x(tick), bottom + 14], 'middle', 'faint'),
  ])
  const rows = bins.map((bin, at) => {
    const middle = at * height + height / 2 + 2
    const start = middle - (series.length * BAR) / 2
    const bars = series.map(({ name, shares }, which) => {
      const share = shares[at] ?? 0
      const told = `${plain(bin, 120)}, ${plain(name, 60)}: ${percentText(share)}`
      return box(`s${which + 1}`, [NAME, start + which * BAR], [Math.max(0.5, x(share) - NAME), BAR - 1], told)
    })
    return [label(cutMiddle(plain(bin, 120), LONGEST_LABEL), [NAME - 10, middle + 4], 'end'), ...bars].join('')
  })
  return svg(WIDE, bottom + 20, 'plot', wordsOf(plot, title), [...ticks.flat(), ...rows].join(''))
}

function wordsOf({ bins, series }: HistogramPlot, title: string): string {
  const told = bins.slice(0, 20).map((bin, at) => {
    const shares = series.slice(0, 3).map(({ name, shares: all }) => `${plain(name, 40)} ${percentText(all[at] ?? 0)}`)
    return `${plain(bin, 60)} ${shares.join(' and ')}`
  })
  return `${plain(title, 200)}: ${told.join('; ')}${bins.length > 20 ? `; and ${bins.length - 20} more bins` : ''}`
}
