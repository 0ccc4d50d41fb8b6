import { describe, expect, test } from 'vitest'
import { dataQualityGate } from '../../src/gates/data-quality.ts'
import { driftGate } from '../../src/gates/drift.ts'
import type { EvidenceReader, FactsOf } from '../../src/gates/evidence.ts'
import { fairnessGate } from '../../src/gates/fairness.ts'
import type { Finding } from '../../src/gates/finding.ts'
import { allOf } from '../../src/gates/finding.ts'
import type { ComposedGate, Gate } from '../../src/gates/gate.ts'
import { integrityGate } from '../../src/gates/integrity.ts'
import { metricsGate } from '../../src/gates/metrics.ts'
import { sharedEvidence } from '../../src/gates/shared-evidence.ts'
import { sharedFindings } from '../../src/gates/shared-findings.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { composed, disparity, estimate, MODEL, outputs, subjectWith } from '../gates/measuring-world.ts'
import { checkOf, root } from './checks.ts'

/** Planted where only the data, a model or a machine could have put it. */
const NAME = 'Zaphod Beeblebrox'
const ID = '4815162342'
const SECRET = 'ghp_canary0000000000000000000000000000'
const CANARIES = [NAME, 'Zaphod', ID, SECRET]
const quoting = (what: string) => `row ${ID}: could not read "${NAME}" (${what}) with ${SECRET}`

const model = {
  ...MODEL,
  features: [
    { name: 'tenure', type: 'number' as const },
    { name: 'plan', type: 'category' as const, values: ['basic', NAME], personal: true },
  ],
  sensitive: [{ name: 'sex', values: ['Male', 'Female'] }, 'age_group', { name: 'plan', values: ['basic', NAME] }],
}
const partition = { uri: 'file:days/1.parquet', digest: `sha256:${'1'.repeat(64)}` }
const drift = { status: 'found' as const, partitions: [partition], from: '2026-11-13', until: '2026-11-20' }
const subject = subjectWith({ model, drift })

const group = (values: Record<string, string | null>, rows: number, counted = true) => ({
  group: values,
  rows,
  counted,
  counts: { positives: rows / 2, negatives: rows / 2, predicted_positives: rows / 3 },
  metrics: { selection_rate: rows / 1234 },
  intervals: { selection_rate: [0.2, 0.4] as const },
})

const across = (column: string, values: readonly (readonly [string | null, number])[]) => {
  const groups = values.map(([value, rows]) => group({ [column]: value }, rows, rows > 29))
  const warnings = [{ code: 'small-groups', message: `left out, since too small: ${column} ${NAME}` }]
  const measured = estimate(0.3, [0.2, 0.4], { warnings, because: quoting('estimate') })
  const pair = [groups[0]!.group, groups[1]!.group] as const
  return {
    candidate: disparity(0.3, [0.2, 0.4], { estimate: measured, groups, between: pair }),
    incumbent: null,
    difference: null,
  }
}

const problem = { code: 'strange', what: quoting('output'), mend: quoting('mend'), rows: 3 }
const answers: Partial<FactsOf> = {
  metrics: {
    candidate: outputs('1.4.0', { problems: [{ ...problem, status: 'inconclusive' }] }),
    incumbent: outputs('1.3.0', { problems: [{ ...problem, status: 'failed' }] }),
    incumbent_missing: quoting('incumbent'),
    measured: [
      {
        candidate: estimate(null, null, { because: quoting('metric') }),
        incumbent: null,
        difference: null,
        where_null: 3,
      },
    ],
    curves: { roc: null, calibration: null },
  },
  fairness: {
    candidate: outputs('1.4.0'),
    measured: [
      across('age_group', [
        ['Ford Prefect', 300],
        [NAME, 200],
        [ID, 4],
        [null, 60],
      ]),
      across('plan', [
        ['basic', 300],
        [NAME, 200],
      ]),
      across('sex', [
        ['Male', 300],
        ['Female', 200],
        [NAME, 60],
      ]),
    ],
  },
  drift: {
    rows: { reference: 900, current: 900 },
    columns: [
      {
        column: 'plan',
        type: 'category',
        test: 'default',
        score: 0.3,
        p_value: null,
        p_adjusted: null,
        threshold: 0.05,
        detectable: null,
        is_drifted: true,
        reason: quoting('reason'),
        statistics: {},
        missing_share: { reference: 0, current: 0 },
        unseen_values: [NAME, ID],
        unseen_share: 0.02,
        notes: [{ code: 'unseen', message: quoting('note') }],
      },
    ],
    dataset: { columns: 1, drifted: 1, share: 1 },
  },
  artifact: {
    digest: `sha256:${'a'.repeat(64)}`,
    size_bytes: 10,
    format: 'onnx',
    onnx: { ir_version: 8, opsets: {}, producer: NAME, inputs: [], outputs: [], operators: {}, parameters: 0 },
    problems: [{ code: 'parse', what: quoting('bytes'), mend: quoting('bytes') }],
  },
}

const reader = {
  of: ({ kind }: { kind: keyof FactsOf }) =>
    kind === 'quality'
      ? { kind, status: 'unreachable', key: 'k', because: quoting('quality'), mend: quoting('quality') }
      : { kind, status: 'present', key: 'k', facts: answers[kind], cache: 'computed' },
} as unknown as EvidenceReader

const policies: readonly (readonly [Gate, ComposedGate])[] = [
  [metricsGate, composed(metricsGate, [{ metric: 'roc_auc', min: 0.8, where: 'tenure > 3' }])],
  [
    fairnessGate,
    composed(
      fairnessGate,
      ['age_group', 'plan', 'sex'].map((column) => ({ across: column, metric: 'disparate_impact', min: 0.8 })),
    ),
  ],
  [driftGate, composed(driftGate, [{ critical: ['plan'] }])],
  [dataQualityGate, composed(dataQualityGate, [{ schema: 'strict' }])],
  [integrityGate, composed(integrityGate, [{}])],
] as unknown as readonly (readonly [Gate, ComposedGate])[]

const judged = (evidence: EvidenceReader): readonly Finding[] =>
  policies.map(([gate, rules]) => gate.judge(subject, rules, evidence))

const checkWith = (findings: readonly Finding[]) =>
  checkOf(root(allOf(findings), findings.map(({ because }) => because).join('; '), findings))

const local = checkWith(judged(reader))
const shared = checkWith(sharedFindings(judged(reader), judged(sharedEvidence(reader, { model, minGroup: 10 }))))

const renderings = (check: typeof local): readonly (readonly [string, string])[] => [
  ['JSON', JSON.stringify(check)],
  ['Markdown', renderMarkdown(check)],
  ['page', renderHtml(check)],
  ['terminal', renderTerminal(check, (_, text) => text).join('\n')],
]

describe('a name, an id and a secret in the evidence', () => {
  test.each(renderings(shared))('are nowhere in a shared %s', (_, text) => {
    for (const canary of [...CANARIES, 'Ford Prefect']) expect(text).not.toContain(canary)
  })

  test.each(renderings(local))('are in the local %s, so this would notice', (_, text) => {
    expect(text).toContain(NAME)
    expect(text).toContain(ID)
  })

  test('change no decision: the shared check says passed or failed where the local one does', () => {
    const statuses = ({ status, children }: Finding): readonly unknown[] => [status, ...children.map(statuses)]
    expect(statuses(shared.verdict)).toEqual(statuses(local.verdict))
  })

  test('groups that nobody declared are told apart by size, declared ones by name', () => {
    const markdown = renderMarkdown(shared)

    expect(markdown).toMatch(/\| age_group group 1 \|/)
    expect(markdown).toMatch(/\| age_group group 2 \|/)
    expect(markdown).toMatch(/\| missing \|/)
    expect(markdown).toMatch(/\| \(too small to show\) \|/)
    expect(markdown).toMatch(/\| plan group 1 \| 300 \|/)
    expect(markdown).toMatch(/\| Male \| 300 \|/)
    expect(markdown).toMatch(/\| sex group 1 \| 60 \|/)
  })
})
