import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { aucRule, checkOf, failed, gate, lossRule, root } from './checks.ts'
import { checkAbout, HOSTILE } from './hostile.ts'

describe('a terminal', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('is not moved by %j', (_, text) => {
    for (const columns of [80, 120]) {
      const lines = renderTerminal(checkAbout(text), (_style, words) => words, columns)
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(lines.filter((line) => line.length > columns && !line.startsWith('Repeat:'))).toEqual([])
    }
  })

  test('and a check say once what holds several rules', () => {
    const because = 'churn 1.4.0 was not run: it is a Git LFS pointer, not a model. Upload the file itself.'
    const none = { measured: null, because }
    const rules = [aucRule('inconclusive', 0, none), lossRule('inconclusive', none), lossRule('inconclusive')]
    const check = checkOf(root('inconclusive', 'not decided: metrics', [gate('metrics', 'inconclusive', rules)]))
    const shown = renderTerminal(check, (_style, words) => words, 120).join('\n')
    const markdown = renderMarkdown(check)

    for (const text of [shown, markdown]) expect(text.split('was not run').length - 1).toBe(1)
    expect(shown).toMatch(/log_loss against the incumbent: none[\s\S]*\n +As above\.\n/)
    expect(markdown).toContain(`- ? **roc_auc and log_loss against the incumbent:** ${because} `)
    expect(markdown).toContain('- ? **log_loss against the incumbent:** log_loss rose by 0.0051')
  })

  test('is coloured only where it is asked to be', () => {
    const painted = renderTerminal(failed, (style, text) => `<${style}>${text}</${style}>`)

    expect(painted[0]).toMatch(/^<red>✗ Held\.<\/red> fairness/)
    expect(renderTerminal(failed, (_style, text) => text).join('\n')).not.toContain('\u001b')
  })
})
