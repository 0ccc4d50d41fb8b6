import { exactText, numberText } from '../../gates/number-text.ts'
import { plain } from '../plain-text.ts'
import { box, dot, label, line, scale, svg } from '../svg.ts'
import { ticksOf } from './axis.ts'
import { barsSpan, hasWhiskers, valueText } from './bars-text.ts'
import type { BarsPlot } from './page.ts'
import { cutMiddle } from './text-width.ts'
import { TONE_SIGN } from './tone.ts'

type Bar = BarsPlot['bars'][number]

const WIDE = 640
const NAME = 196
const RIGHT = 470
const ROW = 24
const TOP = 18
const LONGEST_LABEL = 26
/** How many bars one drawing holds. */
export const MOST_BARS = 200

/** Bars, or dots with whiskers where there are intervals, on one axis with the limit drawn across. */
export function barsSvg(plot: BarsPlot, title: string): string {
  const shown = plot.bars.slice(0, MOST_BARS)
  const span = barsSpan({ ...plot, bars: shown })
  const x = scale(span, NAME, RIGHT)
  const top = plot.limit === undefined ? 4 : TOP
  const bottom = top + shown.length * ROW + 2
  const dotted = hasWhiskers(plot)
  const rows = shown.map((bar, at) => barMarks(bar, top + at * ROW + ROW / 2, x, { dotted, unit: plot.unit ?? '' }))
  const ticks = ticksOf(span, 5).map((tick) => [
    line('grid', [x(tick), top - 2], [x(tick), bottom]),
    label(numberText(tick, 6), [x(tick), bottom + 14], 'middle', 'faint'),
  ])
  const zero = span[0] < 0 && span[1] > 0 && !dotted ? [line('diagonal', [x(0), top - 2], [x(0), bottom])] : []
  return svg(WIDE, bottom + 20, 'plot', wordsOf(plot, title), [...ticks.flat(), ...zero, ...rows, ...limit()].join(''))

  function limit(): readonly string[] {
    if (plot.limit === undefined) return []
    const place = x(plot.limit)
    return [
      line('limit', [place, top - 4], [place, bottom]),
      label(`limit ${exactText(plot.limit)}`, [place, top - 7], 'middle', 'faint'),
    ]
  }
}

interface Drawing {
  readonly dotted: boolean
  readonly unit: string
}

function barMarks(bar: Bar, y: number, x: (value: number) => number, { dotted, unit }: Drawing): string {
  const { value, interval, tone } = bar
  const name = plain(bar.label, 200)
  const told = `${tone === undefined || tone === 'quiet' ? '' : `${TONE_SIGN[tone]} `}${valueText(bar, unit)}`
  const texts = [
    label(cutMiddle(name, LONGEST_LABEL), [NAME - 10, y + 4], 'end'),
    label(told, [RIGHT + 14, y + 4], 'start', value === null ? 'faint' : ''),
  ]
  if (value === null) return texts.join('')
  const full = `${name}: ${valueText(bar, unit)}`
  const kind = tone ?? 's1'
  if (!dotted) {
    const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))]
    return [...texts, box(kind, [from, y - 6], [Math.max(1, to - from), 12], full)].join('')
  }
  const whisker =
    interval === null || interval === undefined
      ? []
      : [
          line(`whisker ${tone ?? ''}`.trim(), [x(interval[0]), y], [x(interval[1]), y]),
          ...interval.map((end) => line(`whisker ${tone ?? ''}`.trim(), [x(end), y - 4], [x(end), y + 4])),
        ]
  return [...texts, ...whisker, dot(kind, [x(value), y], 4.5, full)].join('')
}

function wordsOf({ bars, unit, limit }: BarsPlot, title: string): string {
  const told = bars.slice(0, 20).map((bar) => `${plain(bar.label, 60)} ${valueText(bar, unit)}`)
  const more = bars.length > 20 ? `, and ${bars.length - 20} more` : ''
  const across = limit === undefined ? '' : `; the limit is ${exactText(limit)}`
  return `${plain(title, 200)}: ${told.join(', ')}${more}${across}`
}
