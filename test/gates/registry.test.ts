import { expect, test } from 'vitest'
import type { Finding } from '../../src/gates/finding.ts'
import type { GateSubject } from '../../src/gates/gate.ts'
import { registryFinding, registryGate } from '../../src/gates/registry.ts'
import { planPromotion } from '../../src/policy/plan.ts'
import type { ChangeKind } from '../../src/registry/change.ts'
import {
  churn,
  compose,
  digestOf,
  evidenceOf,
  present,
  promotion,
  recordFile,
  registered,
  soundArtifact,
  weighing,
} from '../policy/weighing.ts'

const gate = compose({ 'policies/p.yml': 'gates: {}\n' }).gates.find(({ gate: name }) => name === 'registry')!
const judge = (subject: GateSubject, evidence = evidenceOf()): Finding =>
  registryGate.judge(subject, gate as never, evidence)
const child = (found: Finding, title: string) => found.children.find((one) => one.title === title)

test('a promotion of a sound record stands', () => {
  expect(judge(weighing())).toMatchObject({ status: 'passed', gate: 'registry' })
})

test('a mistake in a file fails at its place, a warning does not', () => {
  const mistake = {
    path: 'models/churn/model.yml',
    line: 3,
    column: 5,
    where: 'task',
    what: 'unknown task',
    mend: 'Write binary.',
  }
  const found = judge(registered({ mistakes: [{ ...mistake, severity: 'error' }] }))
  expect(found.status).toBe('failed')
  expect(found.children[0]).toMatchObject({
    because: 'task: unknown task. Write binary.',
    place: { line: 3, column: 5 },
    flips: 'Write binary.',
  })
  expect(judge(registered({ mistakes: [{ ...mistake, severity: 'warning' }] })).status).toBe('passed')
})

test('a merged version can’t be edited, with or without a promotion', () => {
  const change = {
    kind: 'version-changed' as const,
    path: 'models/churn/versions/1.3.0.yml',
    model: 'churn',
    version: '1.3.0',
  }
  expect(judge(registered({ changes: [promotion, change] })).because).toContain('immutable')
  const alone = registryFinding({ changes: [change], mistakes: [], conflicts: [] })
  expect(alone).toMatchObject({ status: 'failed', children: [{ place: { path: 'models/churn/versions/1.3.0.yml' } }] })
})

test('a version that landed with another digest fails, also after it was removed in between', () => {
  const found = judge(registered({ firstDigest: digestOf('9') }))
  expect(child(found, 'immutability')).toMatchObject({
    status: 'failed',
    place: { path: 'models/churn/versions/1.4.0.yml', line: 4 },
  })
  expect(found.because).toContain(digestOf('9'))
  expect(found.because).toContain('Give the new artifact a new version.')
})

test('a step that is too small fails and names what changed', () => {
  const candidate = recordFile('1.3.1', { parent: '1.3.0', threshold: 0.4 })
  const found = judge({ ...weighing(), candidate })
  expect(found.status).toBe('failed')
  expect(found.because).toContain('a patch step where a minor one is needed: the threshold is 0.4, was 0.5')
  expect(judge({ ...weighing(), candidate: recordFile('1.4.0', { parent: '1.3.0', threshold: 0.4 }) }).status).toBe(
    'passed',
  )
})

test('other operators in the graph ask for a minor step; a graph that can’t be read decides nothing', () => {
  const candidate = recordFile('1.3.1', { parent: '1.3.0', artifact: { uri: 'file:b', digest: digestOf('c') } })
  const subject = { ...weighing(), candidate }
  const deeper = { ...soundArtifact, onnx: { ...soundArtifact.onnx!, operators: { Gemm: 2 } } }
  const graphs = (read: boolean) =>
    evidenceOf((request) => {
      if (request.kind !== 'artifact' || request.subject.version !== '1.3.1') return undefined
      return read
        ? present(deeper)
        : { kind: 'artifact', status: 'unreachable', key: 'k', because: 'no answer', mend: 'Try again.' }
    })
  expect(judge(subject, graphs(true))).toMatchObject({ status: 'failed' })
  expect(judge(subject, graphs(true)).because).toContain('operators Gemm')
  expect(judge(subject, graphs(false))).toMatchObject({ status: 'inconclusive' })
  expect(judge(subject)).toMatchObject({ status: 'passed' })
})

test('the parent’s artifact is only asked for where its graph can matter', () => {
  const composed = compose({ 'policies/p.yml': 'gates: {}\n' })
  const versions = (subject: GateSubject) =>
    planPromotion(subject, composed).flatMap((request) =>
      request.kind === 'artifact' ? [request.subject.version] : request.kind === 'registration' ? [] : [request.kind],
    )
  expect(versions(weighing())).toEqual(['1.4.0'])
  expect(versions({ ...weighing(), candidate: recordFile('1.3.1', { parent: '1.3.0' }) })).toEqual(['1.3.1', '1.3.0'])
})

test('a parent that does not exist fails, no parent is only said', () => {
  const missing = judge(registered({ parent: null, versions: ['1.2.0', '1.3.0'] }))
  expect(missing.because).toContain(
    'there is no churn 1.3.0. Name one that exists, or leave parent out. Versions of churn: 1.2.0, 1.3.0.',
  )
  expect(judge(registered({ parent: null }, { ...weighing(), candidate: recordFile('1.4.0') })).status).toBe('passed')
})

test('a retired version is not promoted, and its retirement can’t be taken back beside the promotion', () => {
  const retired = [{ version: '1.4.0', on: '2026-10-01', reason: 'leaks the label' }]
  expect(judge({ ...weighing(), model: { ...churn, retired } }).because).toContain(
    'retired on 2026-10-01: leaks the label',
  )
  const fields = [{ field: 'retired[0]', from: '1.4.0', to: '' }]
  const back = { kind: 'model-changed' as const, path: 'models/churn/model.yml', model: 'churn', fields }
  expect(judge(registered({ changes: [promotion, back] })).status).toBe('failed')
})

test('a path that changed on both sides asks to update the branch', () => {
  const found = judge(registered({ conflicts: ['models/churn/model.yml'] }))
  expect(found.status).toBe('inconclusive')
  expect(child(found, 'models/churn/model.yml')?.flips).toBe('Update the branch.')
})

test('whoever changes the rules promotes nothing in the same pull request', () => {
  const beside = (kind: ChangeKind, model?: string) =>
    judge(registered({ changes: [promotion, { kind, path: 'some/file.yml', ...(model && { model }) }] }))
  for (const kind of ['policy-changed', 'configuration-changed'] as const) {
    expect(beside(kind)).toMatchObject({ status: 'failed' })
    expect(beside(kind).because).toContain('promotes nothing. Open two pull requests')
  }
  for (const kind of ['terms-changed', 'evaluation-changed'] as const) {
    expect(beside(kind, 'churn').status).toBe('failed')
    expect(beside(kind, 'fraud').status).toBe('passed')
  }
})

test('an exam that the head names is information and changes nothing', () => {
  const found = judge(registered({ headExam: { uri: 'file:easy.parquet', digest: digestOf('d') } }))
  expect(found.status).toBe('passed')
  expect(child(found, 'exam')).toMatchObject({ status: 'passed', advisory: true })
  expect(child(found, 'exam')?.because).toContain('file:easy.parquet')
})

test('promoting what is served already is said', () => {
  const candidate = recordFile('1.3.0')
  expect(child(judge(registered({ parent: null }, { ...weighing(), candidate })), 'incumbent')?.because).toBe(
    'churn 1.3.0 is what the environment serves already',
  )
})
