import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  commitAll,
  initRepository,
  type NewFile,
  startBranch,
  writeFiles,
} from '../../src/adapters/checkout/new-repository.ts'
import { MANIFEST_PATH, manifestText, registryFiles, storeFiles } from '../../src/demo/adult-registry.ts'
import { checkCheckout } from '../../src/jobs/check-checkout.ts'
import { STORE_ENVIRONMENT, type StoreServer } from '../../src/world/store/store-server.ts'
import { openStoreHere } from '../support/store-here.ts'

const NOW = '2026-11-18T10:00:00Z'
const LOCAL = 'file:.weighbridge/store'
const BUCKET = 's3://weighbridge-models/registry'

let server: StoreServer
let folder: string

/** The demo's registry with every URI in a bucket, and nothing of the store in the checkout. */
beforeAll(async () => {
  server = await openStoreHere()
  folder = mkdtempSync(join(tmpdir(), 'weighbridge-s3-'))
  for (const { path, content } of await storeFiles())
    server.objects.set(path.replace('.weighbridge/store', 'weighbridge-models/registry'), Buffer.from(content))
  await initRepository(folder)
  await writeFiles(folder, (await registryFiles()).map(inBucket))
  await commitAll(folder, 'registry in a bucket')
  await startBranch(folder, 'promote', 'main')
  await writeFiles(folder, [inBucket({ path: MANIFEST_PATH, content: manifestText('1.1.0') })])
  await commitAll(folder, 'promote 1.1.0')
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function inBucket({ path, content }: NewFile): NewFile {
  return { path, content: typeof content === 'string' ? content.replaceAll(LOCAL, BUCKET) : content }
}

function check() {
  return checkCheckout({ folder, base: 'main', head: 'promote', now: NOW, skip: [], progress: () => undefined })
}

test('a registry whose artifacts and tables lie in a bucket is weighed like any other', async () => {
  const { verdict } = await check()

  expect(verdict.because).toBe('6 gates passed, approvals not asked here.')
  expect(server.requests.some((request) => request.includes('adult/1.1.0/model.onnx'))).toBe(true)
})

test('weighed again from evidence, only the artifact is fetched: its bytes are hashed every time', async () => {
  await check()
  server.requests.length = 0

  const { verdict } = await check()

  expect(verdict.status).toBe('passed')
  expect(server.requests.map((request) => request.split('/').slice(-2).join('/'))).toEqual(['1.1.0/model.onnx'])
})

test('bytes that were changed in the bucket after the evidence was made hold the promotion, both digests shown', async () => {
  await check()
  const key = 'weighbridge-models/registry/adult/1.1.0/model.onnx'
  const sound = server.objects.get(key)
  const changed = Buffer.from(sound ?? [])
  changed[100]! ^= 1
  server.objects.set(key, changed)

  const { verdict } = await check()
  server.objects.set(key, sound ?? Buffer.alloc(0))

  const integrity = verdict.children.find((gate) => gate.gate === 'integrity')
  expect(verdict.status).toBe('failed')
  expect(integrity?.because).toMatch(/sha256:[0-9a-f]{64}.*sha256:[0-9a-f]{64}/s)
})

test('a store that does not answer is unreachable: the gates that need it hold, the others are judged, no secret is told', async () => {
  await check()
  server.faults.failing = 'model.onnx'

  const document = await check()
  delete server.faults.failing

  const status = Object.fromEntries(document.verdict.children.map((gate) => [gate.gate, gate.status]))
  expect(document.verdict.status).toBe('inconclusive')
  expect(status).toMatchObject({ integrity: 'inconclusive', metrics: 'passed', registry: 'passed' })
  expect(JSON.stringify(document)).not.toContain(STORE_ENVIRONMENT.AWS_SECRET_ACCESS_KEY)
})
