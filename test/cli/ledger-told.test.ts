import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store/store.ts'
import type { Fact } from '../../src/ledger/fact.ts'
import { deployed, fact, openLedgerWorld } from '../adapters/ledger/ledger-world.ts'
import { digestOf, fixtureBytes } from '../support/fixture-sets.ts'
import { manifestFile, modelFile, openWorld, temporaryFolder, versionFiles } from '../support/registry-world.ts'
import { typesHere } from './terminal-user.ts'

const DIGEST = digestOf(fixtureBytes('compas/models/1.1.0.onnx'))
const quarantined: Fact = {
  kind: 'quarantined',
  digest: DIGEST,
  version: '1.1.0',
  until: null,
  reason: 'error rate doubled',
}

/** A registry with churn 1.0.0 in production, and a clone of the app's ledger beside it. */
async function openWithLedger(facts: (commit: string) => readonly Fact[]) {
  const version = (name: string) => versionFiles({ set: 'compas', version: name, model: 'churn' })
  const files = [
    modelFile('compas', {}, 'churn'),
    ...version('1.0.0'),
    ...version('1.1.0'),
    manifestFile('churn', '1.0.0'),
  ]
  const world = await openWorld({ files })
  const commit = (await world.git('rev-parse', 'HEAD')).trim()
  const prefix = 'file:evidence'
  const ledger = openLedgerWorld({ store: openStore({ root: temporaryFolder(), prefixes: [prefix] }), prefix })
  await ledger.open().append(facts(commit).map((one, at) => fact(at + 1, { fact: one })))
  await world.git('switch', '--quiet', '--orphan', 'weighbridge/ledger')
  for (const [path, text] of ledger.branch.files()) {
    mkdirSync(dirname(join(world.folder, path)), { recursive: true })
    writeFileSync(join(world.folder, path), text)
  }
  await world.commit('ledger')
  await world.git('switch', '--quiet', 'main')
  return { ...world, commit }
}

test('history shows what the ledger of the clone says of each change', async () => {
  const { folder, commit } = await openWithLedger((sha) => [deployed('1.0.0', { commit: sha }), quarantined])

  const told = await typesHere(['history', 'churn'], folder)
  const { environments, ledger } = JSON.parse((await typesHere(['history', 'churn', '--json'], folder)).out)

  expect(told.out).toMatch(/1\.0\.0 +first .* deployed/)
  expect(told.out).toContain('not verified here')
  expect(told.out).toMatch(/quarantined .* error rate doubled/)
  expect(environments[0].changes).toMatchObject([{ commit, to: '1.0.0', facts: [1] }])
  expect(ledger).toMatchObject({ verified: false, facts: [{ kind: 'deployed' }, { kind: 'quarantined' }] })
})

test('a promotion of quarantined bytes is edited with a note that the check will hold it', async () => {
  const { folder } = await openWithLedger(() => [quarantined])

  const { code, out } = await typesHere(['promote', 'churn@1.1.0', 'production'], folder)

  expect(code).toBe(0)
  expect(out).toContain('Note: the ledger in this clone says that its artifact is quarantined: error rate doubled.')
})

test('bytes that were released again are promoted without a note', async () => {
  const released: Fact = { kind: 'released', digest: DIGEST, reason: 'it was the network' }
  const { folder } = await openWithLedger(() => [quarantined, released])

  const { out } = await typesHere(['promote', 'churn@1.1.0', 'production'], folder)

  expect(out).not.toContain('Note:')
})
