import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkCheckout } from '../../src/jobs/check-checkout.ts'
import {
  fixtureBytes,
  gate,
  LENIENT,
  manifestFile,
  manifestPath,
  modelFile,
  NOW,
  openWorld,
  recordPath,
  said,
  statuses,
  versionFiles,
} from '../support/registry-world.ts'

const UNBEATABLE = {
  metrics: [
    { metric: 'roc_auc', against: 'incumbent', max_drop: 0, confidence: 0.9 },
    { metric: 'roc_auc', min: 0.999 },
  ],
}
const TWO = {
  environments: [
    { name: 'staging', manifests: 'deploy/staging', policy: 'policies/production.yml' },
    { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml', after: 'staging' },
  ],
}

test('deleting a manifest and bringing another version back does not shake the incumbent off', async () => {
  const world = await openWorld({
    policy: { gates: { metrics: [{ metric: 'roc_auc', against: 'incumbent', max_drop: 0.2, confidence: 0.9 }] } },
  })
  world.remove(manifestPath('compas'))
  await world.commit('first pull request')

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.changes).toMatchObject([{ kind: 'promotion', from: null, to: '1.1.0' }])
  expect(gate(check, 'metrics').children[0]?.incumbent?.version).toBe('1.0.0')
})

test('a change back to a version served before is a rollback: numbers are advice, and neither freeze nor after holds it', async () => {
  const freeze = [{ from: 'Mon 00:00', until: 'Sun 23:59', timezone: 'UTC' }]
  const world = await openWorld({ configuration: TWO, policy: { gates: { ...UNBEATABLE, freeze } } })
  await world.serves('1.1.0')

  const check = await world.check({ head: await world.opensPromotion('1.0.0') })

  expect(check.changes).toMatchObject([{ kind: 'rollback', from: '1.1.0', to: '1.0.0' }])
  expect(gate(check, 'metrics')).toMatchObject({ status: 'failed', advisory: true })
  expect(statuses(check)).toMatchObject({ freeze: 'skipped', after: 'skipped', integrity: 'passed' })
  expect(check.verdict.status).toBe('passed')
})

test('a rollback to bytes that were changed since is held (S39)', async () => {
  const world = await openWorld()
  await world.serves('1.1.0')
  await world.write(versionFiles({ set: 'compas', version: '1.0.0', bytes: Buffer.from('changed') })[0]!)

  const check = await world.check({ head: await world.opensPromotion('1.0.0') })

  expect(check.changes[0]?.kind).toBe('rollback')
  expect(statuses(check)).toMatchObject({ integrity: 'failed' })
  expect(check.verdict.status).toBe('failed')
})

test('an older version that never served is no rollback: it is weighed like any other (S39)', async () => {
  const world = await openWorld({ serves: '1.1.0', policy: { gates: UNBEATABLE } })

  const check = await world.check({ head: await world.opensPromotion('1.0.0') })

  expect(check.changes[0]?.kind).toBe('promotion')
  expect(gate(check, 'metrics')).toMatchObject({ status: 'failed' })
  expect(gate(check, 'metrics').advisory).toBeUndefined()
})

test('a manifest that only said a version, and was not bound to it, does not make it one served before', async () => {
  const world = await openWorld({ policy: { gates: UNBEATABLE } })
  const elsewhere = { storageUri: 'file:.weighbridge/store/compas/1.0.0/model.onnx' }
  await world.commit('merged past the check', manifestFile('compas', '1.1.0', 'production', elsewhere))
  await world.serves('1.0.0')

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.changes[0]?.kind).toBe('promotion')
})

test('a version that stood in a file together with another model is found in history all the same', async () => {
  const second = [
    modelFile('compas', {}, 'second'),
    ...versionFiles({ set: 'compas', model: 'second', version: '1.0.0', bytes: bytesOf('1.0.0') }),
    ...versionFiles({ set: 'compas', model: 'second', version: '1.1.0', bytes: bytesOf('1.1.0') }),
  ]
  const together = (a: string, b: string) => ({
    path: 'deploy/production/both.yml',
    content: `${manifestFile('compas', a).content}---\n${manifestFile('second', b).content}`,
  })
  const world = await openWorld({ serves: null, files: [...second, together('1.0.0', '1.1.0')] })
  await world.commit('the two swap their numbers', together('1.1.0', '1.0.0'))

  const check = await world.check({ head: await world.opens('back', together('1.0.0', '1.0.0')) })

  expect(check.changes).toMatchObject([{ kind: 'rollback', model: 'compas', to: '1.0.0' }])
})

test('production takes only what stood in staging first, as Git remembers it', async () => {
  const world = await openWorld({ configuration: TWO })
  const branch = await world.opensPromotion('1.1.0')

  const tooEarly = await world.check({ head: branch })
  await world.serves('1.1.0', 'staging')
  await world.serves('1.0.0', 'staging')
  const afterwards = await world.check({ head: branch })

  expect(gate(tooEarly, 'after')).toMatchObject({ status: 'failed' })
  expect(said(tooEarly)).toContain('was never live in staging')
  expect(gate(afterwards, 'after').status).toBe('passed')
})

test('a shallow clone cannot tell what was served before, and says so instead of guessing', async () => {
  const world = await openWorld({ configuration: TWO })
  await world.serves('1.1.0', 'staging')
  await world.opensPromotion('1.1.0')
  const clone = mkdtempSync(join(tmpdir(), 'weighbridge-shallow-'))
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }))
  await world.git('clone', '--quiet', '--depth=2', '--no-single-branch', `file://${world.folder}`, clone)

  const check = await checkCheckout({
    folder: clone,
    base: 'main',
    head: 'origin/promote-1.1.0',
    now: NOW,
    skip: [],
    progress: () => undefined,
  })

  expect(gate(check, 'after')).toMatchObject({ status: 'inconclusive' })
  expect(said(check)).toMatch(/shallow|cut short/)
  expect(check.verdict.status).not.toBe('passed')
})

test('a freeze holds by the moment asked about, and the verdict says until when it stands', async () => {
  const freeze = [{ from: 'Fri 16:00', until: 'Mon 08:00', timezone: 'Europe/Berlin' }]
  const world = await openWorld({ policy: { gates: { ...(LENIENT.gates as object), freeze } } })
  const branch = await world.opensPromotion('1.1.0')

  const wednesday = await world.check({ head: branch, now: '2026-11-18T10:00:00Z' })
  const saturday = await world.check({ head: branch, now: '2026-11-21T10:00:00Z' })

  expect(wednesday.verdict).toMatchObject({ status: 'passed', validUntil: '2026-11-20T15:00:00.000Z' })
  expect(gate(saturday, 'freeze').status).toBe('failed')
  expect(saturday.verdict.validUntil).toBe('2026-11-23T07:00:00.000Z')
})

test('a retired version is not promoted', async () => {
  const world = await openWorld({ model: { retired: [{ version: '1.1.0', on: '2026-10-01', reason: 'superseded' }] } })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toMatch(/retired/)
})

test('a step that is smaller than what changed is refused, and the check says which step it takes', async () => {
  const patch = versionFiles({
    set: 'compas',
    version: '1.0.1',
    bytes: bytesOf('1.1.0'),
    record: { parent: '1.0.0', threshold: 0.3, training: { parameters: { algorithm: 'another' }, seed: 7 } },
  })
  const world = await openWorld({ versions: ['1.0.0'] })

  const check = await world.check({ head: await world.opens('patch', ...patch, manifestFile('compas', '1.0.1')) })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toMatch(/minor/)
})

test('a version that was removed cannot come back with other bytes', async () => {
  const world = await openWorld()
  world.remove(recordPath('compas', '1.1.0'))
  await world.commit('an administrator removes the record')
  const again = versionFiles({ set: 'compas', version: '1.1.0', bytes: bytesOf('1.0.0') })

  const check = await world.check({ head: await world.opens('again', ...again, manifestFile('compas', '1.1.0')) })

  expect(gate(check, 'registry').status).toBe('failed')
  expect(said(check)).toMatch(/digest/)
})

function bytesOf(version: string): Buffer {
  return fixtureBytes(`compas/models/${version}.onnx`)
}
