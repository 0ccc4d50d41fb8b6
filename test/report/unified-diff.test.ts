import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from '../../src/report/unified-diff.ts'

test('an edit is shown with three lines around it, and changes far apart stand in hunks of their own', () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`)
  const before = `${lines.join('\n')}\n`
  const after = before.replace('line 2\n', 'line two\n').replace('line 18\n', 'line 18\nline 18 and a half\n')

  expect(unifiedDiff('a.yml', before, after)).toEqual([
    '--- a/a.yml',
    '+++ b/a.yml',
    '@@ -1,5 +1,5 @@',
    ' line 1',
    '-line 2',
    '+line two',
    ' line 3',
    ' line 4',
    ' line 5',
    '@@ -16,5 +16,6 @@',
    ' line 16',
    ' line 17',
    ' line 18',
    '+line 18 and a half',
    ' line 19',
    ' line 20',
  ])
  expect(unifiedDiff('a.yml', before, before)).toEqual([])
})

test('git apply makes the new text of the old one and the diff, whatever they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-diff-'))
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '', '  d: 1', '-', '+ x', '\\'), { maxLength: 14 })
  try {
    fc.assert(
      fc.property(text, text, fc.boolean(), fc.boolean(), (one, other, hasBreak, hadBreak) => {
        const [before, after] = [
          `${one.join('\n')}${hadBreak && one.length > 0 ? '\n' : ''}`,
          `${other.join('\n')}${hasBreak && other.length > 0 ? '\n' : ''}`,
        ]
        if (before === after || before === '' || after === '') return
        writeFileSync(join(folder, 'a.yml'), before)
        const patch = `${unifiedDiff('a.yml', before, after).join('\n')}\n`
        execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch })
        expect(execFileSync('cat', ['a.yml'], { cwd: folder, encoding: 'utf8' })).toBe(after)
      }),
      { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 60 : 2_000, seed: 5 },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
