import { expect, test } from 'vitest'
import { fixtureBytes, gate, openWorld, recordPath, said, versionFiles } from '../support/registry-world.ts'

const bytes = (version: string) => fixtureBytes(`compas/models/${version}.onnx`)

async function adding(version: string, record: Readonly<Record<string, unknown>>, artifact = bytes('1.1.0')) {
  const world = await openWorld({ versions: ['1.0.0'] })
  return world.check({
    head: await world.opens('add', ...versionFiles({ set: 'compas', version, bytes: artifact, record })),
  })
}

test('a version that is only added passes when its number says what changed', async () => {
  const check = await adding('1.1.0', { parent: '1.0.0' })

  expect(check.changes).toMatchObject([{ kind: 'version-added', model: 'compas', version: '1.1.0' }])
  expect(check.verdict.status).toBe('passed')
})

test('one whose number is too small is refused before it is merged and immutable', async () => {
  const check = await adding('1.0.1', { parent: '1.0.0', threshold: 0.3 })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toMatch(/patch step from 1\.0\.0; it takes a minor one/)
})

test('one whose parent is not there is refused, with the versions that are', async () => {
  const check = await adding('1.2.0', { parent: '1.1.0' })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toMatch(/there is no version 1\.1\.0 of compas.*1\.0\.0/)
})

test('one that points outside the configured store is refused', async () => {
  const artifact = { uri: 's3://elsewhere/model.onnx', digest: `sha256:${'0'.repeat(64)}` }
  const check = await adding('1.1.0', { parent: '1.0.0', artifact })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toContain('outside the configured store')
})

test('one that comes back with other bytes than it first landed with is refused', async () => {
  const world = await openWorld()
  world.remove(recordPath('compas', '1.1.0'))
  await world.commit('an administrator removes the record')
  const again = versionFiles({ set: 'compas', version: '1.1.0', bytes: bytes('1.0.0') })

  const check = await world.check({ head: await world.opens('again', ...again) })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toMatch(/landed first with sha256:/)
})
