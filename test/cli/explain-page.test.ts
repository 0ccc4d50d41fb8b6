import { expect, test } from 'vitest'
import type { ExplanationDocument } from '../../src/measuring/explanation.ts'
import { explainPage } from '../../src/report/measured/explain-page.ts'
import { pageHtml } from '../../src/report/page/page-html.ts'
import { pageText } from '../../src/report/page/page-text.ts'

const importance = (column: string, mean: number | null) => ({
  column,
  mean,
  std: mean === null ? null : 0.01,
  interval: mean === null ? null : ([mean - 0.01, mean + 0.01] as const),
  share: mean === null ? null : Math.max(0, mean),
  movement: mean === null ? null : 0.1,
})

const DOCUMENT: ExplanationDocument = {
  schema: 'weighbridge.explanation/v1',
  engine: 'test',
  rows: 300,
  task: 'binary',
  explains: 'the score of class 1',
  features: ['age', '<b>sex'],
  dropped: { label_null: 0 },
  metric: { name: 'roc_auc', baseline: 0.9, repeats: 20, seed: 0, rows: 300 },
  importance: [importance('<b>sex', 0.1), importance('age', 0.3)],
  shapley: {
    method: 'sampled',
    base: 0.2,
    background_rows: 100,
    rows: [{ row: 4, score: 0.5, values: { age: 0.4, '<b>sex': -0.1 }, errors: { age: 0.01, '<b>sex': 0 } }],
  },
  warnings: [{ code: 'shapley_sampled', message: 'sampled' }],
}

const whole: ExplanationDocument = {
  ...DOCUMENT,
  partial_dependence: [
    {
      column: 'age',
      type: 'number',
      rows: 100,
      points: [1, 2, 3].map((value) => ({ value, mean: value / 4, low: 0, high: 1 })),
    },
    { column: '<b>sex', type: 'category', rows: 100, points: [{ value: '<i>', mean: 0.2, low: 0.1, high: 0.3 }] },
  ],
  counterfactual: {
    row: 4,
    score: 0.4,
    threshold: 0.5,
    found: { changes: [{ column: 'age', from: null, to: 44, distance: 0.3 }], score: 0.6, distance: 0.3 },
    searched: '20 values',
    asked: 21,
    fixed: ['<b>sex'],
  },
  comparison: {
    baseline: 0.8,
    importance: [],
    shift: {
      value: 0.12,
      interval: [0.1, 0.15],
      columns: [{ column: 'age', share: 0.75, other: null, counts: false }],
    },
  },
}

const textOf = (document: ExplanationDocument) => pageText(explainPage(document), 100).join('\n')

test('the page says first what matters most, and how much', () => {
  const text = textOf(whole)

  expect(text).toContain('age matters most: without it roc_auc is worse by 0.3, then <b>sex.')
  for (const part of [
    'Importance of columns',
    'Row 4: 0.5',
    'Partial dependence on age',
    'What would turn row 4',
    'moved by 0.12',
  ])
    expect(text).toContain(part)
  expect(text).toMatch(/age +missing +44/)
})

test('names of columns and values are escaped where the page is HTML', () => {
  const html = pageHtml(explainPage(whole))

  expect(html).toMatch(/(&lt;|&#60;|&#x3c;)b/i)
  expect(html).not.toContain('<b>')
  expect(html).not.toContain('<i>')
})

test('without a label, without a column that matters and without a way to turn a row the page says so', () => {
  const none = {
    ...DOCUMENT,
    metric: { ...DOCUMENT.metric, name: null, baseline: null },
    importance: [importance('age', null)],
  }
  const idle = { ...DOCUMENT, importance: [importance('age', 0), importance('<b>sex', -0.01)] }
  const stuck = { ...whole, counterfactual: { ...whole.counterfactual!, found: null } }

  expect(textOf(none)).toContain('no column has an importance here')
  expect(textOf(idle)).toContain('No column matters to roc_auc')
  expect(textOf(stuck)).toContain('Nothing was found within 20 values.')
})
