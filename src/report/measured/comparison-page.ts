import type { ComparisonDocument, MetricCompared } from '../../measuring/comparison-document.ts'
import type { Page, PageFact, PagePart, Tone } from '../page/page.ts'
import { levelText, rangeText, rowsText, valueText } from './metric-text.ts'

/** `compare-predictions` as people read it: both numbers, the difference b - a, and a forest of intervals around 0. */
export function comparisonPage(document: ComparisonDocument, called: { readonly a: string; readonly b: string }): Page {
  return {
    title: `${called.b} (b) against ${called.a} (a)`,
    lead: leadOf(document),
    facts: factsOf(document),
    parts: [tablePart(document), ...forests(document)],
    warnings: document.warnings,
  }
}

type Named = readonly [name: string, metric: MetricCompared]

/** Better: the whole interval lies on the good side of 0; worse: on the other. */
function verdictOf({ interval, better }: MetricCompared): 'better' | 'worse' | 'different' | 'alike' | 'unknown' {
  if (interval === null) return 'unknown'
  const isMore = interval[0] > 0
  const isLess = interval[1] < 0
  if (!isMore && !isLess) return 'alike'
  if (better === null) return 'different'
  return isMore === (better === 'higher') ? 'better' : 'worse'
}

const TONES: Readonly<Record<ReturnType<typeof verdictOf>, Tone>> = {
  better: 'good',
  worse: 'bad',
  different: 'quiet',
  alike: 'quiet',
  unknown: 'doubt',
}

function leadOf({ metrics, rows }: ComparisonDocument): string {
  const named = Object.entries(metrics)
  const of = (verdict: string) => named.filter(([, metric]) => verdictOf(metric) === verdict).map(([name]) => name)
  const [better, worse] = [of('better'), of('worse')]
  const said = [
    ...(better.length > 0 ? [`better by ${better.join(', ')}`] : []),
    ...(worse.length > 0 ? [`worse by ${worse.join(', ')}`] : []),
  ]
  const what = said.length === 0 ? 'b and a cannot be told apart' : `b is ${said.join(' and ')}`
  return `On ${rowsText(rows)} ${what}.`
}

function factsOf(document: ComparisonDocument): readonly PageFact[] {
  const { task, rows, confidence, threshold, dropped, weights, unit, where } = document
  const facts: readonly (readonly [string, string | null])[] = [
    ['task', task],
    ['rows in both', rowsText(rows)],
    ['intervals', levelText(confidence)],
    ['predicted positive', threshold === null ? null : `score > ${threshold}`],
    ['only in a', dropped.only_a === 0 ? null : rowsText(dropped.only_a)],
    ['only in b', dropped.only_b === 0 ? null : rowsText(dropped.only_b)],
    ['weights', weights],
    ['unit', unit],
    ['where', where],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

function tablePart({ metrics }: ComparisonDocument): PagePart {
  const right = (name: string) => ({ name, align: 'right' as const })
  return {
    kind: 'table',
    title: 'Both models on the same rows',
    about: 'The difference is b - a, paired row by row.',
    columns: [
      { name: 'metric' },
      ...['a', 'b', 'b - a', 'interval', 'p'].map(right),
      { name: 'method' },
      { name: 'b is' },
    ],
    rows: Object.entries(metrics).map(([name, metric]) => {
      const verdict = verdictOf(metric)
      return [
        name,
        ...[metric.a, metric.b, metric.difference].map(valueText),
        rangeText(metric.interval),
        valueText(metric.p_value),
        metric.method ?? '-',
        { text: verdict, tone: TONES[verdict] },
      ]
    }),
  }
}

/** Metrics in the unit of the label would flatten the others, so they have a forest of their own. */
const IN_UNITS = ['mae', 'rmse', 'median_absolute_error']

function forests({ metrics, confidence }: ComparisonDocument): readonly PagePart[] {
  const named = Object.entries(metrics)
  const isInUnits = ([name]: Named) => IN_UNITS.includes(name)
  return [
    ...forest(
      'Differences',
      named.filter((one) => !isInUnits(one)),
      confidence,
    ),
    ...forest('Differences in the unit of the label', named.filter(isInUnits), confidence),
  ]
}

function forest(title: string, named: readonly Named[], confidence: number): readonly PagePart[] {
  if (!named.some(([, { difference }]) => difference !== null)) return []
  return [
    {
      kind: 'plot',
      title,
      about: `b - a with ${levelText(confidence)} intervals; one that holds 0 tells nothing apart.`,
      plot: {
        type: 'bars',
        bars: named.map(([label, metric]) => ({
          label,
          value: metric.difference,
          interval: metric.interval,
          tone: TONES[verdictOf(metric)],
        })),
        limit: 0,
      },
    },
  ]
}
