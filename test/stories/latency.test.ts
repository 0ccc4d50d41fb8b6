import { expect, test } from 'vitest'
import { gate, openWorld } from '../support/registry-world.ts'

const openTimed = (latency: object) => openWorld({ versions: ['1.0.0', '1.1.0'], policy: { gates: { latency } } })

test('candidate and incumbent are timed in turns, once for each weighing of the same evidence', async () => {
  const world = await openTimed({ against: 'incumbent', p99_max_ratio: 10_000 })
  const head = await world.opensPromotion('1.1.0')

  const found = gate(await world.check({ head }), 'latency')
  const again = gate(await world.check({ head }), 'latency')

  expect(found).toMatchObject({ status: 'passed', provenance: 'recomputed', support: { rows: 2000 } })
  expect(found.title).toMatch(/^p99 is [\d.]+ of the incumbent’s, 10,000 is the limit$/)
  expect(found.exhibits).toMatchObject([{ kind: 'table', header: ['percentile', '1.1.0', '1.0.0', 'ratio'] }])
  expect(again).toEqual(found)
})

test('a limit in milliseconds is judged on its own class of machine only', async () => {
  const world = await openTimed({ p99_max_ms: 50, runner: 'cpu-small' })

  const found = gate(await world.check({ head: await world.opensPromotion('1.1.0') }), 'latency')

  expect(found.status).toBe('inconclusive')
  expect(found.because).toContain('wants calls timed on a machine of class cpu-small')
  expect(found.because).toContain('WEIGHBRIDGE_RUNNER=cpu-small')
})
