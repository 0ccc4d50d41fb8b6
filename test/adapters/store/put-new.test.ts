import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/adapters/store/store.ts'
import type { ObjectStore } from '../../../src/ports.ts'
import { STORE_KEY } from '../../../src/world/store/open-store.ts'
import type { StoreServer } from '../../../src/world/store/store-server.ts'
import { openStoreHere } from '../../support/store-here.ts'

let root: string
let server: StoreServer

beforeAll(async () => {
  server = await openStoreHere({ buckets: ['acme'], keys: [{ ...STORE_KEY, allows: ['acme/'] }] })
})
afterAll(() => server.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weighbridge-put-new-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

describe.each([
  { kind: 'file', base: 'file:evidence/' },
  { kind: 's3', base: 's3://acme/evidence/' },
])('the $kind store, writing what must not be there yet', ({ base }) => {
  let store: ObjectStore
  beforeEach(() => {
    store = openStore({ root, prefixes: [base.replace(/\/$/, '')] })
    server.objects.clear()
  })

  test('writes once, and leaves what is there as it is', async () => {
    expect(await store.putNew(`${base}ledger/1.json`, bytes('first'))).toBe('written')
    expect(await store.putNew(`${base}ledger/1.json`, bytes('second'))).toBe('exists')
    expect(await store.get(`${base}ledger/1.json`)).toEqual(bytes('first'))
  })

  test('what `put` wrote is there, too', async () => {
    await store.put(`${base}x`, bytes('put'))
    expect(await store.putNew(`${base}x`, bytes('new'))).toBe('exists')
  })

  test('of fifty writers at once exactly one hears that it wrote, and its bytes are there (S38)', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, writer) => store.putNew(`${base}race`, bytes(`writer ${writer}`))),
    )

    const winner = answers.indexOf('written')
    expect(answers.filter((answer) => answer === 'written')).toHaveLength(1)
    expect(await store.get(`${base}race`)).toEqual(bytes(`writer ${winner}`))
    expect((await store.list(base)).map(({ uri }) => uri)).toEqual([`${base}race`])
  })

  test('outside the prefixes nothing is written', async () => {
    for (const uri of [`${base}../x`, `${base.replace('evidence', 'other')}x`])
      await expect(store.putNew(uri, bytes('x'))).rejects.toThrow(/outside the prefixes/)
  })
})

test('a link in the place of a file is there: nothing is written behind it', async () => {
  const store = openStore({ root, prefixes: ['file:evidence'] })
  await store.put('file:evidence/a', bytes('a'))
  symlinkSync(join(root, 'outside'), join(root, 'evidence/link'))

  expect(await store.putNew('file:evidence/link', bytes('x'))).toBe('exists')
  expect(readdirSync(root)).toEqual(['evidence'])
})
