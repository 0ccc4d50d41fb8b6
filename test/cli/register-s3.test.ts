import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proposalSchema } from '../../src/training/proposal.ts'
import { STORE_KEY } from '../../src/world/store/open-store.ts'
import type { StoreServer } from '../../src/world/store/store-server.ts'
import { openWorld } from '../support/registry-world.ts'
import { openStoreHere } from '../support/store-here.ts'
import { answerOf, start, typesHere } from './terminal-user.ts'

const PART = 16 * 2 ** 20
let server: StoreServer

beforeAll(async () => {
  server = await openStoreHere({ buckets: ['acme'], keys: [{ ...STORE_KEY, allows: ['acme/registry/'] }] })
})
afterAll(() => server.close())

const parts = () => server.requests.filter((one) => /^PUT .*weights\.bin/.test(one)).length

test('Ctrl-C leaves an upload that goes on: the next register sends only the parts that are missing', async () => {
  const world = await openWorld({
    configuration: { store: { artifacts: 's3://acme/registry', read: ['file:.weighbridge/store'] } },
  })
  const weights = Buffer.alloc(3.5 * PART, 'weights of a large model; ')
  writeFileSync(join(world.folder, 'weights.bin'), weights)
  writeFileSync(join(world.folder, 'train.csv'), 'a\n1\n')
  const args = ['register', '--model', 'compas', '--artifact', 'weights.bin', '--reference', 'train.csv', '--json']

  const child = start(args, { cwd: world.folder })
  const ended = answerOf(child)
  while (parts() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2))
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect(server.objects.keys()).toEqual([])
  const sentBefore = parts()
  const { code, out } = await typesHere(args, world.folder)

  expect(code, out).toBe(0)
  const [artifact] = JSON.parse(out).objects
  expect(artifact.stored.is).toBe('written')
  expect(artifact.stored.resumed_bytes).toBeGreaterThanOrEqual(PART)
  expect(parts()).toBeLessThan(sentBefore + 4)
  const digest = createHash('sha256').update(weights).digest('hex')
  const stored = server.objects.get(`acme/registry/compas/candidates/${digest.slice(0, 16)}/weights.bin`)
  expect(stored?.equals(weights)).toBe(true)
  const proposal = proposalSchema.parse(JSON.parse(readFileSync(join(world.folder, 'proposal.json'), 'utf8')))
  expect(proposal.record.artifact).toMatchObject({ digest: `sha256:${digest}`, format: 'opaque' })
})

test('a store that ignores conditions is noticed, one that cannot be reached is no mistake of the caller', async () => {
  const world = await openWorld({
    configuration: { store: { artifacts: 's3://acme/registry', read: ['file:.weighbridge/store'] } },
  })
  writeFileSync(join(world.folder, 'weights.bin'), 'w')
  writeFileSync(join(world.folder, 'train.csv'), 'a\n1\n')
  const registers = (...more: readonly string[]) =>
    typesHere(
      ['register', '--model', 'compas', '--artifact', 'weights.bin', '--reference', 'train.csv', ...more],
      world.folder,
    )
  server.objects.clear()
  server.faults.ignoresConditions = true
  expect((await registers()).out).toContain('Note: the store ignores conditional writes')
  delete server.faults.ignoresConditions

  server.faults.failing = 'registry'
  expect(await registers()).toMatchObject({ code: 3, err: expect.stringContaining('503') })
  delete server.faults.failing
  const forbidden = await openWorld({ configuration: { store: { artifacts: 's3://acme/elsewhere' } } })
  writeFileSync(join(forbidden.folder, 'w.bin'), 'w')
  const refused = await typesHere(
    ['register', '--model', 'compas', '--artifact', 'w.bin', '--reference', 'w.bin'],
    forbidden.folder,
  )
  expect(refused.code).toBe(3)
  expect(refused.err).toMatch(/403/)
})
