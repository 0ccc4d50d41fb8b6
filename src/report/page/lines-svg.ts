import { numberText } from '../../gates/number-text.ts'
import { plain } from '../plain-text.ts'
import { area, at, dot, label, line, path, scale, svg } from '../svg.ts'
import { ticksOf } from './axis.ts'
import { linesSpans } from './lines-text.ts'
import type { LinesPlot } from './page.ts'
import { thinned } from './thinned.ts'

type Series = LinesPlot['series'][number]
type Place = readonly [number, number]

const LEFT = 58
const EDGE = 14
const BELOW = 40
const MOST_POINTS = 400
const MOST_DOTS = 80
/** How many curves one drawing holds. */
export const MOST_CURVES = 6

/** Curves with their bands between two axes; gaps stay gaps. */
export function linesSvg(plot: LinesPlot, title: string): string {
  const series = plot.series.slice(0, MOST_CURVES)
  const spans = linesSpans({ ...plot, series })
  const [width, height] = plot.diagonal === true ? [380, 380] : [640, 300]
  const right = width - EDGE
  const bottom = height - BELOW
  const x = scale(spans.x, LEFT, right)
  const y = scale(spans.y, bottom, EDGE)
  const ticks = [
    ...ticksOf(spans.x, 7).flatMap((tick) => [
      line('grid', [x(tick), EDGE], [x(tick), bottom]),
      label(numberText(tick, 6), [x(tick), bottom + 15], 'middle', 'faint'),
    ]),
    ...ticksOf(spans.y, 6).flatMap((tick) => [
      line('grid', [LEFT, y(tick)], [right, y(tick)]),
      label(numberText(tick, 6), [LEFT - 7, y(tick) + 4], 'end', 'faint'),
    ]),
  ]
  const axes = [
    label(plain(plot.x.label, 100), [(LEFT + right) / 2, height - 6], 'middle'),
    `<g transform="rotate(-90 12 ${at((EDGE + bottom) / 2)})">${label(plain(plot.y.label, 60), [12, (EDGE + bottom) / 2], 'middle')}</g>`,
  ]
  const diagonal =
    plot.diagonal === true ? [line('diagonal', [x(spans.x[0]), y(spans.x[0])], [x(spans.x[1]), y(spans.x[1])])] : []
  const marks = series.map((one, which) => curveMarks(one, `s${which + 1}`, x, y))
  const words = `${plain(title, 200)}: ${series.map((one) => curveWords(one)).join('; ')}`
  return svg(
    width,
    height,
    plot.diagonal === true ? 'square' : 'curve',
    words,
    [...ticks, ...diagonal, ...marks, ...axes].join(''),
  )
}

function curveMarks(series: Series, kind: string, x: (value: number) => number, y: (value: number) => number): string {
  const points = thinned(series.points, MOST_POINTS, ([, value]) => value)
  const band = thinned(series.band ?? [], MOST_POINTS, ([, low]) => low)
  const edge = [
    ...band.map(([place, , high]): Place => [x(place), y(high)]),
    ...band.toReversed().map(([place, low]): Place => [x(place), y(low)]),
  ]
  const dots = points.flatMap(([place, value]) =>
    value === null
      ? []
      : [
          dot(
            `${kind} hover`,
            [x(place), y(value)],
            4,
            `${plain(series.name, 80)}: ${numberText(place)}, ${numberText(value)}`,
          ),
        ],
  )
  return [
    ...(edge.length === 0 ? [] : [area(kind, edge)]),
    ...unbroken(points).map((run) =>
      path(
        kind,
        run.map(([place, value]): Place => [x(place), y(value)]),
      ),
    ),
    ...(dots.length <= MOST_DOTS ? dots : []),
  ].join('')
}

/** Runs of points between gaps. */
function unbroken(points: Series['points']): readonly (readonly Place[])[] {
  const runs: Place[][] = [[]]
  for (const [place, value] of points) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push([place, value])
  }
  return runs.filter((run) => run.length > 1)
}

/** A curve in words: where it starts and ends, and between what it lies. */
function curveWords({ name, points }: Series): string {
  const known = points.flatMap(([, value]) => (value === null ? [] : [value]))
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined) return `${plain(name, 60)} has no numbers`
  const low = known.reduce((a, b) => Math.min(a, b))
  const high = known.reduce((a, b) => Math.max(a, b))
  return `${plain(name, 60)} from ${numberText(first)} to ${numberText(last)}, between ${numberText(low)} and ${numberText(high)}`
}
