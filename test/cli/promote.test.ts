import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  fixtureBytes,
  manifestFile,
  modelFile,
  openWorld,
  versionFiles,
  type WorldOptions,
} from '../support/registry-world.ts'
import { typesHere } from './terminal-user.ts'

const environments = [
  { name: 'staging', manifests: 'deploy/staging', policy: 'policies/production.yml' },
  { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml', after: 'staging' },
]
/** One version more, with the bytes of another. */
const THIRD = versionFiles({ set: 'compas', version: '1.2.0', bytes: fixtureBytes('compas/models/1.1.0.onnx') })
const MANIFEST = `# compas in production; see the runbook
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: compas
  labels: {weighbridge.dev/model: compas}
  annotations:
    weighbridge.dev/version: '1.0.0' # by pull request only
spec:
  predictor:
    model:
      modelFormat: {name: onnx}
      storageUri: "file:.weighbridge/store/compas/1.0.0/model.onnx"
---
apiVersion: v1
kind: Service
metadata: {name: compas}
spec: {ports: [{port: 80}]}
`

/** Staging serves 1.1.0, production 1.0.0 by a manifest that people wrote. */
async function openStages(more: WorldOptions = {}) {
  const files = [
    { path: 'deploy/production/compas.yml', content: MANIFEST },
    manifestFile('compas', '1.1.0', 'staging'),
  ]
  const world = await openWorld({ configuration: { environments }, ...more, files: [...files, ...(more.files ?? [])] })
  return { ...world, run: (...args: readonly string[]) => typesHere(args, world.folder) }
}

test('promote changes two values of the manifest, says what comes next, and the check weighs it', async () => {
  const world = await openStages()

  const { code, out, err } = await world.run('promote', 'compas@1.1.0', 'production')

  expect({ code, err }).toEqual({ code: 0, err: '' })
  const text = readFileSync(join(world.folder, 'deploy/production/compas.yml'), 'utf8')
  expect(text).toBe(MANIFEST.replaceAll('1.0.0', '1.1.0'))
  expect(out).toContain("-    weighbridge.dev/version: '1.0.0' # by pull request only")
  expect(out).toContain("+    weighbridge.dev/version: '1.1.0' # by pull request only")
  expect(out).toContain('git switch -c promote-compas-1.1.0-to-production')
  await world.git('switch', '--quiet', '--create', 'promote')
  await world.commit('compas 1.1.0 to production')
  const check = await world.check({ head: 'promote' })
  expect(check.changes).toMatchObject([{ kind: 'promotion', environment: 'production', from: '1.0.0', to: '1.1.0' }])
})

test('without a version, production gets what staging serves and staging the newest release that is not retired', async () => {
  const world = await openStages({
    files: [...THIRD, modelFile('compas', { retired: [{ version: '1.2.0', on: '2026-10-01', reason: 'leaks' }] })],
  })
  await world.serves('1.0.0', 'staging')

  const staging = JSON.parse((await world.run('promote', 'compas', 'staging', '--dry-run', '--json')).out)
  expect(staging).toMatchObject({ to: '1.1.0', because: 'the newest release that is not retired', dry_run: true })
  await world.serves('1.1.0', 'staging')
  const production = JSON.parse((await world.run('promote', 'compas', 'production', '--dry-run', '--json')).out)

  expect(production).toMatchObject({ schema: 'weighbridge.promotion/v1', from: '1.0.0', to: '1.1.0' })
  expect(production.because).toBe('what staging serves, which comes before production')
  expect(await world.git('status', '--porcelain')).toBe('')
})

test('a version that the stage before does not serve is promoted with a note that says so', async () => {
  const world = await openStages({ files: THIRD })

  const { out } = await world.run('promote', 'compas@1.2.0', 'production', '--dry-run')

  expect(out).toContain(
    'Note: production comes after staging, which serves 1.1.0 now: 1.2.0 must have been live there.',
  )
  expect(out).toContain('Nothing was written.')
})

/** Nothing is written to it. */
let untouched: Awaited<ReturnType<typeof openStages>>
beforeAll(async () => {
  untouched = await openStages({ kept: true })
})
afterAll(() => rmSync(untouched.folder, { recursive: true, force: true }))

test.each([
  [
    'an environment that is not there',
    ['compas', 'prod'],
    /there is no environment "prod".*\n.*Environments here: staging, production\./,
  ],
  [
    'a model that is not there',
    ['compass', 'production'],
    /there is no model "compass" here.*\n.*Did you mean compas\?/,
  ],
  [
    'a version that is not there',
    ['compas@1.1.1', 'production'],
    /compas has no version 1\.1\.1.*\n.*Did you mean 1\./,
  ],
  ['what is served already', ['compas@1.0.0', 'production'], /production serves compas 1\.0\.0 already/],
])('promote refuses %s, and says what would do', async (_, args, said) => {
  const world = untouched

  const { code, err } = await world.run('promote', ...args)

  expect(code).toBe(2)
  expect(err).toMatch(said)
  expect(await world.git('status', '--porcelain')).toBe('')
})

test('a retired version is refused with its reason', async () => {
  const retired = [{ version: '1.1.0', on: '2026-10-01', reason: 'leaks the label' }]
  const world = await openStages({ files: [modelFile('compas', { retired })] })

  const { code, err } = await world.run('promote', 'compas@1.1.0', 'production')

  expect(code).toBe(2)
  expect(err).toContain('compas 1.1.0 was retired on 2026-10-01: leaks the label')
})

test('a first promotion is refused with the file to write, and that file is then edited', async () => {
  const world = await openWorld({ serves: null })
  const run = (...args: readonly string[]) => typesHere(args, world.folder)

  const { code, err } = await run('promote', 'compas@1.0.0', 'production')

  expect(code).toBe(2)
  expect(err).toContain('Write deploy/production/compas.yml yourself')
  const snippet = err.slice(err.indexOf('apiVersion:'), err.indexOf('onnx"\n') + 6)
  await world.commit('serve', { path: 'deploy/production/compas.yml', content: snippet })
  expect((await run('promote', 'compas@1.1.0', 'production')).code).toBe(0)
  expect((await run('validate')).code).toBe(0)
})

test('a manifest with changes of its own, behind a link or bound to nothing is left alone', async () => {
  const world = await openStages()
  const path = join(world.folder, 'deploy/production/compas.yml')
  writeFileSync(path, `${MANIFEST}# mine\n`)

  expect((await world.run('promote', 'compas', 'production')).err).toContain('holds changes that are not committed')
  expect(readFileSync(path, 'utf8')).toBe(`${MANIFEST}# mine\n`)

  writeFileSync(path, MANIFEST.replace("'1.0.0' #", "'1.1.0' #"))
  await world.commit('half a promotion')
  expect((await world.run('promote', 'compas', 'production')).err).toContain('the artifact field says')

  writeFileSync(path, MANIFEST)
  await world.commit('as it was')
  renameSync(join(world.folder, 'deploy/production'), join(world.folder, 'elsewhere'))
  symlinkSync(join(world.folder, 'elsewhere'), join(world.folder, 'deploy/production'))
  await world.commit('a link')
  const { code, err } = await world.run('promote', 'compas', 'production')
  expect(code).not.toBe(0)
  expect(err).toMatch(/link/)
  expect(readFileSync(join(world.folder, 'elsewhere/compas.yml'), 'utf8')).toBe(MANIFEST)
})

test('a share of traffic that stays in the manifest is told, since it decides what the edit does', async () => {
  const world = await openStages()
  const canary = MANIFEST.replace('  predictor:\n', '  predictor:\n    canaryTrafficPercent: 10\n')
  await world.commit('a canary', { path: 'deploy/production/compas.yml', content: canary })

  const { code, out } = await world.run('promote', 'compas', 'production')

  expect(code).toBe(0)
  expect(out).toContain('Note: canaryTrafficPercent is 10 and stays')
})

test('a version whose record is not committed yet is promoted with a note', async () => {
  const world = await openStages()
  await world.write(...THIRD)

  const { code, out } = await world.run('promote', 'compas@1.2.0', 'staging')

  expect(code).toBe(0)
  expect(out).toContain('Note: models/compas/versions/1.2.0.yml is not committed, and the check needs it.')
})

test('a version is retired in model.yml by one entry, and a promotion to it fails', async () => {
  const world = await openStages({ files: THIRD })
  const before = JSON.parse(readFileSync(join(world.folder, 'models/compas/model.yml'), 'utf8'))

  const { code, out } = await world.run('retire', 'compas@1.2.0', '--reason', 'superseded: see #12', '--json')

  expect(code).toBe(0)
  const on = new Date().toISOString().slice(0, 10)
  const entry = { version: '1.2.0', on, reason: 'superseded: see #12' }
  expect(JSON.parse(out)).toMatchObject({ schema: 'weighbridge.retirement/v1', ...entry, dry_run: false })
  const after = JSON.parse(readFileSync(join(world.folder, 'models/compas/model.yml'), 'utf8'))
  expect(after).toEqual({ ...before, retired: [entry] })
  await world.commit('retire')
  expect((await world.run('promote', 'compas@1.2.0', 'staging')).err).toContain('was retired on')
  expect((await world.run('retire', 'compas@1.2.0', '--reason', 'x')).err).toContain('was retired on')
})

test.each([
  ['compas@1.1.0', 'compas 1.1.0 is served in staging (deploy/staging/compas.yml:1:1)'],
  ['compas@1.3.9', 'compas has no version 1.3.9'],
])('%s cannot be retired: %s', async (subject, said) => {
  const world = await openStages()

  const { code, err } = await world.run('retire', subject, '--reason', 'old')

  expect(code).toBe(2)
  expect(err).toContain(said)
  expect(await world.git('status', '--porcelain')).toBe('')
})

test('where models lie in another repository, promote asks for its checkout and edits only the environments; list and validate read it', async () => {
  const models = await openWorld({ versions: ['1.0.0', '1.1.0'] })
  const stages = await openWorld({
    configuration: { registry: { repository: 'acme/models', branch: 'main' } },
  })
  await stages.git('rm', '-r', '--quiet', 'models')
  await stages.commit('models live elsewhere')

  const without = await typesHere(['promote', 'compas@1.1.0', 'production'], stages.folder)
  const given = ['promote', 'compas@1.1.0', 'production', '--registry', models.folder]
  const alone = await typesHere(['validate'], stages.folder)
  const both = await typesHere(['validate', '--registry', models.folder], stages.folder)
  const listed = await typesHere(['list', '--registry', models.folder], stages.folder)
  const done = await typesHere(given, stages.folder)

  expect(alone).toMatchObject({ code: 0, out: expect.stringContaining('so that no manifest was checked') })
  expect(both).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ files, no mistakes\.\n$/) })
  expect(listed.out).toMatch(/compas +2 +1\.1\.0 +1\.0\.0/)
  expect(without).toMatchObject({ code: 2, err: expect.stringContaining('--registry DIR') })
  expect(done).toMatchObject({ code: 0, err: '' })
  expect(await stages.git('diff', '--name-only')).toBe('deploy/production/compas.yml\n')
  expect(await models.git('status', '--porcelain')).toBe('')
})
