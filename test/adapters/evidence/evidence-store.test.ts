import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { engineName, engineVersion } from '../../../src/adapters/evidence/engine-version.ts'
import { evidenceKey } from '../../../src/adapters/evidence/evidence-key.ts'
import { type EvidenceStore, openEvidence } from '../../../src/adapters/evidence/evidence-store.ts'
import { localSealKey, sealKey } from '../../../src/adapters/evidence/seal-key.ts'
import { openStore } from '../../../src/adapters/store/store.ts'
import { openStoreHere } from '../../support/store-here.ts'

const run = promisify(execFile)
const OURS = sealKey(new Uint8Array(32).fill(1))
const THEIRS = sealKey(new Uint8Array(32).fill(2))
const KEY = evidenceKey({ engine: engineVersion(), request: { kind: 'metrics', metric: 'roc_auc' } })
const OTHER = evidenceKey({ engine: engineVersion(), request: { kind: 'metrics', metric: 'accuracy' } })
const DOCUMENT = { roc_auc: 0.91, rows: 8000, because: null, nested: [{ text: '"seal":{"key_id":"x"}' }] }

let folder: string
let evidence: EvidenceStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weighbridge-evidence-'))
  evidence = openEvidence({ folder, seal: OURS })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const fileOf = (key: string) => join(folder, 'evidence', key.slice(0, 2), `${key}.json`)
function plant(key: string, text: string): void {
  mkdirSync(join(folder, 'evidence', key.slice(0, 2)), { recursive: true })
  writeFileSync(fileOf(key), text)
}

test('what was weighed once is read back, and what was not is absent', async () => {
  expect(await evidence.get(KEY)).toEqual({ status: 'absent' })
  await evidence.put(KEY, DOCUMENT)
  expect(await evidence.get(KEY)).toEqual({ status: 'sealed', document: DOCUMENT })
  expect(await evidence.get(OTHER)).toEqual({ status: 'absent' })
})

test('weighing twice writes the same bytes, whatever order the keys were in', async () => {
  await evidence.put(KEY, { b: 1, a: { d: 2, c: 3 } })
  const first = readFileSync(fileOf(KEY), 'utf8')
  await evidence.put(KEY, { a: { c: 3, d: 2 }, b: 1 })
  expect(readFileSync(fileOf(KEY), 'utf8')).toBe(first)
  expect(first).toMatch(/,"seal":\{"key_id":"[0-9a-f]{16}","mac":"[0-9a-f]{64}"\}\}\n$/)
})

test('evidence that somebody planted under the right key is not ours', async () => {
  const planted: readonly [string, string][] = [
    ['{"document":{"roc_auc":0.99}}\n', 'it has no seal'],
    ['{}', 'it has no seal'],
    ['', 'it has no seal'],
    ['not JSON at all', 'it has no seal'],
    [
      `{"document":{"roc_auc":0.99},"seal":{"key_id":"${OURS.key_id}","mac":"${'0'.repeat(64)}"}}\n`,
      'its seal is wrong',
    ],
  ]
  for (const [text, because] of planted) {
    plant(KEY, text)
    expect(await evidence.get(KEY)).toEqual({ status: 'not-ours', because })
  }
  await openEvidence({ folder, seal: THEIRS }).put(KEY, { roc_auc: 0.99 })
  expect(await evidence.get(KEY)).toEqual({ status: 'not-ours', because: 'its seal names a key that is not ours' })
})

test('a link or something huge under the right key is not ours, and is not read', async () => {
  mkdirSync(join(folder, 'evidence', KEY.slice(0, 2)), { recursive: true })
  symlinkSync('/proc/self/environ', fileOf(KEY))
  expect(await evidence.get(KEY)).toMatchObject({
    status: 'not-ours',
    because: expect.stringContaining('leaves the folder'),
  })
  rmSync(fileOf(KEY))
  plant(KEY, '')
  truncateSync(fileOf(KEY), 65 * 2 ** 20)
  expect(await evidence.get(KEY)).toMatchObject({
    status: 'not-ours',
    because: expect.stringContaining('larger than the limit'),
  })
})

test('our own evidence moved under another key is not ours', async () => {
  await evidence.put(KEY, DOCUMENT)
  plant(OTHER, readFileSync(fileOf(KEY), 'utf8'))
  expect(await evidence.get(OTHER)).toEqual({ status: 'not-ours', because: 'its seal is wrong' })
})

test('any changed byte of the file breaks the seal', async () => {
  await evidence.put(KEY, DOCUMENT)
  const whole = readFileSync(fileOf(KEY))
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole)
    changed[at] = changed[at]! ^ 1
    writeFileSync(fileOf(KEY), changed)
    expect((await evidence.get(KEY)).status).toBe('not-ours')
  }
})

test('after a change of keys the old seals still verify and the new key signs', async () => {
  await evidence.put(KEY, DOCUMENT)
  const rotated = openEvidence({ folder, seal: [THEIRS, OURS] })
  expect((await rotated.get(KEY)).status).toBe('sealed')
  await rotated.put(OTHER, DOCUMENT)
  expect(readFileSync(fileOf(OTHER), 'utf8')).toContain(THEIRS.key_id)
})

test('scores come back bit for bit, missing ones too', async () => {
  const score = Float64Array.of(0.1, 1 / 3, Number.NaN, -0, Number.MIN_VALUE, Number.POSITIVE_INFINITY)
  await evidence.put(KEY, { score, codes: Int32Array.of(-1, 2 ** 31 - 1) })
  const found = (await evidence.get(KEY)) as { document: { score: Float64Array; codes: Int32Array } }
  expect(found.document).toEqual({ score, codes: Int32Array.of(-1, 2 ** 31 - 1) })
  expect(Object.is(found.document.score[3], -0)).toBe(true)
  expect(readFileSync(fileOf(KEY), 'utf8')).toContain('"$float64":"mpmZmZmZuT9VVVVVVVXVPwAAAAAAAPh/')
})

test('a number that is not finite is refused outside an array of scores, and nothing is written', async () => {
  await expect(evidence.put(KEY, { roc_auc: Number.NaN })).rejects.toThrow('NaN has no JSON form')
  expect(await evidence.get(KEY)).toEqual({ status: 'absent' })
})

test('a key that is no digest never becomes a path', async () => {
  for (const key of ['../../etc/passwd', '', KEY.slice(1), `${KEY}/..`])
    await expect(evidence.get(key)).rejects.toThrow('64 hexadecimal digits')
})

test('many writers at once leave one whole document and no scraps', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, writer) => evidence.put(KEY, { writer, padding: 'x'.repeat(50_000) })),
  )
  expect((await evidence.get(KEY)).status).toBe('sealed')
  expect(readdirSync(join(folder, 'evidence', KEY.slice(0, 2)))).toEqual([`${KEY}.json`])
})

test('evidence in a bucket is read and sealed in the same way', async () => {
  const server = await openStoreHere({ buckets: ['acme-weighbridge'] })
  onTestFinished(server.close)
  const store = openStore({ root: folder, prefixes: ['s3://acme-weighbridge/evidence'] })
  const remote = openEvidence({ store, prefix: 's3://acme-weighbridge/evidence', seal: OURS })
  await remote.put(KEY, DOCUMENT)
  expect(await remote.get(KEY)).toEqual({ status: 'sealed', document: DOCUMENT })
  expect([...server.objects.keys()]).toEqual([`acme-weighbridge/evidence/${KEY.slice(0, 2)}/${KEY}.json`])
})

test('the key of a checkout is made once, for its owner alone, even by several processes at once', async () => {
  const source = new URL('../../../src/adapters/evidence/seal-key.ts', import.meta.url).href
  const script = `import { localSealKey } from ${JSON.stringify(source)}; console.log(localSealKey(process.argv[1]).key_id)`
  const made = Array.from({ length: 3 }, () => run(process.execPath, ['--input-type=module', '-e', script, folder]))
  const ids = (await Promise.all(made)).map(({ stdout }) => stdout.trim())
  const key = localSealKey(folder)
  expect(new Set([...ids, key.key_id]).size).toBe(1)
  expect(key.key).toHaveLength(32)
  expect(statSync(join(folder, 'weighbridge/seal.key')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'weighbridge'))).toEqual(['seal.key'])
  expect(localSealKey(mkdtempSync(join(folder, 'other-'))).key_id).not.toBe(key.key_id)
})

test('a file that is too short to be a key is refused rather than used', async () => {
  mkdirSync(join(folder, 'weighbridge'))
  writeFileSync(join(folder, 'weighbridge/seal.key'), randomBytes(5))
  expect(() => localSealKey(folder)).toThrow('32 bytes or more, this one 5')
})

test('the engine is named with its version, and scores with the processor family, too', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  expect(engineVersion()).toBe(`weighbridge ${version}`)
  expect(engineName()).toBe(`weighbridge ${version} ${process.arch}`)
})
