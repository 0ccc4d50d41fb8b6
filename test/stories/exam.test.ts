import { expect, test } from 'vitest'
import {
  fixtureBytes,
  gate,
  manifestFile,
  modelFile,
  openWorld,
  recordPath,
  said,
  stored,
  storedTable,
  versionFiles,
} from '../support/registry-world.ts'

const EASY = stored(
  'data/easy.csv',
  fixtureBytes('compas/evaluation.csv').toString().split('\n').slice(0, 400).join('\n'),
)
const REFERENCE = storedTable('compas/train.csv').reference
const measured = (check: Awaited<ReturnType<Awaited<ReturnType<typeof openWorld>>['check']>>) =>
  gate(check, 'metrics').children.map((child) => [child.measured, child.support?.rows])

test('a head that swaps the exam for an easier one is judged on the old one, and the other is shown', async () => {
  const world = await openWorld({ files: [EASY.file] })
  const honest = await world.check({ head: await world.opensPromotion('1.1.0') })
  const swapped = modelFile('compas', { evaluation: { data: EASY.reference } })

  const check = await world.check({ head: await world.opens('easier', swapped, manifestFile('compas', '1.1.0')) })

  expect(measured(check)).toEqual(measured(honest))
  expect(said(check)).toContain('easy.csv')
  expect(check.changes.map((change) => change.kind)).toContain('evaluation-changed')
})

test('a record that names another set than model.yml is judged on model.yml’s', async () => {
  const world = await openWorld({ files: [EASY.file] })
  const record = { evaluation: { data: EASY.reference, reference: REFERENCE } }
  const files = versionFiles({ set: 'compas', version: '1.2.0', bytes: bytes(), record })

  const check = await world.check({ head: await world.opens('own', ...files, manifestFile('compas', '1.2.0')) })

  expect(measured(check)[0]?.[1]).toBe(1478)
  expect(said(check)).toContain('easy.csv')
})

test('where model.yml names no set, the incumbent’s is everybody’s, whatever the candidate brings', async () => {
  const world = await openWorld({ model: { evaluation: undefined }, files: [EASY.file] })
  const record = { evaluation: { data: EASY.reference, reference: REFERENCE } }
  const files = versionFiles({ set: 'compas', version: '1.2.0', bytes: bytes(), record })

  const check = await world.check({ head: await world.opens('own', ...files, manifestFile('compas', '1.2.0')) })

  expect(measured(check)[0]?.[1]).toBe(1478)
})

test('the first version of a model that is new brings its own exam, and the check says who chose it', async () => {
  const world = await openWorld()
  const record = { evaluation: { data: EASY.reference, reference: REFERENCE } }
  const files = [
    EASY.file,
    modelFile('compas', { evaluation: { data: EASY.reference } }, 'fresh'),
    ...versionFiles({ set: 'compas', model: 'fresh', version: '1.0.0', bytes: bytes(), record }),
    manifestFile('fresh', '1.0.0'),
  ]

  const check = await world.check({ head: await world.opens('fresh', ...files) })

  expect(measured(check)[0]?.[1]).toBe(399)
  expect(said(check)).toMatch(/chosen by the author of 1\.0\.0/)
  expect(check.not_asked).toContain('approvals')
})

test('without any exam nothing is measured, and the check says where to name one', async () => {
  const [artifact, record] = versionFiles({
    set: 'compas',
    version: '1.2.0',
    bytes: bytes(),
    record: { evaluation: { reference: REFERENCE } },
  })
  const lone = await openWorld({
    serves: null,
    versions: [],
    model: { evaluation: undefined },
    files: [artifact!, record!],
  })

  const check = await lone.check({ head: await lone.opens('none', manifestFile('compas', '1.2.0')) })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('Name evaluation.data in model.yml')
})

test('an exam whose bytes are not those that were reviewed measures nothing', async () => {
  const world = await openWorld({ warm: false })
  const path = storedTable('compas/evaluation.csv').file.path
  await world.write({ path, content: EASY.file.content })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain(EASY.reference.digest)
  expect(said(check)).toContain(storedTable('compas/evaluation.csv').reference.digest)
})

test('a promotion of a version that nobody recorded says which file is missing', async () => {
  const world = await openWorld()

  const check = await world.check({ head: await world.opens('unknown', manifestFile('compas', '9.9.9')) })

  expect(check.verdict.status).toBe('failed')
  expect(said(check)).toContain(recordPath('compas', '9.9.9'))
})

function bytes(): Buffer {
  return fixtureBytes('compas/models/1.1.0.onnx')
}
