import { expect, test } from 'vitest'
import { readsAtOnce } from '../../../src/adapters/checkout/reads-at-once.ts'
import type { Snapshot } from '../../../src/ports.ts'

/** A snapshot of files a.yml ... z.yml that tells what it was asked for, and cannot read a path of "\0". */
function counted() {
  const asked: (readonly string[])[] = []
  const snapshot: Snapshot = {
    repository: 'here',
    sha: 'a'.repeat(40),
    list: async () => [],
    read: async (paths) => {
      asked.push(paths)
      if (paths.some((path) => path.includes('\0'))) throw new Error('no such path can be')
      const there = paths.filter((path) => /^[a-z]\.yml$/.test(path))
      return new Map(there.map((path) => [path, { bytes: new TextEncoder().encode(path), mode: '100644' }]))
    },
  }
  return { asked, read: readsAtOnce(snapshot).read }
}

test('files that are asked for in one turn are one read of Git, and everybody gets only his own', async () => {
  const { asked, read } = counted()

  const [one, two, none] = await Promise.all([read(['a.yml']), read(['b.yml', 'a.yml', 'B.yml']), read(['A.yml'])])
  const later = await read(['c.yml'])

  expect(asked).toEqual([['a.yml', 'b.yml', 'B.yml', 'A.yml'], ['c.yml']])
  expect([one, two, none, later].map((files) => [...files.keys()])).toEqual([
    ['a.yml'],
    ['a.yml', 'b.yml'],
    [],
    ['c.yml'],
  ])
})

test('a path that cannot be read fails alone', async () => {
  const { read } = counted()

  const [good, bad] = await Promise.allSettled([read(['a.yml']), read(['\0'])])

  expect(good.status).toBe('fulfilled')
  expect(bad).toMatchObject({ status: 'rejected', reason: new Error('no such path can be') })
})
