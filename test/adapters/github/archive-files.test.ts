import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { archiveFiles } from '../../../src/adapters/github/archive-files.ts'

const MB = 2 ** 20
const bytes = (text: string) => new TextEncoder().encode(text)
const zip = (files: Readonly<Record<string, string>>) =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)]))))
const textsOf = (archive: Buffer, maxBytes = MB) =>
  Object.fromEntries(
    [...archiveFiles('it', archive, maxBytes)].map(([name, file]) => [name, Buffer.from(file).toString()]),
  )

/** The same archive with one place of its directory overwritten. */
function forged(archive: Buffer, offset: number, write: (at: Buffer, offset: number) => void): Buffer {
  const copy = Buffer.from(archive)
  write(copy, copy.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + offset)
  return copy
}

test('an archive is unpacked file by file, packed or stored; folders are no files', () => {
  const files = { 'proposal.json': '{"a": 1}\n', 'deep/er/é.txt': 'x'.repeat(5000) }
  expect(textsOf(zip(files))).toEqual(files)
  const stored = zipSync({ 'a.txt': bytes('a') }, { level: 0 })
  expect(textsOf(Buffer.from(stored))).toEqual({ 'a.txt': 'a' })
  expect(textsOf(Buffer.from(zipSync({ folder: { 'a.txt': bytes('a') }, empty: {} })))).toEqual({ 'folder/a.txt': 'a' })
  expect(textsOf(Buffer.from(zipSync({})))).toEqual({})
})

test('a path that leads out, is no path, or stands there twice is refused', () => {
  const bad = ['../a', 'a/../b', '/etc/passwd', 'a\\b', 'C:a', 'a//b', './a', 'a\u0000b', 'a\nb', '..', '\u202ea']
  for (const name of bad) expect(() => textsOf(zip({ [name]: 'x' })), name).toThrow('holds a path that is refused')
  expect(() => textsOf(zip({ [`${'a/'.repeat(150)}a`]: 'x' }))).toThrow('holds a path of 301 bytes')
  const twice = zip({ 'a.txt': 'one', 'b.txt': 'two' })
  const second = twice.lastIndexOf('b.txt')
  twice.write('a.txt', second)
  expect(() => textsOf(twice)).toThrow('holds a path that is refused: "a.txt"')
  const link = forged(zip({ a: '/etc/passwd' }), 38, (at, offset) => at.writeUInt32LE(0o120777 * 65_536, offset))
  expect(() => textsOf(link)).toThrow('is refused')
  const encrypted = forged(zip({ a: 'x' }), 8, (at, offset) => at.writeUInt16LE(1, offset))
  expect(() => textsOf(encrypted)).toThrow('is refused')
})

test('a bomb is not unpacked: neither one that says how large it is, nor one that lies', () => {
  const bomb = zip({ 'zeros.bin': '\0'.repeat(8 * MB) })
  expect(bomb.length).toBeLessThan(MB / 10)
  expect(() => textsOf(bomb)).toThrow('larger than the limit of 1048576 bytes')

  const liar = forged(bomb, 24, (at, offset) => at.writeUInt32LE(10, offset))
  // unpacking stops at the eleventh byte
  const tooLarge = expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' })
  expect(() => textsOf(liar)).toThrow(expect.objectContaining({ name: 'Unavailable', cause: tooLarge }))

  const many = zip(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}`, ''])))
  expect(() => textsOf(many)).toThrow('more than 1000 files')
})

test('whatever is cut, turned or made up is refused, and never a crash or half a file', () => {
  const archive = zip({ 'proposal.json': '{"digest": "abc"}\n', b: 'second'.repeat(100) })
  const whole = JSON.stringify(textsOf(archive))
  for (let at = 0; at < archive.length; at++) {
    for (const broken of [
      archive.subarray(0, at),
      Buffer.concat([archive.subarray(0, at), archive.subarray(at + 1)]),
    ]) {
      expect(() => textsOf(broken)).toThrow(
        expect.objectContaining({ name: expect.stringMatching(/Unavailable|TooLarge/) }),
      )
    }
    const turned = Buffer.from(archive)
    turned[at] = (turned[at] ?? 0) ^ 0xff
    try {
      // what does not matter to the files may be anything: times, versions, names that are plain too
      const read = Object.values(textsOf(turned))
      expect(read.every((text) => whole.includes(JSON.stringify(text).slice(1, -1)))).toBe(true)
    } catch (error) {
      expect(error).toMatchObject({ name: expect.stringMatching(/Unavailable|TooLarge/) })
    }
  }
})
