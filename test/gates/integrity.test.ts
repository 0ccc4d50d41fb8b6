import { expect, test } from 'vitest'
import type { ArtifactFacts, Evidence } from '../../src/gates/evidence.ts'
import { integrityGate } from '../../src/gates/integrity.ts'
import { compose, digestOf, evidenceOf, present, recordFile, soundArtifact, weighing } from '../policy/weighing.ts'

const gateOf = (text: string) =>
  compose({ 'policies/p.yml': text }).gates.find(({ gate }) => gate === 'integrity') as never
const gate = gateOf('gates: {}\n')
const judge = (answer: Evidence, subject = weighing()) =>
  integrityGate.judge(
    subject,
    gate,
    evidenceOf(() => answer),
  )
const facts = (more: Partial<ArtifactFacts>) => present({ ...soundArtifact, ...more })

test('bytes that are what the record says pass', () => {
  expect(judge(facts({}))).toMatchObject({ status: 'passed' })
})

test('another digest fails with both digests, at the record’s line', () => {
  const found = judge(facts({ digest: digestOf('9') }))
  expect(found.status).toBe('failed')
  expect(found.children[0]).toMatchObject({ place: { path: 'models/churn/versions/1.4.0.yml', line: 4 } })
  expect(found.because).toContain(`is ${digestOf('9')}, the record says ${digestOf('a')}`)
})

test('every problem of the bytes is a failed child of its own', () => {
  const problems = [
    { code: 'external-data', what: 'it refers to weights.bin outside of the file', mend: 'Save it as one file.' },
    { code: 'signature', what: 'its input is X, the record says features', mend: 'Record what the file says.' },
  ]
  const found = judge(facts({ problems }))
  expect(found.children.map(({ title, status }) => [title, status])).toEqual([
    ['digest', 'passed'],
    ['external-data', 'failed'],
    ['signature', 'failed'],
  ])
})

test('what can’t be fetched, hashed or parsed is never passed', () => {
  for (const status of ['missing', 'unreachable'] as const) {
    const found = judge({ kind: 'artifact', status, key: 'k', because: 'S3 answers 404', mend: 'Upload it.' })
    expect(found).toMatchObject({ status: 'inconclusive', flips: 'Upload it.' })
  }
  expect(judge(facts({ digest: null })).status).toBe('inconclusive')
  expect(judge(facts({ onnx: null })).status).toBe('inconclusive')
  expect(judge(facts({ onnx: null, format: 'opaque' })).status).toBe('passed')
})

test('the size that is taken is the policy’s, and 500 MB without one', () => {
  expect(integrityGate.plan(weighing(), gate)).toMatchObject([{ kind: 'artifact', max_bytes: 500_000_000 }])
  const small = gateOf('gates: {integrity: {max_mb: 20}}\n')
  expect(integrityGate.plan(weighing(), small)).toMatchObject([{ max_bytes: 20_000_000 }])
  const files = [{ path: 'model.onnx', digest: digestOf('a'), size_bytes: 10 }]
  const candidate = recordFile('1.4.0', { files })
  expect(integrityGate.plan({ ...weighing(), candidate }, gate)).toMatchObject([{ subject: { files } }])
})
