import { exactText, intervalText, numberText, percentText } from '../../gates/number-text.ts'
import { escapeHtml } from '../html-text.ts'
import { box, line } from '../svg.ts'
import { barsSvg, MOST_BARS } from './bars-svg.ts'
import { histogramSvg, MOST_BINS, MOST_WINDOWS } from './histogram-svg.ts'
import { linesSvg, MOST_CURVES } from './lines-svg.ts'
import type { BarsPlot, HistogramPlot, LinesPlot, Plot, TablePart } from './page.ts'
import { tableHtml } from './table-html.ts'
import { thinned } from './thinned.ts'

const MOST_NUMBERS = 20_000
const MOST_TOLD = 40

/** A plot as a drawing with its key, and its numbers folded away below. */
export function plotHtml(plot: Plot, title: string): string {
  const drawn = drawnPlot(plot, title)
  const numbers = tableHtml(numbersOf(plot, title), MOST_NUMBERS)
  return `<figure>${keysHtml(plot)}${drawn}${moreHtml(plot)}</figure><details class="numbers"><summary>numbers</summary>${numbers}</details>`
}

function drawnPlot(plot: Plot, title: string): string {
  switch (plot.type) {
    case 'bars':
      return barsSvg(plot, title)
    case 'lines':
      return linesSvg(plot, title)
    case 'histogram':
      return histogramSvg(plot, title)
  }
}

/** What the colours and dashes mean, where there is more than one, or a limit. */
function keysHtml(plot: Plot): string {
  if (plot.type === 'bars') return ''
  const names = plot.series.slice(0, plot.type === 'lines' ? MOST_CURVES : MOST_WINDOWS).map(({ name }) => name)
  const isSilent = names.length < 2 && !(plot.type === 'lines' && plot.series.some(({ band }) => band !== undefined))
  if (isSilent) return ''
  const keys = names.map((name, at) => {
    const kind = `s${at + 1}`
    const mark = plot.type === 'lines' ? line(kind, [0, 5], [30, 5]) : box(kind, [14, 0], [16, 10])
    return `<li><svg viewBox="0 0 30 10" class="key" aria-hidden="true">${mark}</svg>${escapeHtml(name, 120)}</li>`
  })
  return `<ul class="keys">${keys.join('')}</ul>`
}

function moreHtml(plot: Plot): string {
  const more = {
    bars: () => beyond((plot as BarsPlot).bars.length, MOST_BARS, 'bars'),
    lines: () => beyond((plot as LinesPlot).series.length, MOST_CURVES, 'curves'),
    histogram: () =>
      [
        beyond((plot as HistogramPlot).bins.length, MOST_BINS, 'bins'),
        beyond((plot as HistogramPlot).series.length, MOST_WINDOWS, 'windows'),
      ].join(''),
  }
  return more[plot.type]()
}

function beyond(all: number, most: number, what: string): string {
  return all > most ? `<p class="more">and ${all - most} more ${what}</p>` : ''
}

/** The numbers of a plot as a table, for those who do not see it and those who copy them. */
function numbersOf(plot: Plot, title: string): TablePart {
  const base = { kind: 'table', title: `Numbers of: ${title}` } as const
  switch (plot.type) {
    case 'bars':
      return { ...base, ...barNumbers(plot) }
    case 'lines':
      return { ...base, ...lineNumbers(plot) }
    case 'histogram':
      return { ...base, ...histogramNumbers(plot) }
  }
}

type Numbers = Pick<TablePart, 'columns' | 'rows'>

const right = (name: string) => ({ name, align: 'right' }) as const

function barNumbers({ bars, unit }: BarsPlot): Numbers {
  return {
    columns: [{ name: 'of' }, right(unit ?? 'value'), right('interval')],
    rows: bars.map(({ label, value, interval }) => [
      label,
      value === null ? 'none' : exactText(value),
      interval === null || interval === undefined ? '' : intervalText(interval),
    ]),
  }
}

function lineNumbers({ series, x, y }: LinesPlot): Numbers {
  return {
    columns: [{ name: 'curve' }, right(x.label), right(y.label)],
    rows: series
      .slice(0, MOST_CURVES)
      .flatMap(({ name, points }) =>
        thinned(points, MOST_TOLD, ([, value]) => value).map(([place, value]) => [
          name,
          numberText(place, 6),
          value === null ? 'none' : numberText(value, 6),
        ]),
      ),
  }
}

function histogramNumbers({ bins, series }: HistogramPlot): Numbers {
  const shown = series.slice(0, MOST_WINDOWS)
  return {
    columns: [{ name: 'bin' }, ...shown.map(({ name }) => right(name))],
    rows: bins.map((bin, at) => [bin, ...shown.map(({ shares }) => percentText(shares[at] ?? 0))]),
  }
}
