import { numberText } from '../../gates/number-text.ts'
import type {
  ExplainedComparison,
  ExplainedCounterfactual,
  ExplainedDependence,
  ExplainedShapley,
  ExplanationDocument,
} from '../../measuring/explanation.ts'
import type { Page, PagePart } from '../page/page.ts'

/** Columns shown of one row. */
const TOP = 8
/** Rows whose bars are drawn; the JSON holds all. */
const DRAWN_ROWS = 5

/** An explanation as people read it: what matters, then why single rows score as they do. */
export function explainPage(document: ExplanationDocument): Page {
  const { comparison, counterfactual, partial_dependence: curves = [] } = document
  return {
    title: `What moves ${document.explains}`,
    lead: lead(document),
    facts: facts(document),
    parts: [
      ...importanceParts(document),
      ...(comparison === undefined ? [] : comparisonParts(comparison)),
      ...shapleyParts(document.shapley),
      ...curves.map(dependencePart),
      ...(counterfactual === undefined ? [] : [counterfactualPart(counterfactual)]),
    ],
    warnings: document.warnings,
  }
}

function lead({ importance, metric }: ExplanationDocument): string {
  const known = importance.filter(({ mean }) => mean !== null).toSorted(byMean)
  const [first, second] = known
  if (first === undefined || first.mean === null) return 'Single rows are explained; no column has an importance here.'
  if (first.mean <= 0) return `No column matters to ${metric.name}: permuting any of them costs nothing.`
  const next = second !== undefined && (second.mean ?? 0) > 0 ? `, then ${second.column}` : ''
  return `${first.column} matters most: without it ${metric.name} is worse by ${numberText(first.mean)}${next}.`
}

function facts(document: ExplanationDocument): Page['facts'] {
  const { metric, rows, shapley } = document
  const baseline = metric.baseline === null ? 'none' : numberText(metric.baseline)
  return [
    { name: 'rows', value: String(rows) },
    ...(metric.name === null
      ? []
      : [
          { name: 'metric', value: `${metric.name} ${baseline}` },
          { name: 'importance', value: `${metric.repeats} repeats on ${metric.rows} rows, seed ${metric.seed}` },
        ]),
    { name: 'Shapley values', value: `${shapley.method}, against ${shapley.background_rows} rows` },
  ]
}

function byMean(a: { readonly mean: number | null }, b: { readonly mean: number | null }): number {
  return (b.mean ?? Number.NEGATIVE_INFINITY) - (a.mean ?? Number.NEGATIVE_INFINITY)
}

function importanceParts({ importance, metric }: ExplanationDocument): readonly PagePart[] {
  if (metric.name === null) return []
  const sorted = importance.toSorted(byMean)
  return [
    {
      kind: 'plot',
      title: 'Importance of columns',
      about: `How much ${metric.name} loses when a column is permuted: mean and interval over the repeats.`,
      plot: {
        type: 'bars',
        bars: sorted.map(({ column, mean, interval }) => ({ label: column, value: mean, interval })),
      },
    },
    {
      kind: 'table',
      title: 'Importance',
      columns: [
        { name: 'column' },
        { name: 'mean', align: 'right' },
        { name: 'deviation', align: 'right' },
        { name: 'share', align: 'right' },
        { name: 'moves answers by', align: 'right' },
      ],
      rows: sorted.map(({ column, mean, std, share, movement }) => [
        column,
        text(mean),
        text(std),
        percent(share),
        text(movement),
      ]),
    },
  ]
}

function comparisonParts({ shift }: ExplainedComparison): readonly PagePart[] {
  const { value, interval, because, columns } = shift
  const range = interval === null ? '' : ` (${numberText(interval[0])} to ${numberText(interval[1])})`
  const said =
    value === null
      ? `How far importance has moved cannot be told: ${because ?? 'no reason is known'}.`
      : `Importance has moved by ${numberText(value)}${range} from the other model: 0 is alike, 1 nothing in common.`
  return [
    { kind: 'text', title: 'Beside the other model', lines: [said] },
    {
      kind: 'table',
      title: 'Shares of importance',
      columns: [{ name: 'column' }, { name: 'here', align: 'right' }, { name: 'other', align: 'right' }, { name: '' }],
      rows: columns.map(({ column, share, other, counts }) => [
        column,
        percent(share),
        percent(other),
        counts ? '' : { text: 'not told from 0', tone: 'quiet' },
      ]),
    },
  ]
}

function shapleyParts({ base, rows }: ExplainedShapley): readonly PagePart[] {
  return rows.slice(0, DRAWN_ROWS).map(({ row, score, values, errors }) => ({
    kind: 'plot',
    title: `Row ${row}: ${numberText(score)}`,
    about: `What each column adds to ${numberText(base)}, the mean of the background; the largest ${TOP}.`,
    plot: { type: 'bars', bars: topBars(values, errors) },
  }))
}

function topBars(values: Readonly<Record<string, number>>, errors: Readonly<Record<string, number>> | undefined) {
  return Object.entries(values)
    .toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, TOP)
    .map(([label, value]) => {
      const reach = 1.96 * (errors?.[label] ?? 0)
      return { label, value, ...(errors === undefined ? {} : { interval: [value - reach, value + reach] as const }) }
    })
}

function dependencePart({ column, type, rows, points }: ExplainedDependence): PagePart {
  const about = `Mean answer of ${rows} rows when each is given the value; the band holds 80 % of the rows.`
  const title = `Partial dependence on ${column}`
  if (type === 'category')
    return {
      kind: 'plot',
      title,
      about,
      plot: {
        type: 'bars',
        bars: points.map(({ value, mean, low, high }) => ({
          label: String(value),
          value: mean,
          interval: [low, high] as const,
        })),
      },
    }
  const known = points.map((point) => ({ ...point, x: Number(point.value) }))
  return {
    kind: 'plot',
    title,
    about,
    plot: {
      type: 'lines',
      x: { label: column },
      y: { label: 'mean answer' },
      series: [
        {
          name: column,
          points: known.map(({ x, mean }) => [x, mean] as const),
          band: known.map(({ x, low, high }) => [x, low, high] as const),
        },
      ],
    },
  }
}

function counterfactualPart({ row, score, threshold, found, searched, fixed }: ExplainedCounterfactual): PagePart {
  const kept = fixed.length === 0 ? '' : ` ${fixed.join(', ')} stayed as it was.`
  const title = `What would turn row ${row}`
  if (found === null) {
    const lines = [`Nothing was found within ${searched}.${kept}`]
    return { kind: 'text', title, lines }
  }
  return {
    kind: 'table',
    title,
    about: `${numberText(score)} would become ${numberText(found.score)}, across ${numberText(threshold)}. Searched: ${searched}.${kept}`,
    columns: [{ name: 'column' }, { name: 'from' }, { name: 'to' }, { name: 'distance', align: 'right' }],
    rows: found.changes.map(({ column, from, to, distance }) => [
      column,
      from === null ? 'missing' : String(from),
      to === null ? 'missing' : String(to),
      numberText(distance),
    ]),
  }
}

function text(value: number | null): string {
  return value === null ? 'none' : numberText(value)
}

function percent(share: number | null): string {
  return share === null ? '' : `${(share * 100).toFixed(1)} %`
}
