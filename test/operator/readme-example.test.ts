import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operatorKind } from '../../src/operator/operator-file.ts'
import { readFile } from '../../src/registry/file-kind.ts'

test('the operator’s file that the README shows is one', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, text = ''] = /<!-- operator -->\n```yaml\n([\s\S]+?)\n```/.exec(readme) ?? []

  expect(readFile(operatorKind, 'operator.yml', text)).toMatchObject({ ok: true })
})
