import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCheckout } from '../../src/adapters/checkout/checkout.ts'
import { initRepository, type NewFile } from '../../src/adapters/checkout/new-repository.ts'
import { workingTree } from '../../src/adapters/checkout/working-tree.ts'
import { shippedPolicies } from '../../src/adapters/shipped-policies.ts'
import { checkCheckout } from '../../src/jobs/check-checkout.ts'
import { listRegistry } from '../../src/jobs/list-registry.ts'
import { validateRegistry } from '../../src/jobs/validate-registry.ts'
import {
  configurationFile,
  fixtureBytes,
  LENIENT,
  manifestFile,
  modelFile,
  NOW,
  openWorld,
  policyFile,
  storedTable,
  versionFiles,
} from '../support/registry-world.ts'

const LAUNCH = fileURLToPath(new URL('../../src/launch.js', import.meta.url))
const figures: string[] = []
let small: string
let large: string

beforeAll(async () => {
  small = await registryOf(1, 10)
  large = await registryOf(100, 100)
}, 120_000)

afterAll(() => {
  for (const folder of [small, large]) rmSync(folder, { recursive: true, force: true })
  console.info(`    ${figures.join('\n    ')}`)
})

test('a promotion among 10,000 versions of 100 models costs less than twice what it costs among 10', async () => {
  await promotes(small)
  await promotes(large)
  const [few, many] = [await best(() => promotes(small)), await best(() => promotes(large))]
  figure('promotion from evidence among 10 versions', few)
  figure('promotion from evidence among 10,000 versions', many)

  expect(many).toBeLessThan(2 * few + 50)
})

test('a registry of 10,000 versions is validated in under ten seconds, and listed in under two', async () => {
  const validation = await timed(() => validateRegistry(workingTree(large), shippedPolicies()))
  await listRegistry(workingTree(small))
  const listing = await timed(() => listRegistry(workingTree(large)))
  const checkout = await openCheckout(large)
  const committed = await timed(async () => listRegistry(await checkout.snapshot(await checkout.resolve('HEAD'))))
  figure('validate 10,000 versions', validation.ms)
  figure('list 10,000 versions, working tree', listing.ms)
  figure('list 10,000 versions, committed', committed.ms)

  expect(validation.value.mistakes.filter((mistake) => mistake.severity === 'error')).toEqual([])
  expect(validation.ms).toBeLessThan(10_000)
  expect(Math.min(listing.ms, (await timed(() => listRegistry(workingTree(large)))).ms)).toBeLessThan(2000)
  expect(committed.ms).toBeLessThan(2000)
  expect(listing.value.models).toHaveLength(100)
  expect(committed.value).toEqual(listing.value)
})

test('8,000 rows of adult are weighed in under ten seconds, and in under one from evidence', async () => {
  const world = await openWorld({ set: 'adult', warm: false, policy: { extends: 'weighbridge/baseline', gates: {} } })
  const branch = await world.opensPromotion('1.1.0')
  const cold = await timed(() => world.check({ head: branch }))
  const warm = await best(() => world.check({ head: branch }))
  figure('adult promotion, cold', cold.ms)
  figure('adult promotion, from evidence', warm)

  expect(cold.ms).toBeLessThan(10_000)
  expect(warm).toBeLessThan(1000)
})

test('the command line weighs adult cold in under ten seconds with less than 300 MB of its own, and again in under two', async () => {
  const world = await openWorld({ set: 'adult', warm: false, policy: { extends: 'weighbridge/baseline', gates: {} } })
  const branch = await world.opensPromotion('1.1.0')
  const args = ['check', '--repo', world.folder, '--base', 'main', '--head', branch, '--now', NOW]
  const cold = launched(args)
  const warm = launched(args)
  figure('check on the command line, cold', cold.ms, `${cold.mb} MB`)
  figure('check on the command line, from evidence', warm.ms, `${warm.mb} MB`)

  expect(cold.ms).toBeLessThan(10_000)
  expect(warm.ms).toBeLessThan(2000)
  expect(Math.max(cold.mb, warm.mb)).toBeLessThan(300)
})

test('help is there before anybody waits for it', () => {
  launched(['--help'])
  const { ms } = [launched(['--help']), launched(['--help']), launched(['--help'])].reduce((a, b) =>
    b.ms < a.ms ? b : a,
  )
  figure('--help', ms)

  expect(ms).toBeLessThan(300)
})

function figure(what: string, ms: number, more = ''): void {
  figures.push(`${what}: ${Math.round(ms)} ms ${more}`)
}

function promotes(folder: string) {
  return checkCheckout({ folder, base: 'main', head: 'promote', now: NOW, skip: [], progress: () => undefined })
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly ms: number }> {
  const start = performance.now()
  const value = await work()
  return { value, ms: performance.now() - start }
}

async function best(work: () => Promise<unknown>): Promise<number> {
  const runs = [await timed(work), await timed(work), await timed(work)]
  return Math.min(...runs.map(({ ms }) => ms))
}

/** Runs the command line; its own peak of memory without that of its children. */
function launched(args: readonly string[]): { readonly ms: number; readonly mb: number } {
  const told = `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)))`
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-peak-'))
  const [preload, peak] = [join(folder, 'peak.cjs'), join(folder, 'peak')]
  writeFileSync(preload, told)
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--require', preload, LAUNCH, ...args], {
    env: { ...process.env, PEAK_FILE: peak },
    encoding: 'utf8',
  })
  const ms = performance.now() - start
  if (status !== 0 && status !== 1 && status !== 3) throw new Error(stderr)
  const kilobytes = Number(execFileSync('cat', [peak], { encoding: 'utf8' }))
  rmSync(folder, { recursive: true, force: true })
  return { ms, mb: Math.round(kilobytes / 1024) }
}

/** A repository of many models that all serve their 1.0.0, with a branch that promotes the last one's 1.1.0. */
async function registryOf(models: number, versions: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-size-'))
  await initRepository(folder)
  const names = Array.from({ length: models }, (_, index) => `model-${String(index).padStart(3, '0')}`)
  const bytes = fixtureBytes('compas/models/1.0.0.onnx')
  const files: NewFile[] = [
    { path: '.gitignore', content: '.weighbridge/\n' },
    configurationFile(),
    policyFile(LENIENT),
    storedTable('compas/evaluation.csv').file,
    storedTable('compas/train.csv').file,
    ...names.flatMap((model) => [
      modelFile('compas', {}, model),
      manifestFile(model, '1.0.0'),
      ...Array.from({ length: versions }, (_, index) =>
        versionFiles({ set: 'compas', model, version: `1.${index}.0`, bytes }),
      ).flat(),
    ]),
  ]
  for (const { path, content } of files) {
    if (path.includes('/store/') && !path.includes(`${names.at(-1)}/1.`) && !path.includes('/data/')) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=story', '-c', 'user.email=story@localhost.invalid', ...args], {
      cwd: folder,
      stdio: 'pipe',
    })
  git('add', '--all')
  git('commit', '--quiet', '-m', 'registry')
  git('switch', '--quiet', '--create', 'promote')
  const { path, content } = manifestFile(names.at(-1)!, '1.1.0')
  writeFileSync(join(folder, path), content)
  git('commit', '--quiet', '--all', '-m', 'promote')
  git('switch', '--quiet', 'main')
  return folder
}
