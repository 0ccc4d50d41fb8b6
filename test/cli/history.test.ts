import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fixtureBytes } from '../support/fixture-sets.ts'
import { manifestFile, openWorld, versionFiles } from '../support/registry-world.ts'
import { typesHere } from './terminal-user.ts'

const environments = [
  { name: 'staging', manifests: 'deploy/staging', policy: 'policies/production.yml' },
  { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml', after: 'staging' },
]
const THIRD = versionFiles({ set: 'compas', version: '1.2.0', bytes: fixtureBytes('compas/models/1.1.0.onnx') })

/** Production: 1.0.0, 1.1.0 by a merged branch, back to 1.0.0, gone, 1.2.0 under another file name. */
async function openPast() {
  const world = await openWorld({ configuration: { environments }, files: THIRD })
  await world.opensPromotion('1.1.0')
  await world.git(
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=a@b.c',
    'merge',
    '--no-ff',
    '-m',
    'Merge #1',
    'promote-1.1.0',
  )
  await world.commit('a word', { path: 'README.md', content: 'compas 1.9.9' })
  await world.serves('1.0.0')
  rmSync(join(world.folder, 'deploy/production/compas.yml'))
  await world.commit('switch it off')
  await world.commit('on again', { ...manifestFile('compas', '1.2.0'), path: 'deploy/production/risk.yml' })
  await world.serves('1.2.0', 'staging')
  return world
}

test('history says what each environment served and when, and how it changed', async () => {
  const world = await openPast()

  const { code, out, err } = await typesHere(['history', 'compas', '--json'], world.folder)

  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { schema, environments: told, ledger } = JSON.parse(out)
  expect(schema).toBe('weighbridge.history/v1')
  expect(ledger).toBe(null)
  const [staging, production] = told
  expect(staging).toMatchObject({ environment: 'staging', serves: '1.2.0', changes: [{ how: 'first', to: '1.2.0' }] })
  expect(production.serves).toBe('1.2.0')
  expect(production.changes.map(({ from, to, how }: Record<string, string | null>) => [from, to, how])).toEqual([
    [null, '1.2.0', 'promotion'],
    ['1.0.0', null, 'removed'],
    ['1.1.0', '1.0.0', 'rollback'],
    ['1.0.0', '1.1.0', 'promotion'],
    [null, '1.0.0', 'first'],
  ])
  expect(production.changes[3]).toMatchObject({ subject: 'Merge #1', author: 'Ada' })
  expect(production.changes[0].until).toBe(null)
  expect(production.changes[1].until).toBe(production.changes[0].at)
})

test('people read one environment of it as a table, and that no ledger is at hand', async () => {
  const world = await openPast()

  const { out } = await typesHere(['history', 'compas', 'production'], world.folder)

  expect(out).toContain('production serves compas 1.2.0')
  expect(out).toMatch(/1\.0\.0 +rollback/)
  expect(out).not.toContain('staging')
  expect(out).toContain('No ledger in this clone')
})

test.each([
  [['compas', 'prod'], 'Environments here: staging, production.'],
  [['compass'], 'Did you mean compas?'],
  [['compas@1.0.0'], 'Write compas.'],
])('history %s is refused: %s', async (args, said) => {
  const world = await openWorld({ configuration: { environments } })

  const { code, err } = await typesHere(['history', ...args], world.folder)

  expect(code).toBe(2)
  expect(err).toContain(said)
})

test('a clone whose history is cut short says so instead of guessing', async () => {
  const world = await openPast()
  const clone = join(world.folder, 'shallow')
  await world.git('clone', '--quiet', '--depth', '1', `file://${world.folder}`, clone)

  const { code, err } = await typesHere(['history', 'compas'], clone)

  expect(code).toBe(3)
  expect(err).toContain('git fetch --unshallow')
  const lineage = await typesHere(['lineage', 'compas@1.1.0'], clone)
  expect(lineage).toMatchObject({ code: 0, out: expect.stringContaining('compas 1.1.0') })
  expect(lineage.err).toContain('Where it served cannot be told')
})
