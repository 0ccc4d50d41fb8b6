import { expect, test } from 'vitest'
import * as tiny from '../adapters/onnx/tiny-model.ts'
import { weighbridge } from '../cli/terminal-user.ts'
import { gate, openWorld, versionFiles } from '../support/registry-world.ts'

const WEIGHTS = { age: 0, sex_male: 3, juv_fel_count: 0, juv_misd_count: 0, juv_other_count: 0, priors_count: 0 }

/** A logistic model of compas that looks at nothing but sex. */
function leaning(): Uint8Array {
  const weights = Buffer.alloc(4 * 7)
  Object.values(WEIGHTS).forEach((weight, at) => {
    weights.writeFloatLE(weight, 4 * at)
  })
  const initializer = tiny.message(
    5,
    tiny.number(1, 7),
    tiny.number(1, 1),
    tiny.number(2, tiny.FLOAT),
    tiny.message(8, 'w'),
    tiny.message(9, [...weights]),
  )
  return tiny.model([
    tiny.node('MatMul', ['features', 'w'], ['margin']),
    tiny.node('Sigmoid', ['margin'], ['probabilities']),
    initializer,
    tiny.input('features', tiny.FLOAT, ['N', 7]),
    tiny.output('probabilities', tiny.FLOAT, ['N', 1]),
  ])
}

const openLeaning = (explainability: object) =>
  openWorld({
    versions: ['1.0.0', '1.1.0'],
    policy: { gates: { explainability } },
    files: versionFiles({ set: 'compas', version: '1.2.0', bytes: leaning() }),
  })

test('a candidate that leans on a sensitive feature is held, and the finding says how much', async () => {
  const world = await openLeaning({ max_importance_shift: 0.3, max_importance: { sex_male: 0.2 } })

  const check = await world.check({ head: await world.opensPromotion('1.2.0') })

  const found = gate(check, 'explainability')
  expect(found).toMatchObject({
    status: 'failed',
    limit: { max: 0.3 },
    provenance: 'recomputed',
    support: { rows: 1478 },
  })
  expect(found.measured).toBeGreaterThan(0.8)
  expect(found.because).toMatch(/sex_male from \d(\.\d+)? % to 100 %/)
  expect(found.because).toContain('sex_male bears 100 % of the importance, 20 % is the limit')
  expect(found.exhibits).toMatchObject([{ kind: 'table', title: 'Share of importance' }])
})

test('a candidate like the incumbent passes, and weighed again it runs no model', async () => {
  const world = await openLeaning({ max_importance_shift: 0.3, max_importance: { sex_male: 0.5 } })
  const head = await world.opensPromotion('1.1.0')

  const first = await world.check({ head })
  const before = world.told.filter((text) => text.includes('importance')).length
  const again = await world.check({ head })

  expect(gate(first, 'explainability').status).toBe('passed')
  expect(gate(first, 'explainability').measured).toBeLessThan(0.15)
  expect(before).toBeGreaterThan(0)
  expect(world.told.filter((text) => text.includes('importance'))).toHaveLength(before)
  expect(gate(again, 'explainability')).toEqual(gate(first, 'explainability'))
})

test('a limit on a feature that is misspelt is a mistake of the policy, and holds the promotion until it is mended', async () => {
  const world = await openLeaning({ max_importance: { sex_mal: 0.5 } })

  const { code, out } = await weighbridge(['validate', '--repo', world.folder])
  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(code).toBe(2)
  expect(out).toMatch(
    /^policies\/production\.yml:\d+:\d+ gates\.explainability\.max_importance: sex_mal is a feature of no model here/m,
  )
  expect(out).toContain('Did you mean sex_male?')
  expect(gate(check, 'explainability')).toMatchObject({ status: 'inconclusive', title: 'there is no feature sex_mal' })
  expect(check.verdict.status).toBe('inconclusive')
})
