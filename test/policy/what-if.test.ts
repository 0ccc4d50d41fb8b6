import { describe, expect, test } from 'vitest'
import type { Evidence, EvidenceRequest, MetricsRequest } from '../../src/gates/evidence.ts'
import type { Finding } from '../../src/gates/finding.ts'
import { judgeGates, judgePromotion } from '../../src/policy/judge.ts'
import { planPromotion } from '../../src/policy/plan.ts'
import { reusedEvidence } from '../../src/policy/reused-evidence.ts'
import { judgeSupposed, withoutApprovals } from '../../src/policy/what-if.ts'
import { compose, evidenceOf, recordFile, weighing } from './weighing.ts'

const OWN = `gates:
  metrics:
    - {metric: roc_auc, min: 0.88}
    - {metric: recall, min: 0.6}
    - {metric: roc_auc, against: incumbent, max_drop: 0.01, confidence: 0.9}
  approvals: [{role: approver}]
`
const own = compose({ 'policies/production.yml': OWN })

/** Every metric of the candidate is 0.9, of the incumbent 0.91. */
function measured(request: EvidenceRequest): Evidence | undefined {
  if (request.kind !== 'metrics') return undefined
  const estimate = (value: number) => ({
    value,
    interval: [value - 0.002, value + 0.002] as const,
    confidence: 0.95,
    method: 'delong',
    support: { rows: 1000, positives: 400, negatives: 600 },
  })
  const outputs = { rows: 1000, dropped: { label_null: 0, score_null: 0 }, provenance: 'recomputed', problems: [] }
  const facts = {
    candidate: { ...outputs, version: '1.4.0' },
    incumbent: request.incumbent === null ? null : { ...outputs, version: '1.3.0' },
    measured: request.measures.map(({ against_incumbent }) => ({
      candidate: estimate(0.9),
      incumbent: against_incumbent ? estimate(0.91) : null,
      difference: against_incumbent ? { ...estimate(-0.01), interval: [-0.012, -0.008] } : null,
    })),
    curves: { roc: null, calibration: null },
  }
  return { kind: 'metrics', status: 'present', key: 'k', cache: 'computed', facts } as unknown as Evidence
}

const subject = weighing()
const evidence = evidenceOf(measured)
const requests = planPromotion(subject, own)
const reused = reusedEvidence(evidence, requests)
const asked = requests.find((one): one is MetricsRequest => one.kind === 'metrics')!

const statusesOf = (findings: readonly Finding[]) => findings.map(({ gate, status }) => `${gate} ${status}`)
const supposed = (change: Partial<{ subject: typeof subject; composed: typeof own }>) =>
  judgeSupposed({ subject, composed: own, ...change }, reused, judgeGates)

describe('judging again by evidence that is there', () => {
  test('says of things as they are exactly what the verdict says', () => {
    const { findings, notComputed } = supposed({})

    expect(findings).toEqual(judgePromotion(subject, own, evidence))
    expect(notComputed).toEqual([])
  })

  test('judges another limit on a measure that is there', () => {
    const stricter = compose({ 'policies/other.yml': 'gates: {metrics: [{metric: roc_auc, min: 0.95}]}' })

    const { status, findings } = supposed({ composed: stricter })

    expect(status).toBe('failed')
    expect(statusesOf(findings)).toContain('metrics failed')
  })

  test('never guesses: a metric that nobody measured is named, and nothing passes without it', () => {
    const other = compose({
      'policies/other.yml': 'gates: {metrics: [{metric: roc_auc, min: 0.8}, {metric: log_loss, max: 0.3}]}',
    })

    const { status, findings, notComputed } = withoutApprovals(supposed({ composed: other }))

    expect(notComputed).toEqual(['metrics/log_loss'])
    expect(statusesOf(findings)).toContain('metrics passed')
    expect(status).toBe('open')
  })

  test('a rule that fails by what is there fails, whatever else was not computed', () => {
    const other = compose({
      'policies/other.yml': 'gates: {metrics: [{metric: roc_auc, min: 0.95}, {metric: log_loss, max: 0.3}]}',
    })

    expect(supposed({ composed: other }).status).toBe('failed')
  })

  test('against another incumbent the candidate’s own numbers stand, and a comparison takes new evidence', () => {
    const { notComputed, findings } = supposed({
      subject: { ...subject, incumbent: recordFile('1.2.0', { threshold: 0.4 }), incumbentSource: 'last-served' },
    })

    expect(notComputed).toEqual(['metrics/roc_auc/incumbent'])
    expect(statusesOf(findings)).toContain('metrics passed')
  })

  test('against no incumbent nothing is compared, so nothing is missing', () => {
    const { notComputed, findings } = supposed({ subject: { ...subject, incumbent: null, incumbentSource: 'none' } })

    expect(notComputed).toEqual([])
    expect(statusesOf(findings)).toContain('metrics passed')
  })

  test('without approvals it passes when they alone held it', () => {
    const held = supposed({ composed: compose({ 'policies/other.yml': 'gates: {approvals: [{role: approver}]}' }) })

    expect(held.status).toBe('inconclusive')
    expect(withoutApprovals(held).status).toBe('passed')
  })
})

describe('evidence of one policy asked by another', () => {
  test('answers some of many measures, in the order that is asked for', () => {
    const some = { ...asked, measures: [asked.measures[1]!, asked.measures[0]!] }

    const answer = reused.of<'metrics'>(some)

    expect(answer.status === 'present' && answer.facts.measured).toHaveLength(2)
  })

  test('answers nothing about another exam, another candidate or another confidence', () => {
    const others = [
      { ...asked, exam: { ...asked.exam, threshold: 0.9 } },
      { ...asked, candidate: { ...asked.candidate, version: '9.9.9' } },
      { ...asked, measures: [{ ...asked.measures[0]!, confidence: 0.99 }] },
    ] as readonly EvidenceRequest[]

    expect(others.map((one) => reused.knows(one))).toEqual([false, false, false])
    expect(reused.of<'metrics'>(others[1] as MetricsRequest).status).toBe('missing')
  })

  test('takes an artifact that is below both limits as checked, and no other', () => {
    const artifact = requests.find(({ kind }) => kind === 'artifact') as Extract<EvidenceRequest, { kind: 'artifact' }>

    expect(reused.knows({ ...artifact, max_bytes: 2000 })).toBe(true)
    expect(reused.knows({ ...artifact, max_bytes: 999 })).toBe(false)
  })
})
