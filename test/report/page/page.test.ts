import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Page, Plot } from '../../../src/report/page/page.ts'
import { pageHtml } from '../../../src/report/page/page-html.ts'
import { pageText } from '../../../src/report/page/page-text.ts'
import { textWidth } from '../../../src/report/page/text-width.ts'
import { htmlMistakes, shownText } from '../../support/strict-html.ts'
import { expectGolden } from '../golden.ts'
import { HOSTILE } from '../hostile.ts'
import { largePage, pageAbout, SAMPLE } from './sample-page.ts'

const about = (plot: Plot): Page => ({
  title: 'A plot',
  lead: '',
  facts: [],
  parts: [{ kind: 'plot', title: 'It', plot }],
  warnings: [],
})

describe('a measured page in a terminal', () => {
  test('shows tables, bars with whiskers, curves and histograms, and can be read without colour', () => {
    const text = pageText(SAMPLE, 100).join('\n')

    expectGolden('page.txt', `${text}\n`)
    expect(text).toContain('✗ Female, Black')
    expect(text).toMatch(/├─+●─+┤ +┆/)
    expect(text).toContain('┆ limit 0.2')
    expect(text).toContain('and 2 more: d and e')
  })

  test.each([60, 72, 80, 100, 160])('is never wider than %i columns', (columns) => {
    for (const page of [SAMPLE, pageAbout('a_name_'.repeat(40)), pageAbout('日本語の列'.repeat(9))])
      expect(pageText(page, columns).filter((line) => textWidth(line) > columns)).toEqual([])
  })

  test('cuts long names in the middle, breaks sentences over lines, puts what does not fit below, and cuts no number', () => {
    const columns = [{ name: 'metric' }, ...['a', 'b', 'c'].map((name) => ({ name, align: 'right' as const }))]
    const rows = [['roc_auc', ...Array.from({ length: 3 }, () => '[-0.019341, 0.013922]')]]
    const wide: Page = { ...SAMPLE, parts: [...SAMPLE.parts, { kind: 'table', title: 'Wide', columns, rows }] }
    const text = pageText(wide, 60).join('\n')

    expect(text).toMatch(/a_name_\w*…\w*ed_since/)
    expect(text.replace(/\s+/g, ' ')).toContain('a sentence that goes on and on about labels')
    expect(text.match(/^ {2}metric +[abc]/gm)).toHaveLength(2)
    expect(text.match(/\[-0\.019341, 0\.013922\]/g)).toHaveLength(3)
  })

  test('numbers stand right, under one another, also beside names of wide letters', () => {
    const rows = [
      ['a', '1'],
      ['日本語', '12.5'],
    ]
    const columns = [{ name: 'column' }, { name: 'value', align: 'right' as const }]
    const page: Page = { ...about({ type: 'bars', bars: [] }), parts: [{ kind: 'table', title: 'T', columns, rows }] }
    const widths = pageText(page, 80).slice(4).map(textWidth)

    expect(new Set(widths).size).toBe(1)
  })

  test('colours by tone, through the caller alone', () => {
    const painted = pageText(SAMPLE, 100, (style, text) => `<${style}>${text}</${style}>`).join('\n')

    expect(painted).toMatch(/<red>drifted *<\/red>/)
    expect(painted).toContain('<green>✓</green>')
    expect(pageText(SAMPLE, 100).join('')).not.toMatch(/\p{Cc}/u)
  })

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('is not moved by %j', (_, text) => {
    for (const columns of [60, 100]) {
      const lines = pageText(pageAbout(text), columns)
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(lines.filter((line) => textWidth(line) > columns)).toEqual([])
    }
  })
})

describe('a measured page as HTML', () => {
  test('is one sound file that asks nothing of anybody', () => {
    const page = pageHtml(SAMPLE)

    expect(htmlMistakes(page)).toEqual([])
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'")
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|\son\w+=/i)
    expect(page).toContain('prefers-color-scheme:dark')
    expect(page).toContain('@media print')
  })

  test('can be read without eyes: headings in order, captions, headed rows, drawings in words, numbers below', () => {
    const page = pageHtml(SAMPLE)
    const headings = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))

    expect(headings).toEqual([1, 2, 2, 2, 2, 2, 2, 2])
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<caption>/g)?.length)
    expect(page.match(/<svg(?![^>]*(aria-label="[^"]{5}|aria-hidden))/g)).toBeNull()
    expect(page).toContain(
      'Selection rate by group: Female, Black 0.08 [0.05, 0.12], Male, White 0.31 [0.29, 0.33], missing none; the limit is 0.2',
    )
    expect(page).toContain('<th scope="row">roc_<wbr>auc</th>')
    expect(page.match(/<details class="numbers">/g)).toHaveLength(4)
  })

  test('keeps gaps of a curve as gaps, and draws bands, limits and the diagonal', () => {
    const page = pageHtml(SAMPLE)

    expect(page.match(/<polyline class="s2"/g)).toHaveLength(2)
    expect(page).toContain('<polygon class="s1"')
    expect(page).toContain('<line class="diagonal"')
    expect(page).toContain('<line class="limit"')
  })

  test('is under 2 MB with 500 columns and a million numbers, and says what it leaves out', () => {
    const page = pageHtml(largePage())

    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
    expect(htmlMistakes(page)).toEqual([])
    expect(page).toMatch(/and \d+ more rows; --json has them all/)
    expect(page).toMatch(/and \d+ more parts; --json has them all/)
    expect(page).toContain('and 300 more bars')
    expect(page).toContain('and 34 more curves')
  })

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('holds %j as text alone', (_, text) => {
    const page = pageHtml(pageAbout(text))

    expect(htmlMistakes(page)).toEqual([])
    expect(page).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
    expect(page).not.toMatch(/<(script|img|a|iframe|object)\b|\s(on\w+|href|src)=/i)
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
  })
})

describe('whatever numbers a plot has', () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 5e-324),
  )
  const bars = fc.array(
    fc.record({
      label: fc.string(),
      value: fc.oneof(number, fc.constant(null)),
      interval: fc.oneof(fc.tuple(number, number), fc.constant(null)),
    }),
    { maxLength: 6 },
  )
  const points = fc.array(fc.tuple(number, fc.oneof(number, fc.constant(null))), { maxLength: 8 })
  const plot: fc.Arbitrary<Plot> = fc.oneof(
    fc.record({ type: fc.constant('bars' as const), bars, limit: number }),
    fc.record({
      type: fc.constant('lines' as const),
      x: fc.constant({ label: 'x' }),
      y: fc.constant({ label: 'y' }),
      diagonal: fc.boolean(),
      series: fc.array(
        fc.record({ name: fc.constant('one'), points, band: fc.array(fc.tuple(number, number, number)) }),
      ),
    }),
    fc.record({
      type: fc.constant('histogram' as const),
      bins: fc.array(fc.constant('bin')),
      series: fc.array(fc.record({ name: fc.constant('one'), shares: fc.array(number) })),
    }),
  )

  test('neither text nor HTML ever says NaN, undefined, null or Infinity', () => {
    fc.assert(
      fc.property(plot, (one) => {
        const labels = one.type === 'bars' ? { ...one, bars: one.bars.map((bar) => ({ ...bar, label: 'a' })) } : one
        const text = pageText(about(labels), 80)
        const html = pageHtml(about(labels))

        expect(text.filter((line) => textWidth(line) > 80)).toEqual([])
        expect(`${text.join('\n')}${html.replace(/<style>[^<]*<\/style>/, '')}`).not.toMatch(
          /NaN|undefined|null|Infinity/,
        )
        expect(htmlMistakes(html)).toEqual([])
      }),
      { numRuns: 300, seed: 20_261_121 },
    )
  })

  test('an empty plot and an empty table are said to be empty, not left out', () => {
    const empty: Page = {
      ...about({ type: 'bars', bars: [] }),
      parts: [{ kind: 'table', title: 'Nothing', columns: [{ name: 'a' }], rows: [] }],
    }

    expect(shownText(pageHtml(empty))).toContain('none')
    expect(pageText(empty, 80).join('\n')).toContain('none')
  })
})
