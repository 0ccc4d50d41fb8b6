import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { STORE_KEY } from '../../src/world/store/open-store.ts'
import { openStoreServer, STORE_ENVIRONMENT } from '../../src/world/store/store-server.ts'
import { fixture } from '../support/fixtures.ts'
import { openWorld } from '../support/registry-world.ts'
import { emptyFolder, weighbridge } from './terminal-user.ts'

const ADULT = fixture('adult/evaluation.parquet')

/** A table of 3 x 400 rows in three files, and all of them in one. */
function partitions(folder: string): void {
  const rows = Array.from({ length: 1200 }, (_, index) => {
    const plan = index % 7 === 0 ? '' : `plan ${index % 5}`
    return `${index % 50},${(Math.sin(index) * 1e6).toFixed(9)},${plan},${index % 2 === 0},Ada ${index}`
  })
  const head = 'age,balance,plan,active,name'
  for (const part of [0, 1, 2])
    writeFileSync(
      join(folder, `part-${part}.csv`),
      `${[head, ...rows.slice(400 * part, 400 * part + 400)].join('\n')}\n`,
    )
  writeFileSync(join(folder, 'whole.csv'), `${[head, ...rows].join('\n')}\n`)
}

test('three partitions, profiled apart and merged in any order, give the very file that the whole table gives', async () => {
  const folder = emptyFolder()
  partitions(folder)
  const say = (...args: readonly string[]) => weighbridge(args, { cwd: folder })

  const made = await Promise.all([
    say('profile', '--data', 'whole.csv', '--out', 'whole.json'),
    say('profile', '--data', 'part-*.csv', '--out', 'at-once.json'),
    ...[0, 1, 2].map((part) => say('profile', '--data', `part-${part}.csv`, '--out', `part-${part}.json`)),
  ])
  const merged = await say('merge-profiles', 'part-2.json', 'part-0.json', 'part-1.json', '--out', 'all.json', '--json')
  const byGlob = await say('merge-profiles', 'part-*.json', '--out', 'glob.json')

  expect([...made, merged, byGlob].map(({ code, err }) => ({ code, err }))).toEqual(
    Array.from({ length: 7 }, () => ({ code: 0, err: '' })),
  )
  const files = ['whole', 'at-once', 'all', 'glob'].map((name) => readFileSync(join(folder, `${name}.json`), 'utf8'))
  expect(new Set(files).size).toBe(1)
  expect(JSON.parse(merged.out)).toEqual(JSON.parse(files[0]!))
  expect(JSON.parse(merged.out)).toMatchObject({ schema: 'weighbridge.profile/v1', rows: 1200 })
})

test('the terminal shows columns, quantiles and how far off they can be', async () => {
  const { code, out } = await weighbridge(['profile', '--data', ADULT, '--columns', 'age,fnlwgt,workclass'])

  expect(code).toBe(0)
  expect(out).toContain('8,000 rows of 3 columns. Quantiles lie within 0.213 % of the rows')
  expect(out).toMatch(/fnlwgt .*about 6,961/)
  expect(out).toContain('Private 69.9 %')
})

const MODEL = `model: churn
format: 1
task: binary
features:
  - {name: age, type: number}
  - {name: balance, type: number, personal: true}
  - {name: plan, type: category, values: [plan 0, plan 1, plan 2, plan 3, plan 4]}
label: {name: active}
`

test('values of personal columns, and of those that model.yml does not describe, are in no file and on no page', async () => {
  const folder = emptyFolder()
  partitions(folder)
  writeFileSync(join(folder, 'model.yml'), MODEL)

  const args = ['profile', '--data', 'whole.csv', '--model', 'model.yml', '--out', 'p.json', '--html', 'p.html']
  const { code, out } = await weighbridge(args, { cwd: folder })
  const file = readFileSync(join(folder, 'p.json'), 'utf8')

  expect(code).toBe(0)
  const [age, balance, plan, active, name] = JSON.parse(file).columns
  expect(balance).toEqual({ column: 'balance', type: 'number', withheld: 'personal', missing: 0 })
  expect(name).toEqual({ column: 'name', type: 'category', withheld: 'undeclared', missing: 0 })
  expect([age.max, plan.values.length, active.values.length]).toEqual([49, 5, 2])
  for (const text of [file, out, readFileSync(join(folder, 'p.html'), 'utf8')]) expect(text).not.toContain('Ada')
})

test('numbers are counted on the edges of the reference, and partitions with other edges are not merged', async () => {
  const folder = emptyFolder()
  partitions(folder)
  const say = (...args: readonly string[]) => weighbridge(args, { cwd: folder })

  await say('profile', '--data', 'whole.csv', '--out', 'reference.json')
  await say('profile', '--data', 'part-0.csv', '--reference', 'reference.json', '--out', 'a.json')
  await say('profile', '--data', 'part-1.csv', '--out', 'b.json')
  const refused = await say('merge-profiles', 'a.json', 'b.json')

  const [age] = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')).columns
  expect(age.histogram.edges.map((edge: number) => edge.toFixed(1)).join(' ')).toBe(
    '4.9 9.8 14.7 19.6 24.5 29.4 34.3 39.2 44.1',
  )
  expect(age.histogram.counts.reduce((sum: number, rows: number) => sum + rows, 0)).toBe(400)
  expect(refused.code).toBe(2)
  expect(refused.err).toContain('column age has the edges of a reference in one of them only')
})

test('partitions and profiles may lie in a bucket: tables, patterns, what is merged and what is compared with', async () => {
  const folder = emptyFolder()
  partitions(folder)
  const server = await openStoreServer({ buckets: ['acme'], keys: [{ ...STORE_KEY, allows: ['acme/'] }] })
  onTestFinished(() => server.close())
  const env = { ...STORE_ENVIRONMENT, AWS_ENDPOINT_URL_S3: server.endpoint }
  const say = (...args: readonly string[]) => weighbridge(args, { cwd: folder, env })
  const put = (name: string) => server.objects.set(`acme/${name}`, readFileSync(join(folder, name)))
  for (const part of ['part-0.csv', 'part-1.csv', 'part-2.csv']) put(part)

  await say('profile', '--data', 's3://acme/part-*.csv', '--out', 's3://acme/whole.json')
  await say('profile', '--data', 's3://acme/part-1.csv', '--out', 's3://acme/one.json')
  await say('profile', '--data', 'part-{0,2}.csv', '--out', 's3://acme/rest.json')
  const merged = await say('merge-profiles', 's3://acme/{one,rest}.json', 's3://acme/one.json', '--out', 'merged.json')
  const drift = await say('drift', '--reference', 's3://acme/whole.json', '--current', 's3://acme/part-0.csv', '--json')

  expect([merged, drift].map(({ code, err }) => [code, err])).toEqual([
    [0, ''],
    [0, ''],
  ])
  expect(readFileSync(join(folder, 'merged.json'))).toEqual(server.objects.get('acme/whole.json'))
  expect(JSON.parse(drift.out)).toMatchObject({ rows: { reference: 1200, current: 400 }, dataset: { drifted: 0 } })
})

test('what can not be profiled or merged ends with 2 and says what and where', async () => {
  const folder = emptyFolder()
  partitions(folder)
  mkdirSync(join(folder, 'folder'))
  writeFileSync(join(folder, 'bad.json'), '{"schema":"weighbridge.profile/v1"}')
  const say = (...args: readonly string[]) => weighbridge(args, { cwd: folder })

  const answers = await Promise.all([
    say('profile', '--data', 'whole.csv', '--columns', 'age,balanse'),
    say('profile', '--data', 'absent.csv'),
    say('profile', '--data', 'whole.csv', '--reference', 'bad.json'),
    say('merge-profiles', 'bad.json'),
    say('merge-profiles', 'none-*.json'),
    say('merge-profiles', 'folder'),
    say('profile', '--data', 'whole.csv', '--out', 'nowhere/p.json'),
  ])

  expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2, 2])
  expect(answers[0]!.err).toContain('Did you mean balance for balanse?')
  expect(answers[2]!.err).toContain('bad.json: engine')
  expect(answers[4]!.err).toContain('there is no file none-*.json')
  expect(answers[6]!.err).toContain('--out nowhere/p.json cannot be written')
})

test('the profile of a version\u2019s reference is made once, kept with the evidence, and serves as a reference by its name', async () => {
  const world = await openWorld({ warm: false })
  const folder = emptyFolder()
  const say = (...args: readonly string[]) => weighbridge([...args, '--repo', world.folder], { cwd: folder })
  writeFileSync(join(folder, 'today.csv'), 'age\n25\n31\n47\n')

  const first = await say('profile', 'compas@1.0.0', '--out', 'first.json')
  const again = await say('profile', 'compas@1.0.0', '--out', 'again.json')
  const today = await say('profile', '--data', 'today.csv', '--reference', 'compas@1.0.0', '--json')
  const drift = await say(
    'drift',
    '--reference',
    'compas@1.0.0',
    '--current',
    fixture('compas/evaluation.csv'),
    '--json',
  )

  expect([first.code, again.code, today.code, drift.code]).toEqual([0, 0, 0, 0])
  expect(JSON.parse(drift.out)).toMatchObject({
    rows: { reference: JSON.parse(readFileSync(join(folder, 'first.json'), 'utf8')).rows, current: 1478 },
    dataset: { drifted: 0, is_drifted: false },
  })
  expect(first.out).toMatch(/the reference of compas@1\.0\.0, now kept as\s+[0-9a-f]{64}/)
  expect(again.out).toMatch(/the reference of compas@1\.0\.0, kept as\s+[0-9a-f]{64}/)
  expect(readFileSync(join(folder, 'again.json'))).toEqual(readFileSync(join(folder, 'first.json')))
  const edges = (text: string) =>
    JSON.parse(text).columns.find((one: { column: string }) => one.column === 'age').histogram?.edges
  expect(edges(today.out).length).toBeGreaterThan(3)
})
