import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scratch, weighbridge, writePredictions } from './terminal-user.ts'

let registry = ''
let folder = ''
beforeAll(async () => {
  folder = scratch()
  registry = join(folder, 'registry')
  await writePredictions(folder, 'old.csv', '1.0.0')
  await writePredictions(folder, 'new.csv', '1.1.0')
  writeFileSync(
    join(folder, 'narrow.yml'),
    `gates:
  metrics:
    - {metric: roc_auc, against: incumbent, max_drop: 0.005, confidence: 0.9}
    - {metric: accuracy, min: 0.8, confidence: 0.9}
    - {metric: expected_calibration_error, max: 0.1, confidence: 0.9}
  fairness:
    - {across: sex, metric: disparate_impact, min: 0.2, confidence: 0.9}
    - {across: race, metric: disparate_impact, min: 0.8}
  drift: {max_drifted_share: 0.3}
  latency: {p99_max_ratio: 1.2, against: incumbent}
`,
  )
  const columns = ['--label', 'label', '--score', 'score', '--sensitive', 'sex']
  await weighbridge(['init', '--repo', registry, '--from', 'new.csv', '--incumbent', 'old.csv', ...columns], {
    cwd: folder,
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plan = (...args: readonly string[]) => weighbridge(['plan', ...args], { cwd: registry })

test('a plan says how often an equally good model passes, as the check of a promotion says it', async () => {
  const planned = await plan('new', '--json')
  const check = await weighbridge(['check', '--json'], { cwd: registry })

  expect(planned).toMatchObject({ code: 0, err: '' })
  const { schema, environments } = JSON.parse(planned.out)
  expect(schema).toBe('weighbridge.plan/v1')
  expect(environments).toMatchObject([{ environment: 'production', version: '1.1.0', compared: '1.0.0', rows: 500 }])
  const auc = environments[0].rules.find(({ id }: { id: string }) => id === 'metrics/roc_auc/incumbent')
  expect(auc.limits[0]).toMatchObject({ key: 'max_drop', of: 'rows', n: 500 })
  expect(auc.limits[0].text).toMatch(/^500 rows: an equally good model passes this rule \d+ times in 100/)
  expect(check.out).toContain(auc.limits[0].text)
})

test('rules that would hold an equally good model are told with the margin and the rows that would do, the rest with why not', async () => {
  const { code, out } = await plan('new', '--policy', join(folder, 'narrow.yml'), '--html', join(folder, 'plan.html'))
  const text = out.replace(/\s+/g, ' ')

  expect(code).toBe(0)
  expect(text).toMatch(/roc_auc max_drop 0\.005 \d+ max_drop 0\.0\d+ [\d,]+ rows/)
  expect(text).toMatch(/accuracy min 0\.8 \d+/)
  expect(text).toMatch(/disparate_impact across sex min 0\.2 \d+/)
  expect(text).toContain('calibration error is biased upwards on few rows')
  expect(text).toContain('model.yml names no monitoring.predictions')
  expect(text).toMatch(/fairness: disparate_impact across race the disparity does not exist/)
  expect(text).toContain('latency')
  expect(readFileSync(join(folder, 'plan.html'), 'utf8')).toContain('how often an equally good model passes')
})

test('a model that is not there is named with the one that was meant, and a version is no model', async () => {
  expect(await plan('nwe')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean new?') })
  expect(await plan('new@1.1.0')).toMatchObject({ code: 2, err: expect.stringContaining('Write new.') })
  expect(await plan('new', '--environment', 'prod')).toMatchObject({
    code: 2,
    err: expect.stringContaining('production'),
  })
})

test('with one version two of them are taken to err independently, and the plan says so', async () => {
  const lonely = join(folder, 'lonely')
  const columns = ['--label', 'label', '--score', 'score']
  await weighbridge(['init', '--repo', lonely, '--from', 'new.csv', ...columns], { cwd: folder })

  const { code, out } = await weighbridge(['plan', 'new', '--policy', join(folder, 'narrow.yml'), '--json'], {
    cwd: lonely,
  })

  expect(code).toBe(0)
  const [environment] = JSON.parse(out).environments
  expect(environment).toMatchObject({ version: '1.0.0', compared: null })
  expect(environment.rules[0].because).toContain('as if two versions erred independently')
  expect(environment.rules[0].chance).toBeLessThan(0.3)
})

test('validate warns of a rule that an equally good model fails more often than not, once its evidence is there', async () => {
  const path = join(registry, 'policies/production.yml')
  const policy = readFileSync(path, 'utf8')
  await plan('new')
  writeFileSync(
    path,
    policy.replace(/max_drop: [\d.]+/, 'max_drop: 0.002').replace('loosen: [metrics/roc_auc/incumbent]', ''),
  )
  const narrow = await weighbridge(['validate'], { cwd: registry })
  rmSync(join(registry, '.weighbridge/evidence'), { recursive: true })
  const unmeasured = await weighbridge(['validate'], { cwd: registry })
  writeFileSync(path, policy)

  expect(narrow).toMatchObject({ code: 0, err: '' })
  expect(narrow.out).toMatch(
    /policies\/production\.yml:\d+:\d+ metrics\/roc_auc\/incumbent: an equally good new passes this rule \d+ times in 100 on 500 rows\. max_drop 0\.0\d+, or [\d,]+ rows, would make it 80/,
  )
  expect(unmeasured).toMatchObject({ code: 0, out: expect.stringMatching(/no mistakes\.\n$/) })
})
