import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { shippedPolicies } from '../../src/adapters/shipped-policies.ts'
import { finding } from '../../src/gates/finding.ts'
import { readVerdict, storeVerdict, verdictDocument } from '../../src/jobs/verdict-document.ts'
import type { Weighed } from '../../src/jobs/weigh.ts'
import type { Snapshot } from '../../src/ports.ts'
import type { CheckDocument } from '../../src/report/check-document.ts'
import { fileStore } from '../adapters/ledger/ledger-world.ts'

const BEFORE: Readonly<Record<string, string>> = {
  '.github/weighbridge.yml': 'version: 1\n',
  'policies/production.yml': 'extends: weighbridge/baseline\ngates: {}\n',
  'models/churn/model.yml': 'model: churn\n',
  'models/fraud/model.yml': 'model: fraud\n',
  'README.md': '# not ours\n',
}
const AFTER = {
  ...BEFORE,
  'models/churn/versions/1.4.0.yml': 'version: 1.4.0\n',
  'policies/production.yml': 'gates: {}\n',
}

function snapshot(sha: string, files: Readonly<Record<string, string>>): Snapshot {
  const bytes = (path: string) => new TextEncoder().encode(files[path])
  return {
    repository: 'acme/models',
    sha,
    list: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => ({ path, mode: '100644', oid: sha, size_bytes: bytes(path).length })),
    read: async (paths) =>
      new Map(paths.flatMap((path) => (path in files ? [[path, { mode: '100644', bytes: bytes(path) }]] : []))),
  }
}

const verdict = { ...finding('weighbridge', 'churn 1.3.0 -> 1.4.0', 'passed', '9 gates passed.'), validUntil: null }
const weighed = {
  pull: { before: snapshot('base', BEFORE), after: snapshot('head', AFTER) },
  models: null,
  central: null,
  verdict,
  evidenceKey: 'e'.repeat(64),
  policyDigest: 'p'.repeat(64),
  concerns: { models: ['churn'], environments: ['production'], policy: false },
  promotions: [
    {
      environment: 'production',
      model: 'churn',
      from: '1.3.0',
      to: '1.4.0',
      kind: 'promotion',
      artifactDigest: 'sha256:a',
      evaluationDigest: 'sha256:e',
    },
  ],
} as unknown as Weighed
const input = {
  weighed,
  check: { schema: 'weighbridge.check/v1', engine: 'weighbridge 0.2.0', verdict } as unknown as CheckDocument,
  repository: { id: 42, name: 'acme/models' },
  pull: 7,
  landed: { commit: 'c'.repeat(40), merged_by: 7 },
  approvals: [{ review: 99, by: 8 }],
  shipped: shippedPolicies(),
}

test('a decision keeps the texts that judged it: those of the governed branch, and what they extend', async () => {
  const document = await verdictDocument(input)

  expect(document.texts).toEqual({
    '.github/weighbridge.yml': 'version: 1\n',
    'policies/production.yml': 'extends: weighbridge/baseline\ngates: {}\n',
    'models/churn/model.yml': 'model: churn\n',
    'models/churn/policy.yml': null,
  })
  expect(document.records).toEqual({ 'models/churn/versions/1.4.0.yml': 'version: 1.4.0\n' })
  expect(Object.keys(document.shipped)).toContain('weighbridge/baseline')
  expect(document).toMatchObject({
    approvals: [{ review: 99, by: 8 }],
    check: { engine: 'weighbridge 0.2.0', verdict: { status: 'passed' } },
    promotions: [{ model: 'churn', from: '1.3.0', to: '1.4.0', artifact: 'sha256:a', exam: 'sha256:e' }],
  })
})

test('a verdict lies under its own digest, is written once, and reads back', async () => {
  const { store, prefix } = fileStore()
  const document = await verdictDocument(input)

  const digest = await storeVerdict({ store, prefix }, document)
  const again = await storeVerdict({ store, prefix }, await verdictDocument(input))

  const [stored, ...more] = await store.list('file:evidence/verdicts/')
  const bytes = (await store.get(stored!.uri))!
  expect(more).toEqual([])
  expect(again).toBe(digest)
  expect(digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
  expect(stored!.uri).toBe(`file:evidence/verdicts/${digest.slice(7)}.json`)
  expect(await readVerdict({ store, prefix }, digest)).toEqual(JSON.parse(JSON.stringify(document)))
})

test('a verdict that somebody wrote over is told, when it is read and when it is stored again', async () => {
  const { store, prefix } = fileStore()
  const digest = await storeVerdict({ store, prefix }, await verdictDocument(input))
  await store.put(`file:evidence/verdicts/${digest.slice(7)}.json`, new TextEncoder().encode('{}'))

  await expect(readVerdict({ store, prefix }, digest)).rejects.toThrow('is not what its name says')
  await expect(storeVerdict({ store, prefix }, await verdictDocument(input))).rejects.toThrow(
    'is not what its name says',
  )
})
