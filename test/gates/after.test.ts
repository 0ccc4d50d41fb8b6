import { expect, test } from 'vitest'
import { afterGate } from '../../src/gates/after.ts'
import type { GateSubject } from '../../src/gates/gate.ts'
import { configuration, evidenceOf, weighing } from '../policy/weighing.ts'

const judge = (more: Partial<GateSubject>) => afterGate.judge(weighing(more), {} as never, evidenceOf())
const lived = (live: boolean | null, environment = 'staging') => ({
  history: { liveInEarlier: { environment, live, because: 'the history says so' }, firstHere: false },
})

test('a version that was live in the earlier environment may go on, another one may not', () => {
  expect(judge(lived(true)).status).toBe('passed')
  expect(judge(lived(false))).toMatchObject({ status: 'failed', flips: 'Promote churn 1.4.0 to staging first.' })
})

test('a history that can’t be told, was not read, or is of elsewhere decides nothing', () => {
  expect(judge(lived(null)).status).toBe('inconclusive')
  expect(judge({ history: { liveInEarlier: null, firstHere: false } }).status).toBe('inconclusive')
  expect(judge(lived(true, 'sandbox')).status).toBe('inconclusive')
})

test('without an earlier environment there is nothing to ask, and a rollback is never held', () => {
  expect(judge({ environment: configuration.environments[0]! }).status).toBe('skipped')
  expect(judge({ ...lived(false), rollback: true }).status).toBe('skipped')
})
