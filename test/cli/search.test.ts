import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixtureBytes } from '../support/fixture-sets.ts'
import { modelFile, openWorld, storedTable, versionFiles } from '../support/registry-world.ts'
import { typesHere } from './terminal-user.ts'

const tables = {
  data: storedTable('compas/evaluation.csv').reference,
  reference: storedTable('compas/train.csv').reference,
}
const claiming = (version: string, roc_auc: number, record = {}) =>
  versionFiles({
    set: 'compas',
    version,
    bytes: fixtureBytes('compas/models/1.1.0.onnx'),
    record: { evaluation: { ...tables, claims: { roc_auc, mean_reward: 3 } }, ...record },
  })

/** 1.0.0 and 1.1.0 claim nothing; 1.2.0 and 1.3.0 claim more than they keep. */
async function openClaims(kept = false) {
  const training = { parameters: { learning_rate: 0.02 }, compute: { cost_usd: 12 }, seed: 3 }
  const world = await openWorld({
    kept,
    files: [
      ...claiming('1.2.0', 0.99, { training, parent: '1.1.0', labels: { team: 'risk' } }),
      ...claiming('1.3.0', 0.95, { parent: '1.2.0' }),
      modelFile('compas', { owner: 'data-science' }),
    ],
  })
  const search = async (...args: readonly string[]) => {
    const answer = await typesHere(['search', ...args], world.folder)
    return { ...answer, json: () => JSON.parse(answer.out) }
  }
  const names = async (expression: string) =>
    (await search(expression, '--json')).json().found.map(({ version }: { version: string }) => version)
  return { ...world, search, names }
}

/** For the tests that only read. */
let claims: Awaited<ReturnType<typeof openClaims>>
beforeAll(async () => {
  claims = await openClaims(true)
})
afterAll(() => rmSync(claims.folder, { recursive: true, force: true }))

test('a metric is the claim until it was measured here, and the answer says which', async () => {
  const world = await openClaims()

  const before = (await world.search('roc_auc > 0.9', '--json')).json()
  await typesHere(['evaluate', 'compas@1.2.0'], world.folder)
  const after = (await world.search('roc_auc > 0.5', '--json')).json()

  expect(before).toMatchObject({ schema: 'weighbridge.search/v1', searched: 4, total: 2 })
  expect(before.found.map(({ version }: { version: string }) => version)).toEqual(['1.2.0', '1.3.0'])
  expect(before.found[0].values).toEqual([{ field: 'roc_auc', value: 0.99, source: 'claimed' }])
  expect(before.unanswered).toEqual([{ because: 'roc_auc is not there', versions: 2 }])
  const [first, second] = after.found
  expect(first).toMatchObject({ version: '1.3.0', values: [{ value: 0.95, source: 'claimed' }] })
  expect(second).toMatchObject({ version: '1.2.0', values: [{ source: 'measured' }] })
  expect(second.values[0].value).toBeLessThan(0.9)
  expect((await world.search('roc_auc > 0.9')).out).toContain('0.95 claimed')
  expect(await world.names('claims.roc_auc > 0.97')).toEqual(['1.2.0'])
})

test('a name that is not there is refused with its place, and one that no version has with what was meant', async () => {
  const world = claims

  const refused = await world.search('roc_auk > 0.9')
  const empty = await world.search('parameters.learning_rat < 0.1')

  expect(refused.code).toBe(2)
  expect(refused.err).toMatch(
    /column 1 of the expression: there is no roc_auk here[\s\S]*\^[\s\S]*Did you mean roc_auc\?/,
  )
  expect(empty.code).toBe(0)
  expect(empty.out).toContain('0 versions of 4.')
  expect(empty.out).toContain('no version here has parameters.learning_rat. Did you mean parameters.learning_rate?')
})

test('what was read once is kept below .git, found again, and never believed when it is damaged', async () => {
  const world = claims
  const folder = join(world.folder, '.git/weighbridge/records')

  const first = await world.names('claims.roc_auc > 0.9')
  expect(existsSync(folder) && readdirSync(folder)).toEqual(['compas.json'])
  const again = await world.names('claims.roc_auc > 0.9')
  writeFileSync(join(folder, 'compas.json'), '{"engine": ')
  const damaged = await world.names('claims.roc_auc > 0.9')

  expect([again, damaged]).toEqual([first, first])
  expect(await world.git('status', '--porcelain')).toBe('')
})

test('lineage tells where a version comes from and where it went', async () => {
  const world = await openClaims()
  await world.serves('1.2.0')
  await world.serves('1.3.0')

  const { out } = await typesHere(['lineage', 'compas@1.2.0', '--json'], world.folder)
  const tree = await typesHere(['lineage', 'compas@1.3.0'], world.folder)

  expect(JSON.parse(out)).toMatchObject({
    schema: 'weighbridge.lineage/v1',
    ancestors: [{ version: '1.1.0', is_recorded: true }],
    descendants: [{ version: '1.3.0', parent: '1.2.0', depth: 1 }],
    changed_parameters: [
      { name: 'algorithm', from: 'algorithm-1.1.0', to: null },
      { name: 'learning_rate', from: null, to: 0.02 },
    ],
    served: [{ environment: 'production', until: expect.any(String) }],
  })
  expect(tree.out).toMatch(/├─ comes from\n│ {2}├─ 1\.2\.0, 2026-10-01\n│ {2}└─ 1\.1\.0/)
  expect(tree.out).toContain('roc_auc 0.95 (claimed)')
  expect(tree.out).toMatch(/production from .* until now/)
})

test('a data set tells which versions it went into, by digest, URI or folder', async () => {
  const world = claims
  const { uri, digest } = tables.reference
  const uses = async (data: string) => {
    const { out } = await typesHere(['lineage', '--data', data, '--json'], world.folder)
    return JSON.parse(out).versions
  }

  expect(await uses(digest)).toHaveLength(4)
  expect((await uses(uri))[0]).toMatchObject({ version: '1.0.0', used_as: ['reference'], serves: ['production'] })
  expect(await uses('file:.weighbridge/store/data/')).toHaveLength(4)
  expect(await uses(`sha256:${'0'.repeat(64)}`)).toEqual([])
})
