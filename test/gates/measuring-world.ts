import type {
  Disparity,
  Evidence,
  EvidenceReader,
  EvidenceRequest,
  FactsOf,
  MetricMeasured,
  OutputFacts,
} from '../../src/gates/evidence.ts'
import type { Finding } from '../../src/gates/finding.ts'
import type { ComposedGate, Gate, GateSubject, RecordFile } from '../../src/gates/gate.ts'
import { canonicalJson } from '../../src/registry/canonical-json.ts'
import type { Model } from '../../src/registry/model.ts'
import type { VersionRecord } from '../../src/registry/record.ts'
import type { Estimate } from '../../src/statistics/estimate.ts'

/** A promotion of churn 1.4.0 over 1.3.0, as a job would read it; tests change what their story is about. */

const digest = (letter: string) => `sha256:${letter.repeat(64)}`

export const MODEL: Model = {
  model: 'churn',
  task: 'binary',
  features: [
    { name: 'tenure', type: 'number', min: 0 },
    { name: 'plan', type: 'category', values: ['basic', 'plus'] },
    { name: 'notes', type: 'text' },
  ],
  label: { name: 'churned', positive: 1 },
  sensitive: [{ name: 'sex', values: ['Male', 'Female'] }, 'age_group'],
  columns: { id: 'row_id' },
  evaluation: { data: { uri: 'file:data/eval.parquet', digest: digest('e'), rows: 8000 } },
}

export function recordOf(version: string, more: Partial<VersionRecord> = {}): VersionRecord {
  return {
    model: 'churn',
    version,
    created: '2026-11-20T09:12:44Z',
    artifact: { uri: `file:store/churn/${version}.onnx`, digest: digest(version === '1.4.0' ? 'a' : 'b') },
    evaluation: { reference: { uri: 'file:data/train.parquet', digest: digest('f') } },
    ...more,
  }
}

function fileOf(record: VersionRecord): RecordFile {
  const path = `models/churn/versions/${record.version}.yml`
  return { path, record, place: () => ({ path, line: 1, column: 1 }) }
}

export function subjectWith(more: Partial<GateSubject> = {}): GateSubject {
  return {
    change: { kind: 'promotion', path: 'deploy/production/churn.yml', model: 'churn', environment: 'production' },
    configuration: {
      version: 1,
      store: { artifacts: 'file:store' },
      environments: [{ name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml' }],
    },
    environment: { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml' },
    model: MODEL,
    candidate: fileOf(recordOf('1.4.0')),
    incumbent: fileOf(recordOf('1.3.0')),
    incumbentSource: 'served',
    exam: { data: { uri: 'file:data/eval.parquet', digest: digest('e'), rows: 8000 }, setBy: 'model' },
    rollback: false,
    now: '2026-11-21T12:00:00Z',
    registry: {
      mistakes: [],
      changes: [],
      parent: null,
      versions: ['1.3.0'],
      firstDigest: null,
      conflicts: [],
      headExam: null,
      recordsConsidered: 2,
    },
    manifest: { documents: [], strays: [] },
    history: { liveInEarlier: null, firstHere: false },
    drift: null,
    github: null,
    ...more,
  }
}

export function modelWith(more: Partial<Model>): Model {
  return { ...MODEL, ...more }
}

/** Rules in use, parsed by the gate's own schema; ids as the policy makes them. */
export function composed<Rule>(
  gate: Gate<Rule>,
  rules: readonly unknown[],
  more: Partial<ComposedGate<Rule>> & { readonly review?: string } = {},
): ComposedGate<Rule> {
  const { review = null, ...rest } = more
  return {
    gate: gate.name,
    declared: rules.length > 0,
    required: false,
    atLeast: 'recomputed',
    provenanceAsked: true,
    ...rest,
    rules: rules.map((text, index) => {
      const rule = gate.rule.parse(text)
      return {
        id: [gate.name, ...gate.idParts(rule)].join('/'),
        rule,
        places: [{ path: 'policies/production.yml', line: index + 1, column: 5 }],
        advisory: (text as { advisory?: boolean }).advisory === true,
        review,
      }
    }),
  }
}

type Answer = Partial<{ [Kind in keyof FactsOf]: FactsOf[Kind] | ((request: never) => FactsOf[Kind]) }>

/** Evidence that answers exactly what the gate planned; a question that was not planned is a bug of the gate. */
export function evidenceFor<Rule>(
  gate: Gate<Rule>,
  subject: GateSubject,
  rules: ComposedGate<Rule>,
  answers: Answer | { readonly absent: 'missing' | 'unreachable' },
): EvidenceReader {
  const planned = gate.plan(subject, rules).map((request) => canonicalJson(request))
  return {
    of(request: EvidenceRequest) {
      if (!planned.includes(canonicalJson(request))) throw new Error(`${request.kind} was not planned`)
      if ('absent' in answers) {
        const status = answers.absent
        return {
          kind: request.kind,
          status,
          key: 'k',
          because: 'the store did not answer.',
          mend: 'Weigh again.',
        } as never
      }
      const answer = answers[request.kind]
      const facts = typeof answer === 'function' ? answer(request as never) : answer
      return { kind: request.kind, status: 'present', key: 'k', facts, cache: 'computed' } as Evidence<never>
    },
  }
}

/** Plans, gathers and judges. */
export function judged<Rule>(
  gate: Gate<Rule>,
  rules: readonly unknown[],
  answers: Parameters<typeof evidenceFor>[3],
  { subject = subjectWith(), ...more }: Partial<ComposedGate<Rule>> & { subject?: GateSubject; review?: string } = {},
): Finding {
  const policy = composed(gate, rules, more)
  return gate.judge(subject, policy, evidenceFor(gate, subject, policy, answers as never))
}

/** The finding of the only rule. */
export function only(finding: Finding): Finding {
  const rules = finding.children.filter((child) => child.rule !== undefined)
  if (rules.length !== 1) throw new Error(`${rules.length} rules were judged`)
  return rules[0]!
}

export function estimate(
  value: number | null,
  interval: readonly [number, number] | null,
  more: Partial<Estimate> = {},
): Estimate {
  return {
    value,
    interval,
    confidence: 0.9,
    method: interval === null ? null : 'delong',
    support: { rows: 500, positives: 200, negatives: 300, predicted_positives: 180 },
    ...more,
  }
}

export function outputs(version: string, more: Partial<OutputFacts> = {}): OutputFacts {
  return {
    version,
    rows: 500,
    dropped: { label_null: 0, score_null: 0 },
    provenance: 'recomputed',
    problems: [],
    ...more,
  }
}

/** Metrics evidence with one answer for every measure. */
export function metricsFacts(measured: Partial<MetricMeasured>, more: Partial<FactsOf['metrics']> = {}) {
  return (request: { readonly measures: readonly unknown[] }): FactsOf['metrics'] => ({
    candidate: outputs('1.4.0'),
    incumbent: outputs('1.3.0'),
    curves: { roc: null, calibration: null },
    measured: request.measures.map(() => ({
      candidate: estimate(0.9, [0.89, 0.91]),
      incumbent: null,
      difference: null,
      ...measured,
    })),
    ...more,
  })
}

export function disparity(
  value: number | null,
  interval: readonly [number, number] | null,
  more: Partial<Disparity> = {},
): Disparity {
  const group = (sex: string, rows: number) => ({
    group: { sex },
    rows,
    counted: true,
    counts: { positives: 100, negatives: 200, predicted_positives: 90 },
    metrics: { selection_rate: 0.3 },
    intervals: { selection_rate: [0.28, 0.32] as const },
  })
  return {
    estimate: estimate(value, interval, { method: 'all-pairs-newcombe' }),
    between: [{ sex: 'Male' }, { sex: 'Female' }],
    groups: [group('Male', 300), group('Female', 200)],
    uncounted: { groups: 0, share: 0 },
    binding: { of: 'rows', count: 200 },
    ...more,
  }
}
