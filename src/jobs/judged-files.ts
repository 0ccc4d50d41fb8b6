import type { ExamTerms } from '../gates/evidence.ts'
import type { GateSubject, RecordFile } from '../gates/gate.ts'
import type { TableSource } from '../ports.ts'
import type { Model } from '../registry/model.ts'

/** What `judge` was asked: columns of two prediction files. */
export interface JudgeAsk {
  readonly candidate: TableSource
  readonly incumbent: TableSource | null
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly id: string | null
  readonly label: string
  readonly positive: string | number | boolean
  /** Whether `positive` was named: of several classes it is then the favourable one. */
  readonly isPositiveNamed?: boolean
  readonly score: string | null
  /** Several classes: columns of their probabilities begin so. */
  readonly scorePrefix: string | null
  readonly prediction: string | null
  readonly threshold: number
  readonly sensitive: readonly string[]
  readonly unit: string | null
  readonly now: string
  readonly engine: string
}

/** The exam is the candidate's own file. */
export function judgedTerms(ask: JudgeAsk): ExamTerms {
  return {
    data: { uri: 'file:candidate', digest: ask.candidate.files[0]?.digest ?? '' },
    task: ask.task,
    label: labelOf(ask),
    columns: { ...(ask.id === null ? {} : { id: ask.id }), ...(ask.unit === null ? {} : { unit: ask.unit }) },
  }
}

function labelOf({ task, label, positive, isPositiveNamed }: JudgeAsk) {
  return task === 'multiclass' && isPositiveNamed !== true ? { name: label } : { name: label, positive }
}

/** A promotion without a registry: the two files stand for two versions. */
export function judgedSubject(ask: JudgeAsk): GateSubject {
  const start = { path: ask.candidate.called, line: 1, column: 1 }
  const model: Model = {
    model: 'predictions',
    task: ask.task,
    label: labelOf(ask),
    sensitive: [...ask.sensitive],
    columns: { ...(ask.id === null ? {} : { id: ask.id }), ...(ask.unit === null ? {} : { unit: ask.unit }) },
  }
  const recordOf = (version: string, source: TableSource): RecordFile => {
    const data = { uri: `file:${version}`, digest: source.files[0]?.digest ?? '' }
    return {
      path: source.called,
      record: {
        model: 'predictions',
        version,
        created: ask.now,
        artifact: { uri: data.uri, digest: data.digest, format: 'opaque' },
        evaluation: { data, reference: data },
        threshold: ask.threshold,
      },
      place: () => start,
    }
  }
  const candidate = recordOf('candidate', ask.candidate)
  const incumbent = ask.incumbent === null ? null : recordOf('incumbent', ask.incumbent)
  const change = {
    kind: 'promotion' as const,
    path: ask.candidate.called,
    model: 'predictions',
    environment: 'judgement',
    from: incumbent === null ? null : 'incumbent',
    to: 'candidate',
  }
  return {
    change,
    configuration: {
      version: 1,
      store: { artifacts: 'file:.' },
      environments: [],
    } as unknown as GateSubject['configuration'],
    environment: { name: 'judgement', manifests: '.', policy: 'weighbridge/baseline' },
    model,
    candidate,
    incumbent,
    incumbentSource: incumbent === null ? 'none' : 'served',
    exam: { data: judgedTerms(ask).data, setBy: 'model' },
    rollback: false,
    now: ask.now,
    registry: {
      mistakes: [],
      changes: [change],
      parent: null,
      versions: [],
      firstDigest: null,
      conflicts: [],
      headExam: null,
      recordsConsidered: 0,
    },
    manifest: { documents: [], strays: [] },
    history: { liveInEarlier: null, firstHere: false },
    drift: null,
    github: null,
  }
}
