import { describe, expect, test } from 'vitest'
import type { CheckDocument } from '../../src/report/check-document.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { failed, inconclusive, nothing, passed, several } from './checks.ts'
import { expectGolden } from './golden.ts'

const stories: readonly (readonly [string, string, CheckDocument])[] = [
  ['a promotion that passes', 'passed', passed],
  ['a promotion that fairness holds', 'failed', failed],
  ['a promotion that nobody can decide yet', 'inconclusive', inconclusive],
  ['two promotions, of which one fails', 'several', several],
  ['a change with nothing of ours', 'nothing', nothing],
]

describe.each(stories)('%s', (_, name, check) => {
  test('reads like this on GitHub', () => expectGolden(`${name}.md`, `${renderMarkdown(check)}\n`))
  test('reads like this in a wide terminal', () => expectGolden(`${name}.txt`, terminal(check, 100)))
  test('reads like this in a narrow terminal', () => expectGolden(`${name}-80.txt`, terminal(check, 80)))
  test('reads like this on its page', () => expectGolden(`${name}.html`, renderHtml(check)))
})

function terminal(check: CheckDocument, columns: number): string {
  const lines = renderTerminal(check, (_, text) => text, columns)
  const tooWide = lines.filter((line) => line.length > columns && !line.startsWith('Repeat:'))
  expect(tooWide).toEqual([])
  return `${lines.join('\n')}\n`
}
