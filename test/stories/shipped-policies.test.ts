import { expect, test } from 'vitest'
import { findings, openWorld, said } from '../support/registry-world.ts'

/** The exam cannot decide it: adult 1.1.0 has an accuracy of 0.858 [0.851, 0.864]. */
const UNDECIDED = { metric: 'accuracy', min: 0.858, confidence: 0.9 }
const ROLES = Object.fromEntries(['approver', 'risk', 'policy', 'promoter'].map((role) => [role, { teams: [role] }]))

async function weighedUnder(name: string) {
  const without = ['lineage/require', 'data-quality/max_train_overlap']
  const world = await openWorld({
    set: 'adult',
    policy: { extends: `weighbridge/${name}`, without, gates: { metrics: [UNDECIDED] } },
    configuration: { roles: ROLES },
  })
  return world.check({ head: await world.opensPromotion('1.1.0') })
}

test('what the exam cannot decide an approver may take under baseline; under strict it waits, and says for what', async () => {
  const [baseline, strict] = [await weighedUnder('baseline'), await weighedUnder('strict')]

  const accuracy = (check: typeof baseline) =>
    findings(check, 'accuracy').find(({ rule }) => rule === 'metrics/accuracy')
  expect(accuracy(baseline)).toMatchObject({ status: 'inconclusive', review: { role: 'approver' } })
  expect(accuracy(strict)).toMatchObject({ status: 'inconclusive' })
  expect(accuracy(strict)?.review).toBeUndefined()
  expect(strict.verdict.status).toBe('inconclusive')
  expect(said(strict)).toMatch(/accuracy 0\.85\d+ may be under the floor of 0\.858/)
  expect(said(strict)).toMatch(/equalized_odds_difference across \w+ .* without \d+ small groups?/)
  expect(said(strict)).toContain('how old the exam is, is not known')
})
