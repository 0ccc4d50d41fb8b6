import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { escapeMarkdown } from '../../src/report/markdown-text.ts'
import { aucRule, checkOf, columns, failed, gate, root } from './checks.ts'
import { checkAbout, HOSTILE } from './hostile.ts'

/** In an HTML element Markdown has no marks; what GitHub looks for afterwards it still finds. */
function inSummary(words: string): string {
  return words.replace(/<code>.*?<\/code>/g, '').replace(/[[\]`]/g, '')
}

/** Markdown without what GitHub leaves alone: code spans and fenced blocks. */
function prose(markdown: string): string {
  return markdown
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replace(/<summary>(.*)<\/summary>/g, (_, words: string) => `<summary>${inSummary(words)}</summary>`)
}

describe.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('%j as a name', (_, text) => {
  const markdown = renderMarkdown(checkAbout(text))
  const plain = prose(markdown)

  test('mentions, refers to and links to nobody', () => {
    expect(plain).not.toMatch(/@[a-z0-9]|#\d|\bGH-\d|\bGHSA-|:\/\/|www\.|:[a-z+][a-z0-9_+-]*:|\$/i)
    expect(plain).not.toMatch(/(^|[^0-9a-z])[0-9a-f]{7,40}([^0-9a-z]|$)/i)
    expect(plain).not.toMatch(/(?<!\\)\]\(/)
  })

  test('is no HTML of its own, and closes nothing', () => {
    const tags = plain.match(/(?<!\\)<[a-z!/?][^>]*>/gi) ?? []
    expect(new Set(tags)).toEqual(new Set(['<details>', '<summary>', '</summary>', '</details>']))
    expect(tags.filter((tag) => tag === '<details>').length).toBe(tags.filter((tag) => tag === '</details>').length)
  })

  test('stays one line, in one cell', () => {
    const rows = markdown.split('\n').filter((line) => line.startsWith('| '))
    const cells = (row: string) => [...row.replace(/\\[\s\S]/g, '').matchAll(/\|/g)].length - 1
    expect(rows.map(cells)).toEqual([6, 6, 6, 5, 5, 5, 5, 2, 2, 2])
    expect(markdown).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
    expect(markdown.isWellFormed()).toBe(true)
  })
})

describe('with the parser that GitHub uses', () => {
  const cmark = (markdown: string) =>
    spawnSync('cmark-gfm', ['-e', 'table', '-e', 'autolink', '-e', 'strikethrough', '--unsafe'], {
      input: markdown,
      encoding: 'utf8',
    })
  const isThere = cmark('').status === 0

  test.skipIf(!isThere).each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('%j is text', (_, text) => {
    const html = cmark(renderMarkdown(checkAbout(text))).stdout
    expect(html).not.toMatch(/<(a|img|script|h1|blockquote|hr|del|em|input|ol)\b/)
    expect(html.match(/<table>/g)?.length).toBe(3)
    expect(html.match(/<details>/g)?.length).toBe(3)
  })

  test.skipIf(!isThere)('what people read is what was written', () => {
    const texts = [
      'roc_auc 0.9112 rose by 0.0131 [0.009, 0.017]',
      '1.2.0 -> 1.3.0',
      'age < 25 && plan == "a|b"',
      'R&D, 50 % & more',
      'a*b_c_ ~x~ \\ {y}',
    ]
    for (const text of texts) {
      const html = cmark(escapeMarkdown(text)).stdout
      expect(unescaped(html)).toBe(`<p>${text}</p>\n`)
    }
  })
})

function unescaped(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

describe('ordinary text', () => {
  test('reads the same raw: names, numbers, versions, intervals, expressions', () => {
    for (const text of [
      'roc_auc 0.9112',
      '1.2.0 -> 1.3.0',
      'recall (age < 25) is 4.5 %',
      'at least 0.88',
      'an R&D thing: fine.',
    ])
      expect(escapeMarkdown(text)).toBe(text)
    expect(escapeMarkdown('rose by 0.0131 [0.009, 0.017] against 1.3.0')).toBe(
      'rose by 0.0131 [0.009, 0.017] against 1.3.0',
    )
  })

  test('an address stands as code, so that it is no link', () => {
    expect(escapeMarkdown('(file:store/churn/1.4.0/model.onnx)')).toBe('(`file:store/churn/1.4.0/model.onnx`)')
    expect(escapeMarkdown('s3://acme/a|b', 'cell')).toBe('`s3://acme/a\\|b`')
  })

  test('an example of its documentation', () => {
    expect(escapeMarkdown('roc_auc of @org/all is *good*')).toBe('roc_auc of `@org/all` is \\*good\\*')
  })
})

describe('the limit', () => {
  const many = (count: number) =>
    checkOf(
      root('failed', 'metrics: many rules fail.', [
        gate('drift', 'passed', [], { exhibits: [columns] }),
        gate(
          'metrics',
          'passed',
          Array.from({ length: count }, (_, index) => aucRule('passed', 0.9, { title: `kept ${index}` })),
        ),
        gate(
          'fairness',
          'failed',
          Array.from({ length: 30 }, (_, index) => aucRule('failed', 0.5, { title: `broken ${index}` })),
        ),
      ]),
    )

  test('is kept, in characters and in bytes; what holds and the footer stay (C27)', () => {
    const markdown = renderMarkdown(many(5000))

    expect(new TextEncoder().encode(markdown).length).toBeLessThanOrEqual(65_535)
    for (let index = 0; index < 30; index++) expect(markdown).toContain(`| broken ${index} |`)
    expect(markdown).toMatch(/\d+ more lines do not fit here\./)
    expect(markdown).toContain('Repeat it: `npx weighbridge check')
    expect(markdown.split('\n')[0]).toBe('**✗ Held.** metrics: many rules fail.')
  })

  test('is kept however small it is', () => {
    const checks = fc.constantFrom(failed, many(50), ...HOSTILE.slice(-6).map(checkAbout))
    fc.assert(
      fc.property(checks, fc.integer({ min: 400, max: 9000 }), (check, longest) => {
        const markdown = renderMarkdown(check, longest)
        expect(new TextEncoder().encode(markdown).length).toBeLessThanOrEqual(longest)
        expect(markdown).toContain('Held')
      }),
      { numRuns: 150 },
    )
  })

  test('what is cut says so', () => {
    expect(renderMarkdown(failed, 1500)).toMatch(/more (parts|lines|part|line) do(es)? not fit here/)
    expect(renderMarkdown(failed)).not.toContain('not fit here')
  })
})
