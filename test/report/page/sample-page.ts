import type { Page } from '../../../src/report/page/page.ts'

const curve = Array.from({ length: 41 }, (_, at) => [at / 40, Math.sqrt(at / 40)] as const)

/** A page with one part of every kind. */
export const SAMPLE: Page = {
  title: 'Metrics of evaluation.parquet',
  lead: 'roc_auc is 0.9123 [0.9056, 0.919] on 8,000 rows.',
  facts: [
    { name: 'table', value: 'evaluation.parquet' },
    { name: 'level', value: '95 %, two-sided' },
  ],
  parts: [
    {
      kind: 'table',
      title: 'Metrics',
      about: 'Each with its interval.',
      columns: [{ name: 'metric' }, { name: 'value', align: 'right' }, { name: 'verdict' }],
      rows: [
        ['roc_auc', '0.9123', { text: 'steady', tone: 'good' }],
        ['a_name_that_somebody_gave_in_a_hurry_and_never_mended_since', '12,345.6', { text: 'drifted', tone: 'bad' }],
        ['mape', 'none', 'a sentence that goes on and on about labels that are zero until the line has ended'],
      ],
    },
    {
      kind: 'plot',
      title: 'Selection rate by group',
      plot: {
        type: 'bars',
        limit: 0.2,
        bars: [
          { label: 'Female, Black', value: 0.08, interval: [0.05, 0.12], tone: 'bad' },
          { label: 'Male, White', value: 0.31, interval: [0.29, 0.33], tone: 'good' },
          { label: 'missing', value: null },
        ],
      },
    },
    {
      kind: 'plot',
      title: 'Importance',
      plot: {
        type: 'bars',
        bars: [
          { label: 'age', value: 0.2157 },
          { label: 'capital_gain', value: -0.03 },
        ],
      },
    },
    {
      kind: 'plot',
      title: 'Receiver operating characteristic',
      plot: {
        type: 'lines',
        x: { label: 'false positive rate' },
        y: { label: 'true positive rate' },
        diagonal: true,
        series: [
          {
            name: 'candidate',
            points: curve,
            band: curve.map(([x, y]) => [x, 0.9 * y, Math.min(1, 1.1 * y)] as const),
          },
          { name: 'incumbent', points: curve.map(([x, y]) => [x, x > 0.4 && x < 0.6 ? null : 0.8 * y] as const) },
        ],
      },
    },
    {
      kind: 'plot',
      title: 'age',
      plot: {
        type: 'histogram',
        bins: ['17 to 25', '25 to 40', '40 and over'],
        series: [
          { name: 'reference', shares: [0.2, 0.5, 0.3] },
          { name: 'current', shares: [0.1, 0.4, 0.5] },
        ],
      },
    },
    { kind: 'text', title: 'How to read it', lines: ['An interval holds the true value in 95 of 100 samples.'] },
  ],
  warnings: [
    { code: 'undefined', message: 'mape has no value: 812 labels are 0' },
    ...['a', 'b', 'c', 'd', 'e'].map((column) => ({ code: 'short', column, message: 'fewer than 30 rows' })),
  ],
}

/** The same page with a text of somebody's choice wherever a text can stand. */
export function pageAbout(text: string): Page {
  return {
    title: text,
    lead: text,
    facts: [{ name: text, value: text }],
    parts: [
      {
        kind: 'table',
        title: text,
        about: text,
        columns: [{ name: text }, { name: text, align: 'right' }],
        rows: [[text, { text, tone: 'bad' }]],
      },
      {
        kind: 'plot',
        title: text,
        about: text,
        plot: { type: 'bars', unit: text, limit: 1, bars: [{ label: text, value: 1, tone: 'doubt' }] },
      },
      {
        kind: 'plot',
        title: text,
        plot: {
          type: 'lines',
          x: { label: text },
          y: { label: text },
          series: [
            { name: text, points: [[0, 1]] },
            { name: text, points: [[1, 2]] },
          ],
        },
      },
      {
        kind: 'plot',
        title: text,
        plot: {
          type: 'histogram',
          bins: [text],
          series: [
            { name: text, shares: [1] },
            { name: text, shares: [0] },
          ],
        },
      },
      { kind: 'text', title: text, lines: [text] },
    ],
    warnings: [{ code: text, column: text, message: text }],
  }
}

/** 500 columns of everything. */
export function largePage(): Page {
  const names = Array.from({ length: 500 }, (_, at) => `a_column_with_quite_a_long_name_number_${at}`)
  const histogram = (title: string) =>
    ({
      kind: 'plot',
      title,
      plot: {
        type: 'histogram',
        bins: Array.from({ length: 30 }, (_, at) => `${at} to ${at + 1}`),
        series: ['reference', 'current'].map((name) => ({ name, shares: Array.from({ length: 30 }, () => 1 / 30) })),
      },
    }) as const
  return {
    title: 'Drift',
    lead: '',
    facts: names.map((name) => ({ name, value: name })),
    parts: [
      {
        kind: 'table',
        title: 'All columns',
        columns: [{ name: 'column' }, ...names.slice(0, 20).map((name) => ({ name, align: 'right' as const }))],
        rows: names.flatMap((name) => Array.from({ length: 20 }, () => [name, ...names.slice(0, 20)])),
      },
      { kind: 'plot', title: 'Scores', plot: { type: 'bars', bars: names.map((label, value) => ({ label, value })) } },
      {
        kind: 'plot',
        title: 'Curves',
        plot: {
          type: 'lines',
          x: { label: 'x' },
          y: { label: 'y' },
          series: names.slice(0, 40).map((name, which) => ({
            name,
            points: Array.from({ length: 20_000 }, (_, at) => [at, Math.sin(at / 500) + which] as const),
          })),
        },
      },
      ...names.map(histogram),
    ],
    warnings: names.map((column) => ({ code: 'short', column, message: `${column} has few rows` })),
  }
}
