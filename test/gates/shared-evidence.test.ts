import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { driftGate } from '../../src/gates/drift.ts'
import type { DriftColumn, Evidence, EvidenceReader, FactsOf, MetricMeasured } from '../../src/gates/evidence.ts'
import type { Finding, Status } from '../../src/gates/finding.ts'
import { integrityGate } from '../../src/gates/integrity.ts'
import { metricsGate } from '../../src/gates/metrics.ts'
import { sharedEvidence } from '../../src/gates/shared-evidence.ts'
import { sharedFindings } from '../../src/gates/shared-findings.ts'
import { TELLABLE, UNTOLD } from '../../src/gates/shared-texts.ts'
import { composed, estimate, evidenceFor, MODEL, metricsFacts, outputs, subjectWith } from './measuring-world.ts'
import { sourceText } from './shared-sources.ts'

const subject = subjectWith()
const place = { model: MODEL, minGroup: 10 }

function told<Kind extends keyof FactsOf>(kind: Kind, facts: FactsOf[Kind] | string, request: object = {}) {
  const answer =
    typeof facts === 'string'
      ? { kind, status: 'missing', key: 'k', because: facts, mend: facts }
      : { kind, status: 'present', key: 'k', facts, cache: 'computed' }
  const reader = { of: () => answer } as unknown as EvidenceReader
  const shared = sharedEvidence(reader, place).of({ kind, measures: [], columns: [], ...request } as never)
  return shared as Evidence<Kind> & { readonly facts: FactsOf[Kind]; readonly because: string; readonly mend: string }
}

describe('texts', () => {
  test('a sentence of ours about a file of the registry is told', () => {
    const because = 'file:data/eval.parquet is not there'

    expect(told('metrics', because, { exam: { data: { uri: 'file:data/eval.parquet' } } }).because).toBe(because)
    expect(told('metrics', 'there are no rows').because).toBe('there are no rows')
    expect(told('drift', '3.1 % of the rows are missing, before 0.2 %').because).toContain('3.1 %')
  })

  test('why a version was not run is told, of a version and in words that anybody may read', () => {
    const subjectOf = { subject: { model: 'churn', version: '1.4.0' } }
    const why = (text: string) => told('metrics', text, subjectOf).because

    const pointer = 'churn 1.4.0 was not run: it is a Git LFS pointer, not a model'
    expect(why(pointer)).toBe(pointer)
    expect(why(pointer.replace('churn', 'Zaphod'))).toBe(UNTOLD)
    expect(why('churn 1.4.0 was not run: Zaphod Beeblebrox')).toBe(UNTOLD)
  })

  test('any other text may quote the data, and is not told', () => {
    for (const text of [
      'Zaphod Beeblebrox is not there',
      "Could not convert string 'Zaphod Beeblebrox' to DOUBLE",
      'there are no rows for Zaphod Beeblebrox',
      'candidate: Zaphod Beeblebrox',
      'there are no rows\nZaphod Beeblebrox',
      'x'.repeat(100_000),
    ]) {
      expect(told('metrics', text).because.replace(/^candidate: /, '')).toBe(UNTOLD)
      expect(told('metrics', text).mend).not.toContain('Zaphod')
    }
  })

  test('each sentence that may be told is still one that is said somewhere', () => {
    const source = sourceText()
    const fragments = TELLABLE.flatMap((sentence) => sentence.split(/\{\w+\}/)).map((part) => part.trim())
    expect(fragments.filter((part) => part.length > 3 && !source.includes(part))).toEqual([])
  })
})

describe('drift', () => {
  const column = (more: Partial<DriftColumn>): DriftColumn => ({
    column: 'plan',
    type: 'category',
    test: 'default',
    score: 0.2,
    p_value: 0.001,
    p_adjusted: 0.001,
    threshold: 0.05,
    detectable: 0.01,
    is_drifted: true,
    statistics: {},
    missing_share: { reference: 0, current: 0 },
    unseen_values: ['Zaphod Beeblebrox'],
    unseen_share: 0.02,
    notes: [
      { code: 'unseen', message: '2 % of the rows hold values that the reference never had' },
      { code: 'unseen', message: 'Zaphod Beeblebrox is new' },
    ],
    ...more,
  })
  const facts = {
    rows: { reference: 900, current: 900 },
    columns: [column({})],
    dataset: { columns: 1, drifted: 1, share: 1 },
  }

  test('production’s new categories are counted and not named', () => {
    const shared = told('drift', facts, { columns: [{ name: 'plan' }] }).facts.columns[0]!

    expect(shared).toMatchObject({ column: 'plan', unseen_values: [], unseen_share: 0.02, score: 0.2 })
    expect(shared.notes[0]!.message).toBe('2 % of the rows hold values that the reference never had')
    expect(JSON.stringify(shared)).not.toContain('Zaphod')
  })

  test('is decided as it is locally, column by column', () => {
    const window = {
      status: 'found' as const,
      partitions: [{ uri: 'file:p', digest: `sha256:${'1'.repeat(64)}` }],
      from: '2026-11-13',
      until: '2026-11-20',
    }
    const drifting = subjectWith({ drift: window })
    const columns = fc.array(
      fc.record({
        column: fc.constantFrom('plan', 'tenure'),
        is_drifted: fc.constantFrom(true, false, null),
        reason: fc.constantFrom('too_few_rows', 'id_like', 'Zaphod Beeblebrox', 'one_category'),
      }),
      { maxLength: 6 },
    )
    const rules = fc.constantFrom({}, { critical: ['plan'] }, { max_drifted_share: 0.9 })
    fc.assert(
      fc.property(columns, rules, (some, rule) => {
        const policy = composed(driftGate, [rule])
        const evidence = evidenceFor(driftGate, drifting, policy, { drift: { ...facts, columns: some.map(column) } })
        const local = driftGate.judge(drifting, policy, evidence)
        const shared = driftGate.judge(drifting, policy, sharedEvidence(evidence, place))
        expect(statuses(shared)).toEqual(statuses(local))
      }),
      { numRuns: 100 },
    )
  })
})

describe('metrics', () => {
  const slice = (rows: number, positives: number) =>
    estimate(0.33, [0.1, 0.6], { support: { rows, positives, negatives: rows - positives } })
  const measured = (candidate: MetricMeasured['candidate']): MetricMeasured => ({
    candidate,
    incumbent: null,
    difference: null,
    where_null: 3,
  })
  const facts = (own: MetricMeasured): FactsOf['metrics'] => ({
    candidate: outputs('1.4.0'),
    incumbent: null,
    measured: [measured(slice(500, 200)), own],
    curves: { roc: null, calibration: null },
  })
  const measures = [
    { metric: 'recall', confidence: 0.9, against_incumbent: false },
    { metric: 'recall', where: 'age < 25', confidence: 0.9, against_incumbent: false },
  ]
  const recall = (own: MetricMeasured) => told('metrics', facts(own), { measures }).facts.measured[1]!

  test('a slice of a few people tells nothing of them', () => {
    expect(recall(measured(slice(40, 4))).candidate).toMatchObject({
      value: null,
      interval: null,
      support: { rows: 0 },
    })
    expect(recall(measured(slice(40, 20)))).toEqual({ candidate: slice(40, 20), incumbent: null, difference: null })
  })

  test('nor does a slice of all but a few, because the whole less the slice would', () => {
    expect(recall(measured(slice(493, 198))).candidate.value).toBeNull()
    expect(recall(measured(slice(450, 150))).candidate.value).toBe(0.33)
  })

  test('scores of a bin of a few rows join their neighbours’', () => {
    const bin = (rows: number, mean: number) => ({ rows, mean_score: mean, mean_label: mean })
    const curves = {
      roc: {
        candidate: [
          [0, 0],
          [1, 1],
        ] as const,
        incumbent: null,
      },
      calibration: { candidate: [bin(3, 0.1), bin(0, 0), bin(40, 0.3), bin(50, 0.6), bin(2, 0.9)], incumbent: null },
    }
    const shared = told('metrics', { ...facts(measured(slice(40, 20))), curves }).facts.curves

    expect(shared.roc).toEqual(curves.roc)
    expect(shared.calibration?.candidate.map(({ rows }) => rows)).toEqual([43, 52])
  })

  test('with a few positives in all there is no curve to read them from', () => {
    const few = { rows: 100, mean_score: 0.04, mean_label: 0.04 }
    const curves = { roc: { candidate: [], incumbent: null }, calibration: { candidate: [few], incumbent: null } }

    expect(told('metrics', { ...facts(measured(slice(40, 20))), curves }).facts.curves).toEqual({
      roc: null,
      calibration: null,
    })
  })

  test('whatever was measured, every finding is decided as it is locally', () => {
    const counts = fc.record({ rows: fc.integer({ min: 0, max: 60 }), positives: fc.integer({ min: 0, max: 60 }) })
    const value = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(counts, value, fc.constantFrom(1, 5, 30), (support, number, min_rows) => {
        const rules = [
          { metric: 'recall', min: 0.5, min_rows },
          { metric: 'recall', min: 0.5, where: 'tenure > 3', min_rows },
          { metric: 'accuracy', against: 'incumbent', max_drop: 0.1, confidence: 0.9 },
        ]
        const own = {
          candidate: estimate(number, [number / 2, number], { support: { ...support, negatives: 4 } }),
          difference: estimate(0, [-0.2, 0.1]),
        }
        const policy = composed(metricsGate, rules)
        const evidence = evidenceFor(metricsGate, subject, policy, { metrics: metricsFacts(own) as never })
        const local = metricsGate.judge(subject, policy, evidence)
        const shared = metricsGate.judge(subject, policy, sharedEvidence(evidence, place))
        expect(sharedFindings([local], [shared]).flatMap(statuses)).toEqual(statuses(local))
      }),
      { numRuns: 200 },
    )
  })
})

test('that rows are too few for an interval is told in a shared place too, but not how many there are', () => {
  const message = 'roc_auc: the rarest class has 3 rows, whose labels are Zaphod'
  const warnings = [
    { code: 'few_rows', message },
    { code: 'other', message },
  ]
  const facts = metricsFacts({ candidate: estimate(0.9, [0.8, 1], { warnings, support: { rows: 500 } }) })

  const [shared] = told('metrics', facts({ measures: [{}] } as never), { measures: [{ metric: 'accuracy' }] }).facts
    .measured

  expect(shared?.candidate.warnings).toEqual([{ code: 'few_rows', message: expect.stringContaining('so few') }])
  expect(JSON.stringify(shared)).not.toMatch(/Zaphod|3 rows/)
})

test('an artifact is judged alike, without the words of its bytes', () => {
  const policy = composed(integrityGate, [{}])
  const problem = { code: 'parse', what: 'it holds Zaphod Beeblebrox', mend: 'Ask Zaphod Beeblebrox.' }
  const facts: FactsOf['artifact'] = {
    digest: `sha256:${'a'.repeat(64)}`,
    size_bytes: 10,
    format: 'onnx',
    onnx: null,
    problems: [problem],
  }
  const evidence = evidenceFor(integrityGate, subject, policy, { artifact: facts })

  const shared = integrityGate.judge(subject, policy, sharedEvidence(evidence, place))

  expect(statuses(shared)).toEqual(statuses(integrityGate.judge(subject, policy, evidence)))
  expect(JSON.stringify(shared)).not.toContain('Zaphod')
  expect(JSON.stringify(shared)).toContain('the artifact has a problem (parse)')
})

test('a gate that answered otherwise than locally says how it was decided, and no more', () => {
  const local = [{ ...metricsFinding('failed'), children: [metricsFinding('failed')] }]

  const [shared] = sharedFindings(local, [metricsFinding('inconclusive')])

  expect(statuses(shared!)).toEqual(['failed', 'failed'])
  expect(JSON.stringify(shared)).not.toContain('Zaphod')
})

function metricsFinding(status: Status): Finding {
  const numbers = { measured: 1, limit: null, interval: null, method: null, support: null, provenance: null }
  return { gate: 'metrics', title: 'Zaphod', status, because: 'Zaphod', ...numbers, children: [] }
}

function statuses(finding: Finding): readonly Status[] {
  return [finding.status, ...finding.children.flatMap(statuses)]
}
