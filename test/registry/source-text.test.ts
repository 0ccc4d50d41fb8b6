import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printMistake } from '../../src/registry/mistake.ts'
import { MAX_BYTES, pointerIn, readSourceText } from '../../src/registry/source-text.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const said = (content: Uint8Array | string, mode?: string) => {
  const reading = readSourceText(
    'policies/production.yml',
    typeof content === 'string' ? bytes(content) : content,
    mode,
  )
  return reading.ok ? [] : reading.mistakes.map(printMistake)
}

test('S68: text that shows people something else than it says is refused with its place and code point', () => {
  expect(said('gates:\n  # safe \u202e }{ ereh\n')).toEqual([
    'policies/production.yml:2:10 holds a bidirectional control character U+202E, which shows people another text than parsers read. Delete the character.',
  ])
  expect(said('sex\u200b: 1')).toEqual([
    'policies/production.yml:1:4 holds a zero-width or invisible character U+200B. Delete the character.',
  ])
  expect(said('a: "\u0007"')[0]).toContain('1:5 holds a control character U+0007')
  expect(said('# harmless\rsensitive: []\n')[0]).toContain('carriage return U+000D')
})

test.each([
  0x00, 0x08, 0x0b, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e, 0x2028, 0x2029, 0x202a,
  0x2060, 0x2066, 0x2069, 0x3164, 0xfe0f, 0xe0041, 0xe0100,
])('code point %i is never let through', (codePoint) => {
  expect(said(`model: ch${String.fromCodePoint(codePoint)}urn\n`)).toHaveLength(1)
})

test('words of any language, tabs, Windows line ends and a coloured pictograph are fine', () => {
  expect(said('description: größer, дом, 利率, 👍🏽, ⚠️\r\n\t# ok\n')).toEqual([])
})

test('a file that is not UTF-8 is refused where it stops being so', () => {
  const latin = new Uint8Array([...bytes('owner: a\nunit: gr'), 0xfc, ...bytes('n\n')])
  expect(said(latin)).toEqual(['policies/production.yml:2:9 is not UTF-8 from here on. Save the file as UTF-8.'])
})

test('a byte order mark is refused with the way out', () => {
  expect(said(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes('a: 1')]))[0]).toContain(
    'byte order mark (U+FEFF). Save the file as UTF-8 without BOM',
  )
  expect(said(new Uint8Array([0xff, 0xfe, 0x61, 0]))[0]).toContain('UTF-16')
})

test('a file over 256 KB is refused, one of exactly 256 KB is not', () => {
  expect(said('#'.repeat(MAX_BYTES))).toEqual([])
  expect(said('#'.repeat(MAX_BYTES + 1))[0]).toContain('is 262145 bytes; files of ours hold at most 262144 (256 KB)')
  expect(said('#'.repeat(1 << 20))).toHaveLength(1)
})

test('links and submodules are refused, whatever they hold', () => {
  expect(said('a: 1', '120000')[0]).toContain('is a symbolic link')
  expect(said('a: 1', '160000')[0]).toContain('is a submodule')
  expect(said('a: 1', '100644')).toEqual([])
})

test('S68: Git LFS and DVC pointers are called by their names', () => {
  const lfs = 'version https://git-lfs.github.com/spec/v1\noid sha256:21df\nsize 169719\n'
  const dvc = 'outs:\n- md5: 6e1d2d5b\n  size: 14445097\n  path: data.parquet\n'
  expect([pointerIn(lfs), pointerIn(dvc), pointerIn('model: churn\n')]).toEqual(['Git LFS', 'DVC', null])
  expect(said(lfs)[0]).toContain('is a Git LFS pointer, not the file. Commit the file itself')
  expect(said(dvc)[0]).toContain('is a DVC pointer')
})

test('any bytes either become a text or say why not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (content) => {
      const reading = readSourceText('x.yml', content)
      if (reading.ok) expect(bytes(reading.text)).toEqual(content)
      else expect(reading.mistakes.length).toBeGreaterThan(0)
    }),
  )
})
