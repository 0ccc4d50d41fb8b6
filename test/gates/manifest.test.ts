import { expect, test } from 'vitest'
import type { ManifestDocument } from '../../src/gates/gate.ts'
import { manifestFinding, manifestGate } from '../../src/gates/manifest.ts'
import { evidenceOf, weighing } from '../policy/weighing.ts'

const subject = weighing()
const bound = subject.manifest.documents[0]!
const at = (line: number) => ({ path: 'deploy/production/all.yml', line, column: 1 })
const other = (binding: ManifestDocument['binding'], line: number): ManifestDocument => ({
  ...bound,
  place: at(line),
  name: `object-${line}`,
  binding,
  model: binding === 'bound' ? 'fraud' : null,
  what: `it is ${binding}`,
  mend: 'Bind it to a record.',
})
const judge = (documents: readonly ManifestDocument[], strays = subject.manifest.strays) =>
  manifestGate.judge({ ...subject, manifest: { documents, strays } }, {} as never, evidenceOf())

test('an environment whose documents are bound or neutral is closed', () => {
  expect(judge([bound, other('neutral', 9), other('bound', 20)])).toMatchObject({ status: 'passed' })
})

test('each unbound document fails at its place, each unresolved one decides nothing', () => {
  const found = judge([bound, other('unbound', 9), other('unresolved', 20)])
  expect(found.status).toBe('failed')
  expect(found.children.map(({ status, place }) => [status, place?.line])).toEqual([
    ['passed', 1],
    ['failed', 9],
    ['inconclusive', 20],
  ])
  expect(found.children[1]?.because).toBe('it is unbound. Bind it to a record.')
  expect(judge([bound, other('unresolved', 20)]).status).toBe('inconclusive')
})

test('a serving object outside of every environment fails', () => {
  const stray = { place: at(3), what: 'an InferenceService outside of every environment', mend: 'Move it.' }
  expect(judge([bound], [stray])).toMatchObject({ status: 'failed' })
  expect(manifestFinding({ documents: [], strays: [stray] })).toMatchObject({
    status: 'failed',
    children: [{ place: at(3) }],
  })
})

test('exactly one object serves the promoted version', () => {
  expect(judge([])).toMatchObject({ status: 'failed' })
  expect(judge([bound, { ...bound, name: 'twin', place: at(7) }]).children[0]?.because).toContain('both serve churn')
  expect(judge([{ ...bound, version: '1.3.0' }]).children[0]?.because).toContain(
    'serves 1.3.0, the promotion is of 1.4.0',
  )
})
