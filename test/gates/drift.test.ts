import { describe, expect, test } from 'vitest'
import { driftGate, driftRequest } from '../../src/gates/drift.ts'
import type { DriftColumn, DriftFacts, DriftRequest } from '../../src/gates/evidence.ts'
import type { DriftWindow } from '../../src/gates/gate.ts'
import { judgeDrift } from '../../src/gates/judge-drift.ts'
import { reference } from '../support/fixtures.ts'
import { composed, judged, MODEL, modelWith, subjectWith } from './measuring-world.ts'

const FOUND: DriftWindow = {
  status: 'found',
  partitions: [{ uri: 'file:data/predictions/dt=2026-11-20/p.parquet', digest: `sha256:${'7'.repeat(64)}` }],
  from: '2026-11-14',
  until: '2026-11-20',
}
const monitored = subjectWith({ drift: FOUND })
const RULE = { max_drifted_share: 0.3 }

function column(name: string, is_drifted: boolean | null, more: Partial<DriftColumn> = {}): DriftColumn {
  return {
    column: name,
    type: 'number',
    test: 'default',
    score: is_drifted === null ? null : is_drifted ? 0.34 : 0.02,
    p_value: 0.5,
    p_adjusted: 0.5,
    threshold: 0.05,
    detectable: 0.04,
    is_drifted,
    ...(is_drifted === null && { reason: 'too_few_rows' }),
    statistics: {},
    missing_share: { reference: 0, current: 0 },
    unseen_values: [],
    unseen_share: 0,
    notes: [],
    ...more,
  }
}

/** So many columns drifted, still and open. */
function columns(drifted: number, still: number, open = 0): readonly DriftColumn[] {
  const some = (count: number, prefix: string, state: boolean | null) =>
    Array.from({ length: count }, (_, index) => column(`${prefix}${index}`, state))
  return [...some(drifted, 'moved', true), ...some(still, 'still', false), ...some(open, 'open', null)]
}

function facts(all: readonly DriftColumn[]): { drift: DriftFacts } {
  return {
    drift: {
      rows: { reference: 16000, current: 1400 },
      columns: all,
      dataset: { columns: all.length, drifted: 0, share: 0 },
    },
  }
}

function weigh(all: readonly DriftColumn[], rule: object = RULE, more: { review?: string; features?: string[] } = {}) {
  const names = [...all.map((one) => one.column), ...(more.features ?? [])]
  const features = names.map((name) => ({ name, type: 'number' as const }))
  const subject = subjectWith({
    drift: FOUND,
    model: modelWith({ features: features.length > 0 ? features : MODEL.features }),
  })
  return judged(driftGate, [rule], facts(all), { subject, ...more })
}

describe('rules', () => {
  const refusals = (rule: unknown) => {
    const parsed = driftGate.rule.safeParse(rule)
    return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  }

  test('of the example policy are understood', () => {
    const rule = {
      between: ['reference', 'production'],
      test: 'default',
      max_drifted_share: 0.3,
      critical: ['tenure'],
      advisory: true,
    }
    expect(refusals(rule)).toEqual([])
    expect(refusals({})).toEqual([])
    expect(refusals({ test: 'psi', max: 0.2, max_age: '2d', required: true })).toEqual([])
  })

  test.each([
    [{ test: 'psi' }, 'test: psi compares its score with max: add max'],
    [{ max: 0.1 }, 'max: max belongs to a test by name; the default test takes min_effect'],
    [{ test: 'ks', max: 0.1, min_effect: 0.1 }, 'min_effect: min_effect belongs to the default test; ks takes max'],
    [{ columns: ['plan'], critical: ['tenure'] }, 'critical: tenure is critical and not among columns'],
    [{ window: '7d' }, 'window: window belongs to calibrate: windows'],
    [
      { test: 'psi', max: 0.1, calibrate: 'windows' },
      'calibrate: psi compares its score with max; calibrate: windows belongs to the default test',
    ],
  ])('%o is refused with the way out', (rule, said) => {
    expect(refusals(rule)).toEqual([said])
  })

  test('a mistyped test, another pair of windows, a share of nothing are refused', () => {
    expect(refusals({ test: 'wassertein', max: 0.1 })[0]).toContain('Did you mean wasserstein?')
    for (const rule of [
      { between: ['production', 'reference'] },
      { max_drifted_share: 0 },
      { max_drifted_share: 1.1 },
      { max_age: 'two days' },
    ])
      expect(refusals(rule)).not.toEqual([])
  })
})

describe('the share of drifted columns', () => {
  test.each([
    [2, 5, 'passed'],
    [3, 7, 'failed'],
    [29, 71, 'passed'],
    [30, 70, 'failed'],
    [0, 8, 'passed'],
  ])('%d of these drifted, %d did not: %s', (drifted, still, status) => {
    expect(weigh(columns(drifted, still)).status).toBe(status)
  })

  test('is 0.3 where the rule says nothing', () => {
    expect(weigh(columns(3, 7), {}).status).toBe('failed')
    expect(weigh(columns(2, 8), {}).status).toBe('passed')
  })

  test('says what drifted, how far, on how many rows, and shows every column', () => {
    const finding = weigh(columns(3, 7))
    expect(finding).toMatchObject({
      measured: 0.3,
      limit: { max: 0.3 },
      support: { rows: 1400 },
      title: '3 columns of 10 drifted, 30 % is the limit',
    })
    expect(finding.because).toContain('moved0 (0.34, over 0.05)')
    expect(finding.because).toContain('1,400 production rows compared with 16,000 rows')
    const shown = { column: 'moved0', score: 0.34, threshold: 0.05, is_drifted: true }
    expect(finding.exhibits).toMatchObject([{ kind: 'columns', threshold: 0.05, columns: { 0: shown, length: 10 } }])
  })

  test('says where a profile stands in for the rows of the reference, and how far off that can be', () => {
    const { drift } = facts(columns(0, 3))
    const { part } = judgeDrift({}, { ...drift, profiled: { columns: 2, error: 0.00412 } })
    expect(part.because).toContain(
      "In 2 columns the reference's profile stands in for its rows: scores lie within 0.0041 of theirs",
    )
    expect(judgeDrift({}, drift).part.because).not.toContain('profile')
  })

  test('adult: ages of 45 and more in w03 hold when age is critical, and not by themselves', () => {
    const drift = reference('adult').drift.w03.columns
    const all = Object.entries<{ ks?: { statistic: number } }>(drift).map(([name, { ks }]) =>
      column(name, (ks?.statistic ?? 0) > 0.2, { score: ks?.statistic ?? 0.01 }),
    )
    expect(all.filter((one) => one.is_drifted).map((one) => one.column)).toEqual(['age'])
    expect(weigh(all).status).toBe('passed')
    expect(weigh(all, { critical: ['age'] })).toMatchObject({ status: 'failed', title: 'age drifted, and is critical' })
  })
})

describe('columns without a decision', () => {
  test.each([
    [0, 10, 4, 'passed'],
    [2, 8, 1, 'passed'],
    [2, 8, 2, 'inconclusive'],
    [0, 7, 3, 'inconclusive'],
    [0, 0, 5, 'inconclusive'],
    [3, 7, 9, 'failed'],
  ])('%d drifted, %d not, %d open: %s', (drifted, still, open, status) => {
    expect(weigh(columns(drifted, still, open)).status).toBe(status)
  })

  test('no column at all decides nothing', () => {
    expect(weigh([], RULE, { features: ['tenure'] }).status).toBe('inconclusive')
  })

  test('a critical column without a decision holds', () => {
    expect(weigh(columns(0, 9, 1), { critical: ['open0'] })).toMatchObject({
      status: 'inconclusive',
      title: 'open0 is critical and cannot be decided',
    })
  })

  test('columns that tell rows apart are left out, unless they are critical', () => {
    const ids = [...columns(0, 2), column('row', null, { reason: 'id_like' })]
    expect(weigh(ids)).toMatchObject({ status: 'passed' })
    expect(weigh(ids).because).toContain('Not compared: row.')
    expect(weigh(ids, { critical: ['row'] }).status).toBe('inconclusive')
  })

  test('too few rows may be reviewed, all missing may not', () => {
    expect(weigh(columns(0, 0, 5), RULE, { review: 'risk' })).toMatchObject({ review: { role: 'risk' } })
    const gone = [column('tenure', null, { reason: 'all_missing' })]
    expect(weigh(gone, RULE, { review: 'risk' })).toMatchObject({ status: 'inconclusive' })
    expect(weigh(gone, RULE, { review: 'risk' })).not.toHaveProperty('review')
  })
})

describe('what no distance shows', () => {
  const noted = [
    column('tenure', false, {
      notes: [{ code: 'missing-share', message: '35 % of the rows are missing, before 0 %' }],
    }),
    ...columns(0, 3),
  ]

  test('is shown and does not hold', () => {
    const finding = weigh(noted)
    expect(finding.status).toBe('passed')
    expect(finding.children).toMatchObject([
      {
        title: 'tenure: missing-share',
        status: 'failed',
        advisory: true,
        because: 'tenure 35 % of the rows are missing, before 0 %.',
      },
    ])
  })

  test('holds in a critical column', () => {
    expect(weigh(noted, { critical: ['tenure'] })).toMatchObject({ status: 'failed', title: 'tenure: missing-share' })
  })

  test('explanations never hold', () => {
    const few = [column('tenure', false, { notes: [{ code: 'few-rows', message: '300 rows' }] })]
    expect(weigh(few, { critical: ['tenure'] })).toMatchObject({ status: 'passed', children: [{ status: 'skipped' }] })
  })
})

describe('the window', () => {
  test('no monitoring: skipped with the hint, held where drift is required', () => {
    expect(judged(driftGate, [RULE], {})).toMatchObject({ status: 'skipped' })
    expect(judged(driftGate, [RULE], {}).because).toContain('Add monitoring.predictions to model.yml.')
    const none = subjectWith({ drift: { status: 'none', because: 'nothing is monitored.', mend: 'Add monitoring.' } })
    expect(judged(driftGate, [RULE], {}, { subject: none })).toMatchObject({
      status: 'skipped',
      because: 'nothing is monitored. Add monitoring.',
    })
    expect(judged(driftGate, [{ ...RULE, required: true }], {}, { subject: none }).status).toBe('inconclusive')
    expect(judged(driftGate, [RULE], {}, { subject: none, required: true }).status).toBe('inconclusive')
  })

  test.each(['missing', 'unreachable'] as const)('%s: held with the reason and the way out', (status) => {
    const subject = subjectWith({
      drift: { status, because: 'no partition in the last 7d.', mend: 'Check the export.' },
    })
    expect(judged(driftGate, [RULE], {}, { subject })).toMatchObject({
      status: 'inconclusive',
      because: 'no partition in the last 7d. Check the export.',
      flips: 'Check the export.',
    })
  })

  test('an empty window, and evidence that does not come, hold', () => {
    const subject = subjectWith({ drift: { ...FOUND, partitions: [] } })
    expect(judged(driftGate, [RULE], {}, { subject }).status).toBe('inconclusive')
    expect(judged(driftGate, [RULE], { absent: 'unreachable' }, { subject: monitored }).status).toBe('inconclusive')
  })

  test.each([
    ['2026-11-20', '2d', true],
    ['2026-11-19', '36h', true],
    ['2026-11-19', '35h', false],
    ['2026-11-19T12:00:00Z', '2d', true],
    ['2026-11-19T11:59:59Z', '2d', false],
    ['lately', '52w', false],
  ])('rows until %s with max_age %s are new enough: %s', (until, max_age, isNew) => {
    const subject = subjectWith({ drift: { ...FOUND, until } })
    const finding = judged(driftGate, [{ max_age }], facts([column('tenure', false)]), { subject })
    expect(finding.status).toBe(isNew ? 'passed' : 'inconclusive')
  })

  test('compared are numbers, categories and booleans, with the candidate’s own reference', () => {
    const [request] = driftGate.plan(monitored, composed(driftGate, [{}]))
    expect(request).toMatchObject({
      kind: 'drift',
      test: 'default',
      min_effect: 0.05,
      reference: { uri: 'file:data/train.parquet' },
    })
    expect((request as DriftRequest).columns.map(({ name }) => name)).toEqual(['tenure', 'plan'])
    const [some] = driftGate.plan(monitored, composed(driftGate, [{ columns: ['plan'] }]))
    expect((some as DriftRequest).columns.map(({ name }) => name)).toEqual(['plan'])
  })

  test('windows of time are asked for by the time column of model.yml, and a model without one is not judged', () => {
    const rule = { ...RULE, calibrate: 'windows', window: '20d' } as const
    const timed = subjectWith({ drift: FOUND, model: modelWith({ columns: { time: 'ts' } }) })
    expect(driftRequest(timed, rule)?.periods).toEqual({
      time: 'ts',
      calibrate: 'windows',
      window: '20d',
      season: 'none',
    })
    expect(driftRequest(timed, { ...RULE, season: 'week' })?.periods).toMatchObject({
      calibrate: 'rows',
      season: 'week',
    })
    expect(driftRequest(timed, RULE)).not.toHaveProperty('periods')
    const finding = judged(driftGate, [rule], facts(columns(0, 5)), {
      subject: subjectWith({ drift: FOUND, model: modelWith({ columns: {} }) }),
    })
    expect(JSON.stringify(finding)).toContain('the model has no time column')
    expect(finding.status).toBe('inconclusive')
  })

  test('a critical column that no feature has holds, and the right one is named', () => {
    const finding = judged(driftGate, [{ critical: ['tenur'] }], {}, { subject: monitored })
    expect(finding).toMatchObject({ status: 'inconclusive', title: 'drift: there is no feature tenur' })
    expect(finding.flips).toContain('Did you mean tenure?')
    expect(judged(driftGate, [{ critical: ['notes'] }], {}, { subject: monitored }).status).toBe('inconclusive')
  })

  test('an advisory gate says what it saw', () => {
    const finding = weigh(columns(5, 5), { advisory: true })
    expect(finding).toMatchObject({ status: 'failed', advisory: true })
  })

  test('nothing declared is skipped', () => {
    expect(judged(driftGate, [], {}).status).toBe('skipped')
  })
})
