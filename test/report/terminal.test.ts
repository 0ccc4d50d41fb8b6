import { describe, expect, test } from 'vitest'
import { renderTerminal } from '../../src/report/terminal.ts'
import { failed } from './checks.ts'
import { checkAbout, HOSTILE } from './hostile.ts'

describe('a terminal', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('is not moved by %j', (_, text) => {
    for (const columns of [80, 120]) {
      const lines = renderTerminal(checkAbout(text), (_style, words) => words, columns)
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(lines.filter((line) => line.length > columns && !line.startsWith('Repeat:'))).toEqual([])
    }
  })

  test('is coloured only where it is asked to be', () => {
    const painted = renderTerminal(failed, (style, text) => `<${style}>${text}</${style}>`)

    expect(painted[0]).toMatch(/^<red>✗ Held\.<\/red> fairness/)
    expect(renderTerminal(failed, (_style, text) => text).join('\n')).not.toContain('\u001b')
  })
})
