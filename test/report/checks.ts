import type { Exhibit, Finding, GroupRow } from '../../src/gates/finding.ts'
import { finding } from '../../src/gates/finding.ts'
import type { Change } from '../../src/registry/change.ts'
import type { CheckDocument } from '../../src/report/check-document.ts'

/** Checks made by hand, for what people read of them. */

export function checkOf(root: Finding, more: Partial<CheckDocument> = {}): CheckDocument {
  return {
    schema: 'weighbridge.check/v1',
    engine: 'weighbridge 0.1.0',
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    merge_base: 'a'.repeat(40),
    now: '2026-11-18T10:00:00.000Z',
    sources: [{ of: 'policy', repository: 'acme/models', sha: 'a'.repeat(40) }],
    not_asked: ['approvals'],
    changes: [promotion()],
    rows: 8000,
    warnings: [],
    verdict: { ...root, validUntil: null },
    repeat: 'npx weighbridge check --base aaaaaaaaaaaa --head bbbbbbbbbbbb --now 2026-11-18T10:00:00.000Z',
    ...more,
  }
}

export function promotion(more: Partial<Change> = {}): Change {
  return {
    kind: 'promotion',
    path: 'deploy/production/churn.yml',
    model: 'churn',
    environment: 'production',
    from: '1.3.0',
    to: '1.4.0',
    ...more,
  }
}

type Children = readonly Finding[]

export const root = (status: Finding['status'], because: string, children: Children = []): Finding =>
  finding('weighbridge', `churn 1.3.0 -> 1.4.0 in production: ${status}`, status, because, { children })

export const gate = (name: string, status: Finding['status'], children: Children = [], more: Partial<Finding> = {}) =>
  finding(name, name, status, 'Every rule is kept.', { children, ...more })

const place = { path: 'policies/production.yml', line: 6, column: 5 }

export function aucRule(status: Finding['status'], measured: number, more: Partial<Finding> = {}): Finding {
  const because = `roc_auc ${measured} is ${status === 'passed' ? 'over' : 'under'} the floor of 0.88. Judged by the measured value; its 95 % interval [0.9055, 0.9169] (delong) is shown.`
  return finding('metrics', 'roc_auc', status, because, {
    measured,
    limit: { min: 0.88 },
    interval: [0.9055, 0.9169],
    confidence: 0.95,
    method: 'delong',
    support: { rows: 8000 },
    provenance: 'recomputed',
    incumbent: { version: '1.3.0', measured: 0.9012, difference: null, interval: null },
    place,
    ...more,
  })
}

export function lossRule(status: Finding['status'], more: Partial<Finding> = {}): Finding {
  const because = 'log_loss rose by 0.0051 [-0.002, 0.0122] against 1.3.0; whether by more than 0.01 cannot be told.'
  return finding('metrics', 'log_loss against the incumbent', status, because, {
    measured: 0.3012,
    limit: { max_rise: 0.01 },
    interval: [0.29, 0.312],
    confidence: 0.9,
    incumbent: { version: '1.3.0', measured: 0.2961, difference: 0.0051, interval: [-0.002, 0.0122] },
    place: { ...place, line: 7 },
    ...more,
  })
}

export const groupRow = (
  value: string | null,
  rows: number | null,
  rate: number | null,
  more: Partial<GroupRow> = {},
): GroupRow => ({
  group: { sex: value },
  rows,
  counted: true,
  value: rate,
  interval: rate === null ? null : [Math.max(0, rate - 0.03), rate + 0.03],
  incumbent: rate === null ? null : rate + 0.02,
  ...more,
})

export const groups = (rows: readonly GroupRow[], across: readonly string[] = ['sex']): Exhibit => ({
  kind: 'groups',
  across,
  rate: 'selection_rate',
  groups: rows,
})

const curve = (bend: number) => Array.from({ length: 11 }, (_, index) => [index / 10, (index / 10) ** bend] as const)
const bins = (tilt: number) =>
  Array.from({ length: 10 }, (_, index) => ({
    mean_score: index / 10 + 0.05,
    mean_label: index / 10 + 0.05 + tilt,
    rows: 100,
  }))

export const curves: readonly Exhibit[] = [
  { kind: 'roc', candidate: curve(0.3), incumbent: curve(0.5) },
  { kind: 'calibration', candidate: bins(0.01), incumbent: bins(-0.03) },
]

export const columns: Exhibit = {
  kind: 'columns',
  threshold: 0.05,
  columns: [
    { column: 'tenure', score: 0.12, threshold: 0.05, is_drifted: true },
    { column: 'plan', score: 0.02, threshold: 0.05, is_drifted: false },
    { column: 'größe', score: null, threshold: null, is_drifted: null, note: 'too few rows' },
  ],
}

const registry = gate('registry', 'passed', [finding('registry', 'immutability', 'passed', 'one digest ever since')])
const unheard = finding('freeze', 'freeze: nothing declared', 'skipped', 'The policy has no freeze.')

export const passed = checkOf(
  root('passed', '3 gates passed, approvals not asked here.', [
    registry,
    gate('metrics', 'passed', [aucRule('passed', 0.9112)], { exhibits: curves }),
    gate('drift', 'passed', [], { exhibits: [columns], because: 'no column of 2 drifted' }),
    unheard,
  ]),
)

const impact = finding(
  'fairness',
  'disparate_impact across sex',
  'failed',
  'disparate_impact across sex (Male and Female) 0.2947 is under the floor of 0.5.',
  {
    measured: 0.2947,
    limit: { min: 0.5 },
    interval: [0.2567, 0.3448],
    confidence: 0.95,
    place: { ...place, line: 9 },
    flips: '0.2054 more disparate_impact, or a floor of 0.2946',
    exhibits: [
      groups([
        groupRow('Female', 2640, 0.0788),
        groupRow('Male', 5360, 0.2674),
        groupRow(null, 12, 0.25, { counted: false, incumbent: null }),
        groupRow('(too small to show)', null, null, { counted: false }),
      ]),
    ],
  },
)

const lineage = finding(
  'lineage',
  'training.commit',
  'failed',
  'training.commit is not recorded. Add it to the record.',
  {
    flips: 'Add it to the record.',
  },
)

export const failed = checkOf(
  root('failed', 'fairness: disparate_impact across sex (Male and Female) 0.2947 is under the floor of 0.5.', [
    registry,
    gate('lineage', 'failed', [lineage], { advisory: true, because: 'training.commit is not recorded.' }),
    gate('metrics', 'passed', [aucRule('passed', 0.9112)]),
    gate('fairness', 'failed', [impact]),
    unheard,
  ]),
)

const decides = { rows: 464, of: 'rows', because: '464 more rows would decide it 4 times of 5' }

export const inconclusive = checkOf(
  root('inconclusive', 'not decided: metrics: log_loss rose by 0.0051 [-0.002, 0.0122] against 1.3.0.', [
    registry,
    gate('metrics', 'inconclusive', [
      lossRule('inconclusive', {
        decides,
        flips: '0.0022 less log_loss, or max_rise 0.0122',
        review: { role: 'approver' },
      }),
      aucRule('passed', 0.9112),
    ]),
    finding('drift', 'drift', 'inconclusive', 'the evidence is missing. file:data/day.parquet is not there', {
      flips: 'Upload it, or record the URI where it lies.',
    }),
  ]),
  { warnings: [{ code: 'empty', message: 'one partition is empty' }] },
)

const one = (environment: string, status: Finding['status'], children: Children): Finding =>
  finding('promotion', `churn 1.3.0 -> 1.4.0 in ${environment}: ${status}`, status, 'See below.', { children })

export const several = checkOf(
  root('failed', 'metrics: roc_auc 0.85 is under the floor of 0.88.', [
    one('staging', 'passed', [registry, gate('metrics', 'passed', [aucRule('passed', 0.9112)])]),
    one('production', 'failed', [
      registry,
      gate('metrics', 'failed', [aucRule('failed', 0.85, { flips: 'a floor of 0.85' })]),
    ]),
  ]),
  { changes: [promotion({ environment: 'staging' }), promotion()] },
)

export const nothing = checkOf(
  finding('weighbridge', 'nothing of ours changed', 'passed', 'Nothing of ours changed.'),
  {
    changes: [],
    not_asked: [],
    repeat: null,
  },
)
