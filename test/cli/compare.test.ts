import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCheckout } from '../../src/adapters/checkout/checkout.ts'
import { openCheckoutPorts } from '../../src/jobs/checkout-ports.ts'
import { compareVersions } from '../../src/jobs/compare-versions.ts'
import type { VersionComparison } from '../../src/measuring/version-comparison.ts'
import { versionComparisonPage } from '../../src/report/measured/version-comparison-page.ts'
import { pageText } from '../../src/report/page/page-text.ts'
import { modelFile, openWorld, storedTable, versionFiles } from '../support/registry-world.ts'
import { htmlMistakes, shownText } from '../support/strict-html.ts'
import { typesHere } from './terminal-user.ts'

const { reference: exam } = storedTable('compas/evaluation.csv')
const SUBJECTS = ['compas@1.0.0', '1.1.0']

/** Measuring costs seconds: the tests that only read share one answer, and one world that nobody changes. */
let world: Awaited<ReturnType<typeof openWorld>>
let told: Awaited<ReturnType<typeof typesHere>>
let document: VersionComparison
let page: string
beforeAll(async () => {
  world = await openWorld({
    kept: true,
    configuration: { privacy: { min_group: 400 } },
    files: [
      modelFile('bike'),
      ...versionFiles({ set: 'bike', version: '1.0.0' }),
      ...versionFiles({ set: 'compas', version: '1.1.0', record: { evaluation: { data: exam, reference: exam } } }),
    ],
  })
  const file = join(world.folder, 'page.html')
  told = await typesHere(['compare', ...SUBJECTS, '--latency', '--json', '--html', file], world.folder)
  document = JSON.parse(told.out)
  page = readFileSync(file, 'utf8')
})
afterAll(() => rmSync(world.folder, { recursive: true, force: true }))

test('two versions stand side by side: measured on the same rows, and as recorded', () => {
  expect({ code: told.code, err: told.err }).toEqual({ code: 0, err: '' })
  expect(document.schema).toBe('weighbridge.version-comparison/v1')
  expect([document.a.version, document.b.version]).toEqual(['1.0.0', '1.1.0'])
  const { roc_auc } = document.metrics
  expect(roc_auc?.difference).toBeCloseTo((roc_auc?.b ?? 0) - (roc_auc?.a ?? 0), 10)
  expect(roc_auc?.interval?.[0]).toBeLessThan(roc_auc?.interval?.[1] ?? 0)
  expect(document.a.provenance).toBe('recomputed')
  expect(new Set(document.fairness.map(({ across }) => across.join(',')))).toEqual(new Set(['race', 'sex']))
  expect(document.importance?.columns.map(({ column }) => column)).toContain('priors_count')
  expect(document.recorded).toContainEqual({
    field: 'parameters.algorithm',
    a: 'algorithm-1.0.0',
    b: 'algorithm-1.1.0',
  })
})

test('a comparison is a page for the browser and lines for the terminal: sound HTML, no number that does not exist', () => {
  const lines = pageText(versionComparisonPage(document), 100)
  const text = lines.join('\n')

  expect(page).toContain('compas 1.1.0 (b) against compas 1.0.0 (a)')
  expect(htmlMistakes(page)).toEqual([])
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
  expect(text).toMatch(/b is (better|worse) by|cannot be told apart/)
  expect(text).toContain('two reference sets')
  expect(text).toContain('parameters.algorithm')
  expect(`${text}\n${shownText(page)}`).not.toMatch(/\b(NaN|undefined|null|Infinity)\b|\[object/)
  expect(lines.filter((line) => line.length > 100)).toEqual([])
})

test('versions that were trained on different sets are told what of them differs, and calls are timed when asked', () => {
  expect(document.missing).toEqual([])
  expect(document.drift?.columns.map(({ column }) => column)).toContain('age')
  expect(document.latency?.ratio?.p50.value).toBeGreaterThan(0)
})

test.each([
  [['compas@1.0.0', '1.0.0'], 'compas 1.0.0 is named twice'],
  [['compas@1.0.0', '1.1.1'], 'compas has no version 1.1.1'],
  [['compas@1.0.0', 'compass@1.1.0'], 'there is no model "compass" here'],
  [['compas', '1.1.0'], 'compas names no version'],
  [['compas@1.0.0', 'bike@1.0.0'], 'compas is binary and bike is regression'],
])('compare %s is refused: %s', async (subjects, said) => {
  const { code, err } = await typesHere(['compare', ...subjects], world.folder)

  expect(code).toBe(2)
  expect(err).toContain(said)
})

test('a comparison for a shared place tells nothing of groups under the floor', async () => {
  const checkout = await openCheckout(world.folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, () => undefined)
  const snapshot = await checkout.snapshot(await checkout.resolve('HEAD'))
  const [a, b] = ['1.0.0', '1.1.0'].map((version) => ({ model: 'compas', version }))
  try {
    const asked = { snapshot, a: a!, b: b!, latency: false, audience: 'shared' as const, openPorts: ports.openPorts }
    const shared = await compareVersions(asked)

    if (shared.is !== 'compared') throw new Error(shared.is)
    const race = ({ fairness }: VersionComparison) => fairness.filter(({ across }) => across.includes('race'))
    expect(race(document).some(({ b: value }) => value !== null)).toBe(true)
    expect(race(shared.document)).not.toEqual(race(document))
    expect(shared.document.missing.map(({ part }) => part)).toEqual(['latency'])
    expect(shared.document.metrics.roc_auc).toEqual(document.metrics.roc_auc)
  } finally {
    await ports.close()
  }
})
