import { finding } from '../../src/gates/finding.ts'
import type { CheckDocument } from '../../src/report/check-document.ts'
import { aucRule, checkOf, gate, groupRow, groups, promotion } from './checks.ts'

/** Texts that somebody could put into a name, a value or a reason, to be more than text where it is shown. */
export const HOSTILE: readonly string[] = [
  '@org/all',
  'ping @octocat please',
  '<!-- marker -->',
  '</details><h1>big</h1>',
  '<script>alert(1)</script>',
  'a | b | c',
  'a \\| b',
  '`x\\|y`',
  '![pixel](https://evil.example/p.png)',
  '[click](javascript:alert(1))',
  '[ref]: https://evil.example',
  'https://evil.example/x and www.evil.example',
  'someone@evil.example',
  'fixes #123 and GH-12 in acme/models#7',
  'see 4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  'GHSA-gppm-hq3p-h4rp',
  ':x: :+1: :100:',
  '$$\\frac{a}{b}$$ and $`x`$',
  ['{{ secret }} $', '{{ github.token }} {% raw %}'].join(''),
  '$& $1 $` %s %n',
  '# heading',
  '- item',
  '1. first',
  '> quote',
  '---',
  '```\nfence',
  '~~~ struck ~~~ **bold** __bold__ *it* _it_',
  '\u202Egnp.exe\u2069 \u200Bzero\u0000nul',
  '\u001b[2J\u001b[31mred\u0007',
  'line one\nline two\r\nline three',
  '&lt;b&gt; &#64;org',
  'a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  '\uD800 lone',
  'x'.repeat(100_000),
  '|'.repeat(3000),
  '`'.repeat(500),
]

/** A check in which one text stands wherever a text can stand. */
export function checkAbout(text: string): CheckDocument {
  const rule = aucRule('failed', 0.5, {
    title: text,
    because: text,
    flips: text,
    place: { path: text, line: 1, column: 1 },
  })
  const note = finding('lineage', text, 'failed', text, { flips: text })
  const exhibits = [
    groups([groupRow(text, 100, 0.5), groupRow('Male', 100, 0.4)]),
    {
      kind: 'columns' as const,
      threshold: 0.1,
      columns: [{ column: text, score: 0.2, threshold: 0.1, is_drifted: true, note: text }],
    },
    { kind: 'table' as const, title: text, header: [text, 'b'], rows: [[text, text]] },
  ]
  const children = [
    gate('metrics', 'failed', [rule, note], { exhibits, because: text }),
    finding(text, text, 'skipped', text),
  ]
  return checkOf(finding('weighbridge', text, 'failed', text, { children }), {
    changes: [promotion({ model: text, path: text })],
    repeat: `npx weighbridge check --base ${text}`,
    not_asked: [text],
    warnings: [{ code: 'w', message: text }],
    engine: text,
  })
}
