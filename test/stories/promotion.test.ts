import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  findings,
  gate,
  manifestFile,
  manifestPath,
  modelFile,
  openWorld,
  policyFile,
  recordPath,
  said,
  statuses,
  versionFiles,
} from '../support/registry-world.ts'

const RELATIVE = {
  gates: { metrics: [{ metric: 'roc_auc', against: 'incumbent', max_drop: 0.2, confidence: 0.9 }] },
}

test('a sound promotion passes, and only GitHub gates are left unasked', async () => {
  const world = await openWorld()

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(check.verdict.status).toBe('passed')
  expect(statuses(check)).toMatchObject({
    registry: 'passed',
    manifest: 'passed',
    integrity: 'passed',
    metrics: 'passed',
  })
  expect(check.changes).toMatchObject([{ kind: 'promotion', from: '1.0.0', to: '1.1.0', environment: 'production' }])
  expect(check.rows).toBe(1478)
})

test('a change with nothing of ours passes with no gate, and opens no store', async () => {
  const world = await openWorld()
  const branch = await world.opens('readme', { path: 'README.md', content: 'Hello.\n' })

  const check = await world.check({ head: branch })

  expect(check.verdict).toMatchObject({ status: 'passed', children: [], because: 'Nothing of ours changed.' })
  expect(check.not_asked).toEqual([])
  expect(world.told).toEqual([])
})

test('a branch that was cut before others merged is weighed as if it had been cut now', async () => {
  const world = await openWorld({ versions: ['1.0.0'] })
  const branch = await world.opens(
    'add',
    ...versionFiles({ set: 'compas', version: '1.1.0' }),
    manifestFile('compas', '1.1.0'),
  )
  await world.commit('another version', ...versionFiles({ set: 'compas', version: '1.2.0', bytes: Buffer.from('x') }))
  await world.commit('a floor', policyFile({ gates: { metrics: [{ metric: 'roc_auc', min: 0.99 }] } }))

  const check = await world.check({ head: branch })

  expect(check.changes.map((change) => change.kind).sort()).toEqual(['promotion', 'version-added'])
  expect(gate(check, 'metrics').status, 'the floor that was merged meanwhile counts').toBe('failed')
  expect(check.merge_base).not.toBe(check.base)
})

test('a manifest that moves to another file and version is one promotion against what served', async () => {
  const world = await openWorld({
    versions: ['1.0.0', '1.1.0'],
    policy: RELATIVE,
    files: addedVersion('1.2.0', '1.0.0'),
  })
  const branch = await world.opens('move', {
    path: 'deploy/production/new.yml',
    content: manifestFile('compas', '1.2.0').content,
  })
  await world.git('switch', '--quiet', branch)
  world.remove(manifestPath('compas'))
  await world.commit('move the manifest')
  await world.git('switch', '--quiet', 'main')
  await world.commit('a second environment', manifestFile('compas', '1.1.0', 'staging'))

  const check = await world.check({ head: branch })

  expect(check.changes[0]).toMatchObject({ from: '1.0.0', to: '1.2.0' })
  expect(said(check)).toContain('exactly that of 1.0.0')
})

test('a file of ours that was changed on both sides is not decided: the branch must be brought up to date', async () => {
  const world = await openWorld({ files: addedVersion('1.2.0', '1.0.0') })
  const branch = await world.opensPromotion('1.1.0')
  await world.serves('1.2.0')

  const check = await world.check({ head: branch })

  expect(check.verdict.status).not.toBe('passed')
  expect(said(check)).toMatch(/update the branch|changed on both sides/i)
})

test('a record that was renamed is a removal and an addition, and both are refused', async () => {
  const world = await openWorld()
  await world.git('switch', '--quiet', '--create', 'rename')
  await world.git('mv', recordPath('compas', '1.1.0'), recordPath('compas', '1.2.0'))
  await world.commit('rename')

  const check = await world.check({ head: 'rename' })

  expect(check.verdict.status).toBe('failed')
  expect(gate(check, 'registry').because).toMatch(/1\.1\.0/)
  expect(said(check)).toMatch(/immutable|removed/i)
})

test('several promotions in one pull request are a node each, and all must pass', async () => {
  const files = [
    modelFile('compas', {}, 'second'),
    ...addedVersion('1.0.0', '1.0.0', 'second'),
    ...addedVersion('1.1.0', '1.1.0', 'second'),
  ]
  const world = await openWorld({ files: [...files, manifestFile('second', '1.0.0')] })
  const sound = [manifestFile('compas', '1.1.0'), manifestFile('second', '1.1.0')]

  const both = await world.check({ head: await world.opens('both', ...sound) })
  const tampered = versionFiles({ set: 'compas', model: 'second', version: '1.1.0', bytes: Buffer.from('changed') })[0]!
  await world.write(tampered)
  const one = await world.check({ head: 'both' })

  expect(both.verdict.status).toBe('passed')
  expect(both.verdict.children.map((child) => [child.gate, child.status])).toEqual([
    ['promotion', 'passed'],
    ['promotion', 'passed'],
  ])
  expect(one.verdict.status).toBe('failed')
  expect(one.verdict.children.map((child) => child.status).sort()).toEqual(['failed', 'passed'])
  expect(findings(one, 'digest').map((found) => found.status)).toEqual(['passed', 'failed'])
})

test('a removed manifest is said, needs a promoter, and weighs no model', async () => {
  const world = await openWorld({
    files: [
      modelFile('compas', {}, 'second'),
      ...addedVersion('1.0.0', '1.0.0', 'second'),
      manifestFile('second', '1.0.0'),
    ],
  })
  await world.git('switch', '--quiet', '--create', 'remove')
  world.remove(manifestPath('second'))
  await world.commit('remove')

  const check = await world.check({ head: 'remove' })

  expect(check.changes).toMatchObject([{ kind: 'removed', model: 'second', from: '1.0.0', to: null }])
  expect(world.told.filter((text) => text.startsWith('running'))).toEqual([])
  expect(check.not_asked).toContain('approvals')
})

test('an object that serves one model cannot be given to another, which would pass its own exam instead (S56)', async () => {
  const world = await openWorld({
    files: [modelFile('compas', {}, 'second'), ...addedVersion('1.0.0', '1.0.0', 'second')],
  })
  const { content } = manifestFile('second', '1.0.0')
  const given = String(content).replace('"name": "second"', '"name": "compas"')

  const check = await world.check({
    head: await world.opens('borrow', { path: manifestPath('compas'), content: given }),
  })

  expect(check.verdict.status).toBe('failed')
  expect(gate(check, 'manifest').status).toBe('failed')
  expect(said(check)).toContain('InferenceService compas serves model compas and would serve second')
  expect(said(check)).toContain('Give the object of second a name of its own')
})

test('a field of the same object that moves beside a promotion is a change of its own, with both values; one that the cluster would drop is told and holds nothing', async () => {
  const world = await openWorld()
  const more = { args: ['--threads=8'], runtimVersion: '1' }
  const branch = await world.opens('threads', manifestFile('compas', '1.1.0', 'production', more))

  const check = await world.check({ head: branch })

  expect(check.changes.map((change) => change.kind).sort()).toEqual(['promotion', 'serving-changed'])
  expect(JSON.stringify(check.changes)).toContain('--threads=8')
  expect(said(check)).toContain('unknown field "runtimVersion", which the cluster would drop without a word')
  expect(gate(check, 'manifest').status).toBe('passed')
})

test('the first promotion in an environment has nothing to be compared with, and always asks an approver', async () => {
  const world = await openWorld({ serves: null, policy: RELATIVE })

  const check = await world.check({ head: await world.opensPromotion('1.0.0') })

  expect(check.changes[0]).toMatchObject({ kind: 'promotion', from: null, to: '1.0.0' })
  expect(said(check)).toMatch(/first version here/i)
  expect(check.not_asked).toContain('approvals')
})

test('an incumbent whose columns are gone from the exam cannot be compared with, and the check names them', async () => {
  const features = [
    'age',
    'sex_male',
    'juv_fel_count',
    'juv_misd_count',
    'juv_other_count',
    'priors_count',
    'gone_column',
  ]
  const world = await openWorld({
    serves: null,
    policy: RELATIVE,
    files: [...withBytesOf('1.0.0', '0.9.0', { features }), manifestFile('compas', '0.9.0')],
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('gone_column')
})

test('evidence and its cache leave nothing that Git would commit', async () => {
  const world = await openWorld({ warm: false })

  await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(readdirSync(join(world.folder, '.weighbridge/evidence'))).toContain('.gitignore')
  expect(await world.git('status', '--porcelain')).toBe('')
})

function addedVersion(version: string, like: string, model = 'compas') {
  return withBytesOf(like, version, {}, model)
}

function withBytesOf(like: string, version: string, record: Record<string, unknown> = {}, model = 'compas') {
  const [artifact] = versionFiles({ set: 'compas', version: like })
  return versionFiles({ set: 'compas', model, version, bytes: Buffer.from(artifact!.content as Uint8Array), record })
}
