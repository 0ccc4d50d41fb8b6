import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { fixtureBytes } from '../../support/fixture-sets.ts'
import { BETTER, configuration, models, openStory, policy, type Story, serves } from '../../support/github-world.ts'
import { versionFiles } from '../../support/registry-files.ts'

const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const NEW = '2.0.0'

/** A record of a version whose artifact is said to lie somewhere. */
function recordAt(uri: string, more: Readonly<Record<string, unknown>> = {}): string {
  const bytes = fixtureBytes('adult/models/1.1.0.onnx')
  const file = versionFiles({ set: 'adult', version: NEW, bytes }).find(({ path }) => path.startsWith('models/'))
  const record = JSON.parse(file?.content.toString() ?? '{}')
  return JSON.stringify({ ...record, ...more, artifact: { ...record.artifact, uri } })
}

const recordPath = `models/adult/versions/${NEW}.yml`

describe('an address in a record', () => {
  const ADDRESSES = [
    'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'file:/etc/passwd',
    'file:../../../../etc/passwd',
    'file:.weighbridge/store/../../secret',
    'file:.git/config',
    's3://acme-data-evil/x/model.onnx',
    's3://acme-data/../other/model.onnx',
    's3://acme-data/%2e%2e/other/model.onnx',
    's3://acme-data//model.onnx',
    's3://ACME-data/model.onnx',
    'gs://acme-data/model.onnx',
  ]
  for (const uri of ADDRESSES)
    test(`is fetched only where the operator lets it be: ${uri} (S46, S66)`, async () => {
      const asked = vi.spyOn(globalThis, 'fetch')
      const story = await openStory({
        policy: OPEN,
        files: { [recordPath]: recordAt(uri) },
        operator: OPERATOR,
      })

      const pull = await story.opens({ branch: 'b', files: manifestAt(uri), by: 'dana' })
      const calls = asked.mock.calls.map(([input]) => String(input))
      asked.mockRestore()

      expect(pull.check('weighbridge')?.conclusion).toMatch(/failure|action_required/)
      expect(calls).toEqual([])
      expect(pull.checks.map(({ summary, text }) => summary + text).join('')).not.toContain('root:x:0')
    })

  test('brings along no endpoint, region or key of its own (S46)', async () => {
    const record = recordAt('s3://acme-data/model.onnx', { endpoint: 'http://169.254.169.254', region: 'evil' })
    const story = await openStory({ policy: OPEN, files: { [recordPath]: record }, operator: OPERATOR })

    const pull = await story.opens({ branch: 'b', files: manifestAt('s3://acme-data/model.onnx'), by: 'dana' })

    expect(pull.check('weighbridge')?.conclusion).toMatch(/failure|action_required/)
    expect(pull.check('weighbridge')?.summary).toContain('endpoint')
  })
})

const OPERATOR = `version: 1
repositories:
  - match: acme/risk
    stores: [{prefix: 's3://acme-data/'}, {prefix: 'file:.weighbridge/store/'}]
    evidence: 'file:.weighbridge/evidence/'
`

function manifestAt(uri: string): Readonly<Record<string, string>> {
  const [[path = '', text = ''] = []] = Object.entries(serves(NEW))
  return { [path]: text.replace(/file:[^"]*model\.onnx/, uri) }
}

describe('two repositories in one app', () => {
  test('keep their files, evidence and ledgers apart, though they name everything alike (S66)', async () => {
    const story = await openStory({ policy: OPEN })
    const other = await twin(story)
    const mine = await story.promotes(BETTER)
    const theirs = await story.after(other.opensPull({ branch: 'b', files: serves(BETTER), by: 'dana' }))

    await story.after(mine.mergedBy('erin'))

    expect(mine.check('weighbridge')?.conclusion).toBe('success')
    expect(theirs.check('weighbridge')?.conclusion).not.toBe('success')
    expect(await story.ledger.kinds()).toContain('deployed')
    expect(await other.tip('weighbridge/ledger')).toBeNull()
    const evidence = globSync(`files/.weighbridge/evidence/${other.id}/**/*.json`, { cwd: story.home.path })
    expect(evidence.filter((path) => readFileSync(join(story.home.path, path), 'utf8').includes('"roc_auc"'))).toEqual(
      [],
    )
  })

  test('one cannot read the other’s prefix by naming it in its configuration (S66)', async () => {
    const operator = OPERATOR.replace('match: acme/risk', 'match: acme/credit').concat(`  - match: acme/risk
    stores: [{prefix: 'file:.weighbridge/none/'}]
    evidence: 'file:.weighbridge/evidence/'
`)
    const story = await openStory({ policy: OPEN, operator })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
    expect(pull.check('weighbridge')?.summary).toContain('outside what the operator of this app grants')
  })
})

/** A repository with the same words in it; its own folder of files is empty. */
function twin({ world }: Story) {
  return world.repository('acme/credit', {
    files: { ...configuration(), ...policy(OPEN), ...models(), ...serves('1.0.0') },
  })
}
