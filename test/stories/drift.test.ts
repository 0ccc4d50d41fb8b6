import { expect, test } from 'vitest'
import { fixtureBytes, gate, NOW, openWorld, STORE, said, stored, type World } from '../support/registry-world.ts'

/** Production of adult in the week before 18 November 2026, a file a day. */
async function worldWith(window: string | null, policy: Record<string, unknown>): Promise<World> {
  const days = window === null ? [] : ['2026-11-11', '2026-11-14', '2026-11-17']
  const files = days.map(
    (day) => stored(`production/dt=${day}/part-0.parquet`, fixtureBytes(`adult/production/${window}.parquet`)).file,
  )
  const marks = days.map((day) => ({ path: `${STORE}/production/dt=${day}/_SUCCESS`, content: '' }))
  const monitoring = { predictions: `file:${STORE}/production/`, window: '7d' }
  return openWorld({
    set: 'adult',
    versions: ['1.0.0', '1.1.0'],
    model: { monitoring },
    policy,
    files: [...files, ...marks],
  })
}

const HOLDING = { gates: { metrics: [{ metric: 'accuracy', min: 0.1 }], drift: { max_drifted_share: 0.05 } } }

test('production like the training data has not drifted, and production with other hours has, column by column', async () => {
  const [calm, moved] = await Promise.all(
    ['w01', 'w06'].map(async (window) => {
      const world = await worldWith(window, HOLDING)
      return world.check({ head: await world.opensPromotion('1.1.0') })
    }),
  )

  expect(gate(calm!, 'drift').status).toBe('passed')
  expect(gate(moved!, 'drift').status).toBe('failed')
  expect(said(moved!)).toContain('hours_per_week')
})

test('a week without production decides nothing, and names the days it looked for', async () => {
  const world = await worldWith(null, HOLDING)

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'drift').status).toBe('inconclusive')
  expect(said(check)).toContain('no partition dt=2026-11-11 to dt=2026-11-17')
})

test('days outside the window are not looked at: an hour later on another day the window has moved', async () => {
  const world = await worldWith('w06', HOLDING)

  const check = await world.check({ head: await world.opensPromotion('1.1.0'), now: '2026-11-26T00:30:00Z' })

  expect(NOW < '2026-11-26').toBe(true)
  expect(said(check)).toContain('no partition dt=2026-11-19 to dt=2026-11-25')
})

test('in the baseline drift is a reason to look: shown, and holding nothing', async () => {
  const world = await worldWith('w06', {
    extends: 'weighbridge/baseline',
    without: ['fairness/*/equalized_odds_difference/incumbent'],
    gates: { drift: { max_drifted_share: 0.05, advisory: true } },
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'drift')).toMatchObject({ status: 'failed', advisory: true })
  expect(check.verdict.because).not.toMatch(/drift/)
})
