import { exactText, intervalText, numberText } from '../../gates/number-text.ts'
import { plain } from '../plain-text.ts'
import { bar, intervalLine } from '../text-plot.ts'
import { type Span, spanOf } from './axis.ts'
import type { BarsPlot } from './page.ts'
import { cutMiddle, padded, textWidth } from './text-width.ts'
import { painted, type Screen, TONE_SIGN } from './tone.ts'

type Bar = BarsPlot['bars'][number]

const MOST_BARS = 60
const LONGEST_LABEL = 32
const WIDEST = 48
const NARROWEST = 8
const SHORTEST_LABEL = 6

/** Bars, or dots with whiskers where there are intervals, on one scale with the limit drawn across. */
export function barsText(plot: BarsPlot, screen: Screen): readonly string[] {
  const shown = plot.bars.slice(0, MOST_BARS)
  const hasTones = shown.some(({ tone }) => tone !== undefined)
  const told = shown.map((one) => cutMiddle(valueText(one, plot.unit), Math.floor(screen.columns / 2)))
  const room = screen.columns - Math.max(0, ...told.map(textWidth)) - (hasTones ? 8 : 6)
  const longest = Math.min(LONGEST_LABEL, Math.max(SHORTEST_LABEL, room - NARROWEST))
  const names = shown.map(({ label }) => cutMiddle(plain(label, 200), longest))
  const nameWidth = Math.max(0, ...names.map(textWidth))
  const left = 2 + (hasTones ? 2 : 0) + nameWidth + 2
  const width = Math.min(WIDEST, Math.max(NARROWEST, room - nameWidth))
  const span = barsSpan(plot)
  const rows = shown.map((one, index) => {
    const sign = hasTones ? `${one.tone === undefined ? ' ' : painted(screen, one.tone, TONE_SIGN[one.tone])} ` : ''
    const drawn = one.value === null ? ' '.repeat(width) : drawnBar(one, span, width, hasWhiskers(plot))
    const line = limited(padded(drawn, width), plot.limit, span)
    return `  ${sign}${padded(names[index] ?? '', nameWidth)}  ${painted(screen, one.tone, line)}  ${told[index]}`.trimEnd()
  })
  const more = plot.bars.length - shown.length
  return [
    ...rows,
    ...(rows.length === 0
      ? []
      : scaleLines(span, plot, width, screen.columns - left).map((line) =>
          screen.paint('dim', ' '.repeat(left) + line),
        )),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

/** All values, ends of intervals and the limit; bars also hold zero, since their length is the number. */
export function barsSpan(plot: BarsPlot): Span {
  const { bars, limit } = plot
  const numbers = bars.flatMap(({ value, interval }) => [...(value === null ? [] : [value]), ...(interval ?? [])])
  const all = [...numbers, ...(limit === undefined ? [] : [limit])]
  return hasWhiskers(plot) ? spanOf(all, 0.04) : spanOf([0, ...all, ...(all.every((one) => one === 0) ? [1] : [])])
}

/** Whether its numbers are dots with whiskers. */
export function hasWhiskers({ bars }: BarsPlot): boolean {
  return bars.some(({ interval }) => interval !== null && interval !== undefined)
}

/** `0.91 [0.9, 0.92]`, `none`. */
export function valueText({ value, interval }: Bar, unit = ''): string {
  if (value === null) return 'none'
  const number = `${numberText(value)}${unit === '' ? '' : ` ${plain(unit, 8)}`}`
  return interval === null || interval === undefined ? number : `${number} ${intervalText(interval)}`
}

function drawnBar({ value, interval }: Bar, span: Span, width: number, dotted: boolean): string {
  const number = value ?? 0
  if (dotted) return intervalLine(number, interval ?? null, span, width)
  if (span[0] === 0) return bar(number / span[1], width)
  const [from, to] = [Math.min(0, number), Math.max(0, number)].map((end) => placeOf(end, span, width))
  return Array.from({ length: width }, (_, at) => (at >= from! && at <= to! ? '█' : ' ')).join('')
}

function placeOf(value: number, [low, high]: Span, width: number): number {
  return Math.min(width - 1, Math.max(0, Math.round(((value - low) / (high - low || 1)) * (width - 1))))
}

/** The limit shows through wherever nothing else is drawn. */
function limited(line: string, limit: number | undefined, span: Span): string {
  if (limit === undefined) return line
  const at = placeOf(limit, span, line.length)
  return line[at] === ' ' || line[at] === '─' ? `${line.slice(0, at)}┆${line.slice(at + 1)}` : line
}

/** `0         1  ┆ limit 0.1` below the bars; the limit stands below where there is no room beside. */
function scaleLines(span: Span, { limit }: BarsPlot, width: number, room: number): readonly string[] {
  const [low, high] = [numberText(span[0], 3), numberText(span[1], 3)]
  const ends = low + ' '.repeat(Math.max(1, width - low.length - high.length)) + high
  if (limit === undefined) return [ends]
  const told = `┆ limit ${exactText(limit)}`
  return ends.length + 2 + told.length <= room ? [`${ends}  ${told}`] : [cutMiddle(ends, room), cutMiddle(told, room)]
}
