import { countText, numberText, percentText } from '../../gates/number-text.ts'
import type { CategoryDocument, ColumnDocument, NumberDocument } from '../../profiles/column-document.ts'
import type { ProfileDocument } from '../../profiles/profile-document.ts'
import type { Page, PagePart, PlotPart, TablePart } from '../page/page.ts'

const SHOWN_CATEGORIES = 20
/** Plots are drawn for so many columns; the tables have all. */
const PLOTS = 60

/** The page of `profile` and `merge-profiles`. */
export function profilePage(document: ProfileDocument, called: string): Page {
  const numbers = document.columns.filter(isNumber)
  const categories = document.columns.filter(isCategory)
  return {
    title: 'Profile',
    lead: leadOf(document),
    facts: [
      { name: 'from', value: called },
      { name: 'rows', value: numberText(document.rows) },
      { name: 'engine', value: document.engine },
    ],
    parts: [
      columnTable(document),
      ...(numbers.length === 0 ? [] : [numberTable(numbers)]),
      ...[...numbers.flatMap(numberPlots), ...categories.map(categoryPlot)].slice(0, PLOTS),
    ],
    warnings: document.warnings,
  }
}

function isNumber(column: ColumnDocument): column is NumberDocument {
  return 'sketch' in column
}

function isCategory(column: ColumnDocument): column is CategoryDocument {
  return 'values' in column
}

function leadOf({ rows, columns }: ProfileDocument): string {
  const rank = Math.max(0, ...columns.filter(isNumber).map((column) => column.quantile_error.rank))
  const error =
    rank === 0
      ? 'Every quantile is exact.'
      : `Quantiles lie within ${percentText(rank)} of the rows; counts and moments are exact.`
  return `${countText(rows, 'rows')} of ${countText(columns.length, 'columns')}. ${error}`
}

function columnTable({ rows, columns }: ProfileDocument): TablePart {
  return {
    kind: 'table',
    title: 'Columns',
    columns: [
      { name: 'column' },
      { name: 'type' },
      { name: 'missing', align: 'right' },
      { name: 'distinct', align: 'right' },
      { name: 'most frequent' },
    ],
    rows: columns.map((column) => [
      column.column,
      column.type,
      percentText(rows === 0 ? 0 : column.missing / rows),
      'distinct' in column ? `${column.distinct.error > 0 ? 'about ' : ''}${numberText(column.distinct.value)}` : '',
      isCategory(column) ? frequentText(column, rows) : 'withheld' in column ? `withheld: ${column.withheld}` : '',
    ]),
  }
}

function frequentText({ values }: CategoryDocument, rows: number): string {
  return values
    .slice(0, 3)
    .map((one) => `${one.value} ${percentText(one.rows / rows)}`)
    .join(', ')
}

function numberTable(columns: readonly NumberDocument[]): TablePart {
  const shares = Object.keys(columns[0]?.quantiles ?? {})
  const names = ['min', ...shares, 'max', 'mean', 'sd']
  return {
    kind: 'table',
    title: 'Numbers',
    about: 'Mean and sd of the finite numbers (divisor n). Off by: the share of its value that a quantile can be off.',
    columns: [{ name: 'column' }, ...[...names, 'off by'].map((name) => ({ name, align: 'right' as const }))],
    rows: columns.map((column) => [
      column.column,
      ...[
        column.min,
        ...shares.map((share) => column.quantiles[share] ?? null),
        column.max,
        column.mean,
        column.sd,
      ].map(textOf),
      column.quantile_error.relative === 0 ? 'exact' : percentText(column.quantile_error.relative),
    ]),
  }
}

function textOf(value: number | null): string {
  return value === null ? 'none' : numberText(value)
}

function numberPlots(column: NumberDocument): readonly PagePart[] {
  return column.histogram === null
    ? [quantilePlot(column)]
    : [quantilePlot(column), tenthsPlot(column, column.histogram)]
}

/** Rows on the tenths of a reference: level where nothing has moved. */
function tenthsPlot({ column }: NumberDocument, { edges, counts }: NonNullable<NumberDocument['histogram']>): PlotPart {
  const rows = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  )
  const ends = edges.map((edge) => numberText(edge))
  return {
    kind: 'plot',
    title: `${column}: on the tenths of the reference`,
    plot: {
      type: 'histogram',
      bins: counts.map((_, bin) => (bin < ends.length ? `to ${ends[bin]}` : `over ${ends[bin - 1] ?? ''}`)),
      series: [{ name: 'this profile', shares: counts.map((count) => count / rows) }],
    },
  }
}

/** The distribution function, through the quantiles that the document states. */
function quantilePlot({ column, min, max, quantiles }: NumberDocument): PagePart {
  const inner = Object.entries(quantiles).flatMap(([name, value]): [number, number][] =>
    value === null ? [] : [[value, Number(name.slice(1)) / 100]],
  )
  const points = min === null || max === null ? [] : [[min, 0] as const, ...inner, [max, 1] as const]
  return {
    kind: 'plot',
    title: `${column}: share of rows up to a value`,
    plot: { type: 'lines', x: { label: column }, y: { label: 'share' }, series: [{ name: column, points }] },
  }
}

function categoryPlot({ column, values, others }: CategoryDocument): PlotPart {
  const shown = values.slice(0, SHOWN_CATEGORIES)
  const rest = others + values.slice(SHOWN_CATEGORIES).reduce((sum, one) => sum + one.rows, 0)
  const bars = shown.map((one) => ({ label: one.value, value: one.rows }))
  return {
    kind: 'plot',
    title: `${column}: rows of each value`,
    plot: {
      type: 'bars',
      bars: rest === 0 ? bars : [...bars, { label: '(others)', value: rest, tone: 'quiet' }],
      unit: 'rows',
    },
  }
}
