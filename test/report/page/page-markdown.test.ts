import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import { evaluationPage } from '../../../src/report/measured/evaluation-page.ts'
import type { Page } from '../../../src/report/page/page.ts'
import { pageMarkdown } from '../../../src/report/page/page-markdown.ts'

const HOSTILE = '@org/all ![x](https://evil.test/x) <img src=x> | ```\n# head\n- [ ] task `'

/** A page on which everything is named by whoever made the data. */
const hostilePage: Page = {
  title: HOSTILE,
  lead: HOSTILE,
  facts: [{ name: HOSTILE, value: HOSTILE }],
  parts: [
    { kind: 'text', title: HOSTILE, lines: [HOSTILE] },
    {
      kind: 'table',
      title: HOSTILE,
      about: HOSTILE,
      columns: [{ name: HOSTILE }, { name: 'n', align: 'right' }],
      rows: [[HOSTILE, { text: HOSTILE, tone: 'bad' }], ['short']],
    },
    { kind: 'plot', title: HOSTILE, plot: { type: 'bars', bars: [{ label: HOSTILE, value: 0.5 }] } },
    {
      kind: 'plot',
      title: 'h',
      plot: { type: 'histogram', bins: [HOSTILE], series: [{ name: HOSTILE, shares: [1] }] },
    },
    {
      kind: 'plot',
      title: 'l',
      plot: {
        type: 'lines',
        x: { label: HOSTILE },
        y: { label: HOSTILE },
        series: [
          {
            name: HOSTILE,
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
    },
  ],
  warnings: [{ code: 'x', message: HOSTILE }],
}

test('a page reads on GitHub: the answer, what was measured on, tables with aligned numbers, plots as code', () => {
  const metrics = {
    roc_auc: { value: 0.91, interval: [0.9, 0.92] as const, method: 'delong' },
    'a|b': { value: null, interval: null },
  }
  const page = evaluationPage({
    model: 'churn',
    version: '1.4.0',
    rows: 8000,
    exam: { uri: 'file:exam.csv', digest: 'sha256:1' },
    provenance: 'measured',
    metrics,
    warnings: [{ code: 'few', message: 'few rows of one class' }],
  })

  expect(pageMarkdown(page, 10_000).split('\n')).toEqual([
    '## churn 1.4.0 on its exam',
    '',
    'roc_auc is 0.91 [0.9, 0.92] on 8,000 rows.',
    '',
    '| measured on |  |',
    '| --- | --- |',
    '| exam | `file:exam.csv` |',
    '| digest | sha256:1 |',
    '| provenance | measured |',
    '',
    '### Metrics',
    '',
    '| metric | value | interval 95 % | method |',
    '| --- | --: | --: | --- |',
    '| roc_auc | 0.91 | [0.9, 0.92] | delong |',
    '| a\\|b | - | - |  |',
    '',
    '### Warnings',
    '',
    '- few rows of one class',
  ])
})

test('whatever data is called, nothing of it becomes Markdown, a mention or a link', () => {
  const html = new MarkdownIt({ html: true, linkify: true }).render(pageMarkdown(hostilePage, 100_000))
  const bare = html.replaceAll(/<code[^>]*>[\s\S]*?<\/code>/g, '')

  expect(bare).not.toMatch(/<(?:a|img|h1|script)\b|@org|https:/)
  expect([...bare.matchAll(/<(h\d|table|pre)>/g)].map(([, tag]) => tag)).toEqual([
    'h2',
    'table',
    'h3',
    'h3',
    'table',
    'h3',
    'pre',
    'h3',
    'pre',
    'h3',
    'pre',
    'h3',
  ])
  expect([...bare.matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(([row]) => row.split(/<t[dh]/).length - 1)).toEqual([
    2, 2, 2, 2, 2,
  ])
})

test('what does not fit is left out whole, and that is said', () => {
  const rows = Array.from({ length: 150 }, (_, row) => [`row ${row}`])
  const table = { kind: 'table' as const, title: 'long', columns: [{ name: 'a' }], rows }
  const page: Page = { title: 'T', lead: 'L.', facts: [], parts: [table, table], warnings: [] }

  const text = pageMarkdown(page, 1500)

  expect(text.length).toBeLessThanOrEqual(1500)
  expect(text).toMatch(/\d+ more lines do not fit here\./)
  expect(text.endsWith('1 more part does not fit here.')).toBe(true)
  expect(pageMarkdown({ ...page, parts: [{ ...table, rows: [] }] }, 1500)).toContain('### long\n\nnone')
})
