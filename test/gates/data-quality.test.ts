import { describe, expect, test } from 'vitest'
import { dataQualityGate } from '../../src/gates/data-quality.ts'
import type { QualityFacts, QualityRequest } from '../../src/gates/evidence.ts'
import { composed, judged, modelWith, subjectWith } from './measuring-world.ts'

type QualityColumn = QualityFacts['columns'][number]

function column(name: string, more: Partial<QualityColumn> = {}): QualityColumn {
  return {
    column: name,
    type: 'number',
    missing: 0,
    distinct: 40,
    constant: false,
    below_min: 0,
    above_max: 0,
    unseen: 0,
    ...more,
  }
}

function facts(more: Partial<QualityFacts> = {}): { quality: QualityFacts } {
  return {
    quality: {
      rows: 1000,
      columns: [column('tenure'), column('plan'), column('notes'), column('sex'), column('age_group')],
      missing_columns: [],
      unexpected_columns: [],
      wrong_types: [],
      look_alikes: [],
      duplicates: { rows: 0, by: 'id' },
      label_null: 0,
      conflicting_labels: 0,
      overlap: { share: 0, chance: 0, by: 'id' },
      leaks: [],
      ...more,
    },
  }
}

const EXAMPLE = { max_missing_share: 0.05, max_duplicate_share: 0.01, max_train_overlap: 0.01, schema: 'strict' }

function weigh(rule: object, more: Partial<QualityFacts> = {}) {
  return judged(dataQualityGate, [rule], facts(more))
}

test('a clean exam passes the example policy, each limit with what was measured', () => {
  const gate = weigh(EXAMPLE)
  expect(gate.status).toBe('passed')
  expect(gate.children.map(({ status, measured, limit }) => [status, measured, limit?.max])).toEqual([
    ['passed', 0, 0.05],
    ['passed', 0, 0.01],
    ['passed', 0, 0.01],
    ['passed', null, undefined],
  ])
})

describe('limits are closed', () => {
  test.each([
    ['max_missing_share', { columns: [column('tenure', { missing: 50 }), column('plan')] }, 'passed'],
    ['max_missing_share', { columns: [column('tenure', { missing: 51 }), column('plan')] }, 'failed'],
    ['max_duplicate_share', { duplicates: { rows: 10, by: 'id' as const } }, 'passed'],
    ['max_duplicate_share', { duplicates: { rows: 11, by: 'row' as const } }, 'failed'],
    ['max_train_overlap', { overlap: { share: 0.123, chance: 0.125, by: 'row' as const } }, 'passed'],
    ['max_train_overlap', { overlap: { share: 0.11, chance: 0.1, by: 'row' as const } }, 'passed'],
    ['max_train_overlap', { overlap: { share: 0.12, chance: 0.1, by: 'row' as const } }, 'failed'],
    ['max_train_overlap', { overlap: null }, 'inconclusive'],
  ] as const)('%s with %o: %s', (key, more, status) => {
    expect(weigh({ [key]: EXAMPLE[key] }, more).status).toBe(status)
  })

  test('labels', () => {
    expect(weigh({ max_label_missing: 0.01 }, { label_null: 10 }).status).toBe('passed')
    expect(weigh({ max_label_missing: 0.01 }, { label_null: 11 }).status).toBe('failed')
  })

  test('the limit that it takes, passes', () => {
    const [child] = weigh({ max_duplicate_share: 0.01 }, { duplicates: { rows: 33, by: 'id' } }).children
    expect(child).toMatchObject({
      status: 'failed',
      flips: 'each row once, or max_duplicate_share 0.033',
      measured: 0.033,
    })
    expect(weigh({ max_duplicate_share: 0.033 }, { duplicates: { rows: 33, by: 'id' } }).status).toBe('passed')
  })

  test('only columns that the model reads or is judged across may miss too much', () => {
    const columns = [column('tenure'), column('comment', { missing: 900 })]
    expect(weigh({ max_missing_share: 0.05 }, { columns }).status).toBe('passed')
    expect(weigh({ max_missing_share: 0.05 }, { columns: [column('comment')] }).status).toBe('inconclusive')
  })
})

describe('the schema', () => {
  test.each([
    [{ missing_columns: ['tenure'] }, 'failed', 'failed'],
    [{ wrong_types: [{ column: 'tenure', expected: 'number', found: 'category' }] }, 'failed', 'failed'],
    [{ columns: [column('plan', { unseen: 1 })] }, 'failed', 'passed'],
    [{ columns: [column('tenure', { below_min: 3 })] }, 'failed', 'passed'],
    [{ columns: [column('tenure', { above_max: 3 })] }, 'failed', 'passed'],
    [{ unexpected_columns: ['legacy'] }, 'passed', 'passed'],
    [{ look_alikes: [['sex', 'sеx']] as const }, 'failed', 'failed'],
  ] as const)('%o: strict %s, lenient %s', (more, strict, lenient) => {
    expect(weigh({ schema: 'strict' }, more).status).toBe(strict)
    expect(weigh({ schema: 'lenient' }, more).status).toBe(lenient)
  })

  test('names columns and counts, never values', () => {
    const gate = weigh({ schema: 'strict' }, { columns: [column('plan', { unseen: 7 })], missing_columns: ['tenure'] })
    expect(gate.children.map(({ title, because }) => `${title}: ${because}`)).toEqual([
      expect.stringContaining('missing columns: tenure.'),
      expect.stringContaining('categories that model.yml does not list: plan (7 rows).'),
    ])
  })

  test('names that look alike are spelled out, also where no schema is asked for', () => {
    const gate = weigh({ max_duplicate_share: 0.01 }, { look_alikes: [['sex', 'sеx']] })
    expect(gate.status).toBe('failed')
    expect(gate.children.find(({ status }) => status === 'failed')?.title).toBe('sex and s<U+0435>x look alike')
  })
})

describe('what never holds', () => {
  test('conflicting labels are information, leaks and silent columns are advice', () => {
    const gate = weigh(EXAMPLE, {
      conflicting_labels: 34,
      leaks: [{ column: 'tenure', auc: 0.997 }],
      columns: [column('tenure'), column('plan', { constant: true })],
    })
    expect(gate.status).toBe('passed')
    const advice = gate.children.filter(({ advisory }) => advisory)
    expect(advice.map(({ title, status }) => [title, status])).toEqual([
      ['conflicting labels', 'passed'],
      ['tenure gives the label away', 'failed'],
      ['columns that say nothing: plan', 'failed'],
    ])
  })

  test('a rule without a limit judges nothing, and an advisory one does not hold', () => {
    expect(weigh({}).status).toBe('skipped')
    expect(weigh({ ...EXAMPLE, advisory: true }, { missing_columns: ['tenure'] })).toMatchObject({
      status: 'failed',
      advisory: true,
    })
  })
})

describe('nothing to judge', () => {
  test.each(['missing', 'unreachable'] as const)('%s evidence holds', (absent) => {
    expect(judged(dataQualityGate, [EXAMPLE], { absent }).status).toBe('inconclusive')
  })

  test('an empty exam, or none, holds', () => {
    expect(weigh(EXAMPLE, { rows: 0 }).status).toBe('inconclusive')
    expect(judged(dataQualityGate, [EXAMPLE], {}, { subject: subjectWith({ exam: null }) }).status).toBe('inconclusive')
  })

  test('nothing declared is skipped, or held where it is required', () => {
    expect(judged(dataQualityGate, [], {}).status).toBe('skipped')
    expect(judged(dataQualityGate, [], {}, { required: true }).status).toBe('inconclusive')
  })

  test('the exam is looked at beside the rows that the candidate was trained on', () => {
    const [request] = dataQualityGate.plan(subjectWith(), composed(dataQualityGate, [EXAMPLE]))
    expect(request).toMatchObject({
      kind: 'quality',
      reference: { uri: 'file:data/train.parquet' },
      sensitive: ['sex', 'age_group'],
    })
    expect((request as QualityRequest).features).toEqual(modelWith({}).features)
  })

  test.each([{ max_missing_share: 5 }, { max_missing_share: -0.1 }, { max_missing: 0.1 }, { schema: 'loose' }])(
    '%o is refused',
    (rule) => {
      expect(dataQualityGate.rule.safeParse(rule).success).toBe(false)
    },
  )
})

describe('an exam that begins before the training data end', () => {
  const order = (from: string, until: string) => ({
    time_order: { exam_from: Date.parse(from), reference_until: Date.parse(until) },
  })
  const weigh = (more: Partial<QualityFacts>, rule: object = EXAMPLE) =>
    judged(dataQualityGate, [rule], facts(more)).children.find(({ title }) => title.includes('training data'))

  test('was seen in part in training: it fails with both moments', () => {
    const found = weigh(order('2026-01-01', '2026-03-01'))
    expect(found).toMatchObject({ status: 'failed', reason: 'quality:time-order' })
    expect(found?.because).toContain('2026-01-01T00:00:00.000Z')
    expect(found?.because).toContain('2026-03-01T00:00:00.000Z')
  })

  test('one that comes after them passes, and nothing is said without a time column or the rule', () => {
    expect(weigh(order('2026-03-01', '2026-03-01'))).toMatchObject({ status: 'passed' })
    expect(weigh({})).toBeUndefined()
    expect(weigh(order('2026-01-01', '2026-03-01'), { max_missing_share: 0.05 })).toBeUndefined()
  })
})
