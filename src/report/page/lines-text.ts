import { numberText } from '../../gates/number-text.ts'
import { plain } from '../plain-text.ts'
import { type Span, spanOf } from './axis.ts'
import type { LinesPlot } from './page.ts'
import { cutMiddle, padded, textWidth } from './text-width.ts'
import type { Screen } from './tone.ts'

type Series = LinesPlot['series'][number]

const HEIGHT = 13
const WIDEST = 72
const NARROWEST = 20
const MARKS = '●○+×▲◇■□' as const
const MOST_SERIES = MARKS.length

/** Curves as marks on a grid of characters, between an axis on the left and one below, with a legend. */
export function linesText(plot: LinesPlot, screen: Screen): readonly string[] {
  const series = plot.series.slice(0, MOST_SERIES)
  const spans = linesSpans({ ...plot, series })
  const ends = [spans.y[1], (spans.y[0] + spans.y[1]) / 2, spans.y[0]].map((end) => numberText(end, 3))
  const left = Math.max(...ends.map((end) => end.length))
  const width = Math.min(WIDEST, Math.max(NARROWEST, screen.columns - left - 6))
  const rows = canvas({ ...plot, series }, spans, width)
  const tick = (row: number) => (row === 0 ? ends[0] : row === (HEIGHT - 1) / 2 ? ends[1] : ends[2])
  const isTick = (row: number) => row % ((HEIGHT - 1) / 2) === 0
  const [low, high] = spans.x.map((end) => numberText(end, 3)) as [string, string]
  const under = ' '.repeat(left + 4)
  const room = Math.max(8, width - low.length - high.length - 2)
  const name = cutMiddle(plain(plot.x.label, 120), room)
  return [
    screen.paint('dim', `  ${cutMiddle(plain(plot.y.label, 120), screen.columns - 2)}`),
    ...rows.map((row, at) =>
      `  ${padded(isTick(at) ? (tick(at) ?? '') : '', left, 'right')} ${isTick(at) ? '┤' : '│'}${row}`.trimEnd(),
    ),
    `  ${' '.repeat(left)} └${'─'.repeat(width)}`,
    screen.paint('dim', `${under}${low} ${centred(name, width - low.length - high.length - 2)} ${high}`),
    ...legend(plot, series.length, screen, under),
  ]
}

/** The axes of a plot: all that is drawn, with the diagonal's square where there is one. */
export function linesSpans({ series, diagonal }: LinesPlot): { readonly x: Span; readonly y: Span } {
  const xs = series.flatMap(({ points, band = [] }) => [...points.map(([x]) => x), ...band.map(([x]) => x)])
  const ys = series.flatMap(({ points, band = [] }) => [
    ...points.flatMap(([, y]) => (y === null ? [] : [y])),
    ...band.flatMap(([, low, high]) => [low, high]),
  ])
  if (diagonal !== true) return { x: spanOf(xs), y: spanOf(ys, 0.04) }
  const both = spanOf([...xs, ...ys])
  return { x: both, y: both }
}

function canvas(plot: LinesPlot, { x, y }: { readonly x: Span; readonly y: Span }, width: number): readonly string[] {
  const cells = Array.from({ length: HEIGHT }, () => Array.from({ length: width }, () => ' '))
  const mark = (at: number, value: number | null, sign: string) => {
    if (value === null) return
    const row = Math.round(((y[1] - value) / (y[1] - y[0])) * (HEIGHT - 1))
    const line = cells[row]
    if (line !== undefined) line[at] = sign
  }
  for (let at = 0; at < width; at += 1) {
    const place = x[0] + ((x[1] - x[0]) * at) / (width - 1)
    if (plot.diagonal === true) mark(at, place, '·')
    for (const one of plot.series) shade(cells, at, bandAt(one, place), y)
  }
  for (let at = 0; at < width; at += 1) {
    const place = x[0] + ((x[1] - x[0]) * at) / (width - 1)
    const half = (x[1] - x[0]) / (width - 1) / 2
    plot.series.forEach((one, which) => {
      mark(at, heightAt(one.points, place, half), MARKS[which] ?? '*')
    })
  }
  return cells.map((row) => row.join(''))
}

function shade(cells: string[][], at: number, band: readonly [number, number] | null, y: Span): void {
  if (band === null) return
  const row = (value: number) =>
    Math.min(HEIGHT, Math.max(-1, Math.round(((y[1] - value) / (y[1] - y[0])) * (HEIGHT - 1))))
  for (let each = row(band[1]); each <= row(band[0]); each += 1) {
    const line = cells[each]
    if (line !== undefined && line[at] === ' ') line[at] = '░'
  }
}

/** The curve at a place, straight between its points; null in a gap and outside, but for half a character. */
function heightAt(points: Series['points'], place: number, half: number): number | null {
  const after = points.findIndex(([x]) => x >= place)
  const [next, last] = [points[after], points[after < 0 ? points.length - 1 : after - 1]]
  if (next !== undefined && next[0] - place <= half && next[1] !== null) return next[1]
  if (last !== undefined && place - last[0] <= half && last[1] !== null) return last[1]
  if (next === undefined || last === undefined || next[1] === null || last[1] === null) return null
  return last[1] + (next[1] - last[1]) * ((place - last[0]) / (next[0] - last[0] || 1))
}

function bandAt({ band = [] }: Series, place: number): readonly [number, number] | null {
  const ends = ([1, 2] as const).map((end) =>
    heightAt(
      band.map((one) => [one[0], one[end]] as const),
      place,
      0,
    ),
  )
  const [low, high] = ends
  return low === null || high === null || low === undefined || high === undefined ? null : [low, high]
}

function legend(plot: LinesPlot, shown: number, screen: Screen, under: string): readonly string[] {
  const names = plot.series.slice(0, shown).map(({ name }, at) => `${MARKS[at]} ${cutMiddle(plain(name, 120), 30)}`)
  const more = plot.series.length - shown
  const rest = [
    ...(plot.series.some(({ band }) => band !== undefined) ? ['░ interval'] : []),
    ...(plot.diagonal === true ? ['· diagonal'] : []),
    ...(more > 0 ? [`and ${more} more`] : []),
  ]
  return inLines([...names, ...rest], screen.columns - under.length).map((line) => under + line)
}

function inLines(pieces: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const longer = `${lines.at(-1) ?? ''}   ${piece}`
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(piece)
  }
  return lines
}

function centred(text: string, width: number): string {
  const before = Math.max(0, Math.floor((width - textWidth(text)) / 2))
  return padded(' '.repeat(before) + text, width)
}
