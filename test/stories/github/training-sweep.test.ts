import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printAddress } from '../../../src/world/faults/call-address.ts'
import { differencesOf } from '../../../src/world/faults/difference.ts'
import { effectsOn, type Fault, type RecordedCall } from '../../../src/world/faults/fault.ts'
import { faultyCourier } from '../../../src/world/faults/faulty-courier.ts'
import { seededChance } from '../../../src/world/faults/seeded-chance.ts'
import { sweep } from '../../../src/world/faults/sweep.ts'
import { worldRun } from '../../../src/world/faults/world-run.ts'
import type { EndState } from './end-state.ts'
import { type Circumstances, type SweptTale, sweptTale } from './swept-app.ts'
import { keepTrainingStore, TRAINING_TALES } from './training-tales.ts'

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined
const SEED = 20_261_121
const TIMEOUT = { timeout: DEEP ? 3_600_000 : 300_000 }
/** Of the calls of a story one in so many goes wrong in the sample. */
const SAMPLE = { 'train to candidate pull request': 6, 'preempted once, then trained': 24, tune: 24 } as const

type Name = keyof typeof TRAINING_TALES
const NAMES = Object.keys(TRAINING_TALES) as Name[]
const opened = new Map<Name, SweptTale>()
/** The first look after an end, and one more: a resumption, a rung, what was told late. */
const SWEEPS = 4

beforeAll(async () => {
  for (const name of NAMES) {
    const tale = await sweptTale(TRAINING_TALES[name], keepTrainingStore)
    opened.set(name, tale)
  }
}, 300_000)
afterAll(async () => {
  for (const one of opened.values()) await one.close()
})

async function told(name: Name, circumstances: Circumstances = {}, faults: readonly Fault[] = []) {
  const tale = opened.get(name)
  if (tale === undefined) throw new Error(`${name} was not opened`)
  const { end, refused, ...run } = await worldRun(tale.story({ sweeps: SWEEPS, ...circumstances }))(faults)
  return { ...run, refused: [], end: numberless(end as EndState & { readonly also: Seen }) }
}

/** The candidate's record holds the number of its run, and so every digest that follows from it. */
function numberless<End extends EndState>(end: End): End {
  const shown = (line: string) => line.replace(/, [0-9a-f]{12}$/, '')
  const pulls = end.pulls.map(({ checks, ...pull }) => ({
    ...pull,
    checks: { ...checks, latest: checks.latest.map(shown) },
  }))
  return { ...end, pulls }
}

interface Seen {
  readonly heavy: readonly string[]
  readonly answers: readonly string[]
  readonly open: number
  readonly seconds: number
}

describe('a training or a search', () => {
  test.each(NAMES)('%s: told well, it ends in one candidate', TIMEOUT, async (name) => {
    const { end, calls } = await told(name)
    const spent = JSON.stringify(end.ledger).match(/gpu_seconds/g)

    if (process.env.SWEEP_LOG)
      console.info(calls.map(({ address }) => printAddress(address)).join('\n'), JSON.stringify(end, null, 1))
    expect(end.pulls).toHaveLength(1)
    expect(end.also.answers).toHaveLength(1)
    expect(end.also.open).toBe(0)
    expect(spent?.length).toBeGreaterThan(1)
  })

  test.each(NAMES)(
    '%s: whatever goes wrong with one call, it ends the same: one run on GPUs, one candidate (S08)',
    TIMEOUT,
    async (name) => {
      let seen = 0
      const isSampled = (call: RecordedCall) => isOwn(call) && (DEEP || seen++ % SAMPLE[name] === 0)
      const { calls, runs, problems, tookMs } = await sweep((faults) => told(name, {}, faults), {
        seed: SEED,
        deep: DEEP,
        pairs: DEEP ? 60 : 0,
        effects: (call) => (isSampled(call) ? effectsOn(call) : []),
      })

      console.info(`${name}: ${calls.length} calls, ${runs} runs in ${(tookMs / 1000).toFixed(1)} s`)
      expect(problems).toEqual([])
    },
  )

  test.each(DEEP ? NAMES : NAMES.slice(0, 1))(
    '%s: webhooks lost, doubled or late change nothing (S06, S07)',
    TIMEOUT,
    async (name) => {
      const chance = seededChance(SEED)
      const fates = [{ is: 'lost' }, { is: 'doubled' }, { is: 'late', byMs: 20_000 }] as const
      const clean = (await told(name)).end
      const problems: string[] = []
      const runWith = async (hits: (at: number) => boolean, fate: (typeof fates)[number]) => {
        let at = 0
        const road: Circumstances['road'] = (inner, { clock }) =>
          faultyCourier(inner, { clock, fates: () => (hits(++at) ? fate : { is: 'delivered' }) })
        const { end } = await told(name, { road })
        problems.push(...differencesOf(clean, end).map((line) => `${fate.is}: ${line}`))
      }
      // the comment itself is the only word that nobody can make up for but GitHub's own list of deliveries
      for (const fate of fates) await runWith((at) => at > 2 && (DEEP || chance.next() < 0.5), fate)

      expect(problems).toEqual([])
    },
  )
})

/**
 * Starting and sweeping are the same in every story, and go wrong in others. Killed there, before the comment, another
 * start takes a number of GitHub's, so that the comment has another, and all that is named after it.
 */
function isOwn({ address }: RecordedCall): boolean {
  return !/^(apps\/|users\/get-by-username \(weighbridge\[bot\]\)|graphql (RepositoryNow|OpenPulls))/.test(
    printAddress(address),
  )
}
