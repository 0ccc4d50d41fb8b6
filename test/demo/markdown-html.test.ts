import { expect, test } from 'vitest'
import { markdownHtml } from '../../src/demo/markdown-html.ts'

test('what our checks are written in becomes HTML: lists, tables, folds, fences, bold, code, links', () => {
  const html = markdownHtml(
    [
      '**✗ Held.** It is `unfair`',
      '',
      '- one [`a:1`](http://localhost/a#L1)',
      '',
      '| rule | limit |',
      '| --- | --- |',
      '| a\\|b | at most 1 |',
      '',
      '<details><summary>rate by sex</summary>',
      '',
      '```text',
      'Female  ├●┤',
      '```',
      '',
      '</details>',
    ].join('\n'),
  )

  expect(html).toContain('<p><strong>✗ Held.</strong> It is <code>unfair</code></p>')
  expect(html).toContain('<li>one <a href="http://localhost/a#L1"><code>a:1</code></a></li>')
  expect(html).toContain('<tr><td>a|b</td><td>at most 1</td></tr>')
  expect(html).toContain('<details><summary>rate by sex</summary>')
  expect(html).toContain('<pre>Female  ├●┤</pre>')
})

test.each([
  '<script>alert(1)</script>',
  '- <img src=x onerror=alert(1)>',
  '| <b>x</b> |\n| --- |\n| "onload=1 |',
  '<details><summary><svg onload=1></summary>',
  '<details><summary><code><svg onload=1></code></summary>',
  '[x](javascript:alert(1))',
  '[x](http://a"onmouseover="alert(1))',
  '```text\n<script>\n```',
  '`<script>`',
  '**<script>**',
  '\\<script>',
])('nothing that a comment says becomes markup: %j', (text) => {
  const tags = [...markdownHtml(text).matchAll(/<\/?([a-z]+)([^>]*)>/g)].map(([, name = '', rest = '']) => ({
    name,
    rest,
  }))
  const known = [
    'p',
    'ul',
    'li',
    'div',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'pre',
    'code',
    'strong',
    'details',
    'summary',
    'a',
  ]

  expect(tags.filter(({ name }) => !known.includes(name))).toEqual([])
  expect(tags.filter(({ rest }) => /on\w+=|javascript:/.test(rest.replace(/"[^"]*"/g, '')))).toEqual([])
})

test('text of any kind comes to an end', () => {
  for (const text of [
    '',
    '```',
    '|',
    '-',
    '- ',
    '<',
    '`',
    '**',
    '[',
    '\\',
    '</details>',
    '    ',
    'a\n```\nb',
    '`````x`',
  ])
    expect(markdownHtml(text)).toBeTypeOf('string')
})
