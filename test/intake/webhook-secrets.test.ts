import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimedDigest, isSigned } from '../../src/intake/signature.ts'
import { openSecrets } from '../../src/intake/webhook-secrets.ts'
import { signatureOf } from './support.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([undefined, '', '  \n ', 'development', 'good one\ndevelopment'])(
  'the app does not start with the webhook secret %j, and says where to get one (S04)',
  (value) => {
    expect(() => openSecrets({ value })).toThrow(/^WEBHOOK_SECRET: .*(Set the one|Set a random one)/)
  },
)

test('a file with no secret in it is refused at the start, by its name (S04)', () => {
  const file = join(folder, 'secret')
  writeFileSync(file, '\n')

  expect(() => openSecrets({ file })).toThrow(`WEBHOOK_SECRET_FILE ${file}: there is no webhook secret`)
})

test('a secret is rotated without a restart: while both stand in the file, both verify', () => {
  const file = join(folder, 'secret')
  const rotate = (text: string) => {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
  let ms = 0
  writeFileSync(file, 'the old one')
  const secrets = openSecrets({ file }, () => ms)
  expect(secrets()).toEqual(['the old one'])

  rotate('the new one\nthe old one\n')
  expect(secrets()).toEqual(['the old one'])
  ms += 5000
  expect(secrets()).toEqual(['the new one', 'the old one'])

  for (const broken of ['', 'development']) {
    rotate(broken)
    ms += 5000
    expect(secrets()).toEqual(['the new one', 'the old one'])
  }
  rotate('the new one')
  ms += 5000
  expect(secrets()).toEqual(['the new one'])
})

test('a signature holds for the exact bytes and for every secret, and for nothing else (S01)', () => {
  const body = [Buffer.from('{"a":'), Buffer.from('1}')]
  const signed = claimedDigest(signatureOf('{"a":1}', 'old'))!

  expect(isSigned(body, signed, ['new', 'old'])).toBe(true)
  expect(isSigned(body, signed, ['new'])).toBe(false)
  expect(isSigned(body, signed, [])).toBe(false)
  expect(isSigned([Buffer.from('{"a":1} ')], signed, ['old'])).toBe(false)
  for (const header of [undefined, '', 'sha1=abc', `sha256=${'a'.repeat(63)}`, `sha256=${'G'.repeat(64)}`, ['x']])
    expect(claimedDigest(header)).toBe(null)
})

test('signatures and tokens are compared in constant time, never with == (S05)', async () => {
  for (const file of ['signature.ts', 'health-routes.ts']) {
    const text = await readFile(new URL(`../../src/intake/${file}`, import.meta.url), 'utf8')
    expect(text).toContain('timingSafeEqual(')
    expect(text).not.toMatch(/(digest|token|claimed)[\w.()]* ?[!=]==? ?['`(]?(Bearer|claimed|digest)/i)
  }
})
