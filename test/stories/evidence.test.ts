import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openCheckout } from '../../src/adapters/checkout/checkout.ts'
import { openCheckoutPorts } from '../../src/jobs/checkout-ports.ts'
import { evaluateVersion } from '../../src/jobs/evaluate-version.ts'
import { gate, openWorld, temporaryFolder, type World } from '../support/registry-world.ts'

const LAUNCH = fileURLToPath(new URL('../../src/launch.js', import.meta.url))
const BASELINE = { extends: 'weighbridge/baseline', gates: { metrics: [{ metric: 'roc_auc', min: 0.1 }] } }

test('weighing twice with an emptied cache writes the same bytes', async () => {
  const world = await openWorld({ warm: false, policy: BASELINE })
  const branch = await world.opensPromotion('1.1.0')

  await world.check({ head: branch })
  const first = evidenceOf(world)
  for (const name of first.keys()) rmSync(join(world.folder, '.weighbridge/evidence', name))
  await world.check({ head: branch })

  expect([...first.keys()].length).toBeGreaterThan(3)
  expect(evidenceOf(world)).toEqual(first)
})

test('weighing again reads the cache: no model runs, no table is read, and the check says the same', async () => {
  const world = await openWorld({ warm: false, policy: BASELINE })
  const branch = await world.opensPromotion('1.1.0')
  const first = await world.check({ head: branch })
  world.told.length = 0

  const again = await world.check({ head: branch })

  expect(again).toEqual(first)
  expect(world.told.filter((text) => text.startsWith('running'))).toEqual([])
  expect(
    world.told.filter((text) => text.startsWith('reading')),
    'only the artifact, which is hashed again',
  ).toEqual(['reading file:.weighbridge/store/compas/1.1.0/model.onnx'])
})

test('each model runs once, however many gates ask for its answers', async () => {
  const world = await openWorld({ warm: false, policy: BASELINE })

  await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(world.told.filter((text) => text.startsWith('running')).sort()).toEqual([
    'running compas 1.0.0 on 1,478 rows',
    'running compas 1.1.0 on 1,478 rows',
  ])
})

test('evidence of one policy serves another that asks the same', async () => {
  const world = await openWorld({ warm: false, policy: BASELINE })
  const branch = await world.opensPromotion('1.1.0')
  await world.check({ head: branch })
  await world.commit('another floor', {
    path: 'policies/production.yml',
    content: 'extends: weighbridge/baseline\ngates: {metrics: [{metric: roc_auc, min: 0.2}]}\n',
  })
  world.told.length = 0

  const check = await world.check({ head: branch })

  expect(gate(check, 'metrics').children.map((child) => child.limit)).toContainEqual({ min: 0.2 })
  expect(world.told.filter((text) => text.startsWith('running'))).toEqual([])
})

test('evaluating a version gives the numbers that its promotion is judged by, from the same scores', async () => {
  const world = await openWorld({ warm: false })
  const check = await world.check({ head: await world.opensPromotion('1.1.0') })
  const checkout = await openCheckout(world.folder)
  const told: string[] = []
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, (text) => void told.push(text ?? ''))
  const snapshot = await checkout.snapshot(await checkout.resolve('main'))

  const evaluation = await evaluateVersion({ snapshot, model: 'compas', version: '1.1.0', openPorts: ports.openPorts })
  await ports.close()

  expect(evaluation.metrics.roc_auc?.value).toBe(gate(check, 'metrics').children[0]?.measured)
  expect(evaluation).toMatchObject({ rows: 1478, provenance: 'recomputed', threshold: 0.5 })
  expect(told.filter((text) => text.startsWith('running'))).toEqual([])
})

test('a weighing that is killed leaves no half document, and the next one answers as if nothing had happened', async () => {
  const world = await openWorld({ warm: false, set: 'adult', policy: BASELINE })
  const branch = await world.opensPromotion('1.1.0')
  const temporary = temporaryFolder()

  for (const after of [50, 300, 600]) await interrupted(world, branch, temporary, 'SIGKILL', after)

  await wait(500)

  expect(processesNaming(temporary), 'children end with their parent').toEqual([])
  for (const [name, text] of evidenceOf(world)) expect(text, name).toMatch(/"mac":"[0-9a-f]{64}"\}\}\n$/)
  expect((await world.check({ head: branch })).verdict.status).toBe('passed')
})

test('a weighing that is interrupted leaves no folder, no lock and no process behind', async () => {
  const world = await openWorld({ warm: false, set: 'adult', policy: BASELINE })
  const branch = await world.opensPromotion('1.1.0')
  const temporary = temporaryFolder()

  const runs = [
    await interrupted(world, branch, temporary, 'SIGINT', 50),
    await interrupted(world, branch, temporary, 'SIGTERM', 300),
  ]
  await wait(300)

  expect(runs).toEqual([
    { code: 130, left: [] },
    { code: 143, left: [] },
  ])
  expect(processesNaming(temporary)).toEqual([])
  expect(readdirSync(join(world.folder, '.git')).filter((name) => name.endsWith('.lock'))).toEqual([])
})

test('two weighings at once in one checkout do not harm each other', async () => {
  const world = await openWorld({ warm: false })
  const branch = await world.opensPromotion('1.1.0')

  const [one, other] = await Promise.all([world.check({ head: branch }), world.check({ head: branch })])

  expect(one.verdict.status).toBe('passed')
  expect(other.verdict).toEqual(one.verdict)
})

test('a checkout that was copied without its key believes none of the evidence that came along', async () => {
  const world = await openWorld({ warm: false })
  const branch = await world.opensPromotion('1.1.0')
  await world.check({ head: branch })
  const other = await openWorld({ warm: false })
  await other.opensPromotion('1.1.0')
  cpSync(join(world.folder, '.weighbridge/evidence'), join(other.folder, '.weighbridge/evidence'), { recursive: true })

  const check = await other.check({ head: branch })

  expect(other.told.filter((text) => text.startsWith('running'))).not.toEqual([])
  expect(JSON.stringify(gate(check, 'integrity'))).toMatch(/not ours|seal/i)
})

interface Interrupted {
  /** Exit code, null when it died of the signal. */
  readonly code: number | null
  /** What it left in its temporary folder. */
  readonly left: readonly string[]
}

/** Starts a check and sends it a signal some ms after it began to work. */
async function interrupted(
  world: World,
  head: string,
  temporary: string,
  signal: NodeJS.Signals,
  afterMs: number,
): Promise<Interrupted> {
  const own = mkdtempSync(join(temporary, 'run-'))
  const args = [LAUNCH, 'check', '--repo', world.folder, '--base', 'main', '--head', head, '--json']
  const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: own }, stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  while (child.exitCode === null && readdirSync(own).length === 0) await wait(10)
  await wait(afterMs)
  child.kill(signal)
  return { code: await ended, left: readdirSync(own) }
}

/** Command lines of processes that name a folder. */
function processesNaming(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return line.includes(text) ? [line] : []
      } catch {
        return []
      }
    })
}

function evidenceOf({ folder }: World): ReadonlyMap<string, string> {
  const root = join(folder, '.weighbridge/evidence')
  // on a busy machine nothing may have been kept before the end
  if (!existsSync(root)) return new Map()
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  return new Map(names.sort().map((name) => [name, readFileSync(join(root, name), 'utf8')]))
}
