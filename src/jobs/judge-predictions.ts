import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type {
  Evidence,
  EvidenceReader,
  EvidenceRequest,
  FactsOf,
  FairnessRequest,
  MetricsRequest,
} from '../gates/evidence.ts'
import type { GateSubject, RecordFile } from '../gates/gate.ts'
import { gateNamed } from '../gates/index.ts'
import { measureFairness } from '../measuring/fairness.ts'
import { type MeasureInput, measureMetrics } from '../measuring/metrics.ts'
import { applicableGate } from '../policy/applicable-gate.ts'
import { type Composed, composePolicy } from '../policy/compose.ts'
import { type PolicyFile, policyKind } from '../policy/policy-file.ts'
import { verdictOf } from '../policy/verdict.ts'
import { type TableSource, type Tables, Unavailable } from '../ports.ts'
import { readFile as readKind } from '../registry/file-kind.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { readSourceText } from '../registry/source-text.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { type Exam, readExam } from './exam.ts'
import { pairPredictions } from './pair-predictions.ts'

/** What `judge` was asked: columns of two prediction files. */
export interface JudgeAsk {
  readonly candidate: TableSource
  readonly incumbent: TableSource | null
  readonly task: 'binary' | 'regression'
  readonly id: string | null
  readonly label: string
  readonly positive: string | number | boolean
  readonly score: string | null
  readonly prediction: string | null
  readonly threshold: number
  readonly sensitive: readonly string[]
  readonly unit: string | null
  readonly now: string
  readonly engine: string
}

/** Gates that two prediction files can answer. */
const JUDGED = ['metrics', 'fairness']

/** The check for two prediction files: the same rules, the same statistics, no registry. */
export async function judgePredictions(ask: JudgeAsk, composed: Composed, tables: Tables): Promise<CheckDocument> {
  const subject = subjectOf(ask)
  const gates = composed.gates
    .filter((gate) => JUDGED.includes(gate.gate))
    .map((gate) => applicableGate(subject, { ...gate, provenanceAsked: false }))
  const requests = gates.flatMap((gate) => gateNamed(gate.gate)?.plan(subject, gate) ?? [])
  const metrics = requests.find((request) => request.kind === 'metrics')
  const fairness = requests.find((request) => request.kind === 'fairness')
  const exam = await examOf(ask, tables, metrics, fairness)
  const paired = await pairPredictions(ask, exam, tables)
  const input: MeasureInput = {
    exam: paired.exam,
    candidate: paired.candidate,
    incumbent: paired.incumbent,
    masks: exam.masks,
  }
  const evidence = readerOf(input, exam, metrics, fairness)
  const findings = gates.map((gate) => gateNamed(gate.gate)!.judge(subject, gate, evidence))
  const judged = verdictOf({
    changes: [],
    promotions: [{ change: subject.change, findings }],
    general: [],
    notAsked: [],
    loosened: composed.loosened,
  })
  const title = `${ask.candidate.called}${ask.incumbent === null ? '' : ` against ${ask.incumbent.called}`}`
  return {
    schema: 'weighbridge.judgement/v1',
    engine: ask.engine,
    base: null,
    head: null,
    merge_base: null,
    now: ask.now,
    sources: [],
    not_asked: [
      ...composed.gates.filter((gate) => gate.declared && !JUDGED.includes(gate.gate)).map((gate) => gate.gate),
      'provenance',
    ],
    changes: [],
    rows: paired.exam.rows - paired.dropped,
    warnings: paired.warnings,
    verdict: { ...judged, title },
    repeat: null,
  }
}

async function examOf(
  ask: JudgeAsk,
  tables: Tables,
  metrics: MetricsRequest | undefined,
  fairness: FairnessRequest | undefined,
): Promise<Exam> {
  const shape = await tables.describe(ask.candidate)
  const present = new Set(shape.columns.map((column) => column.name))
  const across = [...new Set([...ask.sensitive, ...(fairness?.measures.flatMap((measure) => measure.across) ?? [])])]
  const needed = [ask.label, ask.score, ask.prediction, ask.id, ask.unit, ...across].filter((name) => name !== null)
  const absent = needed.filter((name) => !present.has(name))
  if (absent.length > 0)
    throw new Unavailable(
      'missing',
      `${ask.candidate.called} has no column ${absent.map((name) => `"${name}"`).join(', ')}`,
      `Columns there: ${[...present].join(', ')}.`,
    )
  const where = metrics?.measures.flatMap((measure) => (measure.where === undefined ? [] : [measure.where])) ?? []
  return readExam(tables, ask.candidate, examTermsOf(ask), { where, across })
}

function examTermsOf(ask: JudgeAsk) {
  return {
    data: { uri: 'file:candidate', digest: ask.candidate.files[0]?.digest ?? '' },
    task: ask.task,
    label: { name: ask.label, positive: ask.positive },
    columns: { ...(ask.id === null ? {} : { id: ask.id }), ...(ask.unit === null ? {} : { unit: ask.unit }) },
  }
}

function readerOf(
  input: MeasureInput,
  exam: Exam,
  metrics: MetricsRequest | undefined,
  fairness: FairnessRequest | undefined,
): EvidenceReader {
  const facts: Partial<FactsOf> = {
    ...(metrics === undefined ? {} : { metrics: measureMetrics(input, metrics.measures) }),
    ...(fairness === undefined
      ? {}
      : { fairness: measureFairness({ ...input, columns: exam.table.columns }, fairness.measures) }),
  }
  return {
    of: <Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>) => {
      const found = facts[request.kind as keyof FactsOf]
      const answer =
        found === undefined
          ? {
              kind: request.kind,
              status: 'missing',
              key: '',
              because: `${request.kind} can't be judged from two prediction files`,
              mend: 'Use a registry: weighbridge init.',
            }
          : { kind: request.kind, status: 'present', key: '', facts: found, cache: 'computed' }
      return answer as unknown as Evidence<Kind>
    },
  }
}

/** A promotion without a registry: the two files stand for two versions. */
function subjectOf(ask: JudgeAsk): GateSubject {
  const start = { path: ask.candidate.called, line: 1, column: 1 }
  const model: Model = {
    model: 'predictions',
    task: ask.task,
    label: { name: ask.label, positive: ask.positive },
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
    exam: { data: examTermsOf(ask).data, setBy: 'model' },
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
  }
}

/**
 * The policy of a file on the command line, with shipped ones and its neighbours to extend.
 *
 * @returns mistakes instead, when the file or the composition has any
 */
export async function policyFromFile(
  path: string | null,
  shipped: ReadonlyMap<string, PolicyFile>,
): Promise<{ readonly composed: Composed } | { readonly mistakes: readonly Mistake[] }> {
  if (path === null) return { composed: composePolicy({ files: new Map(), shipped, use: ['weighbridge/baseline'] }) }
  const names = (await readdir(dirname(path)).catch(() => [])).filter((name) => /\.ya?ml$/.test(name))
  const asked = basename(path)
  const files = new Map<string, PolicyFile>()
  const mistakes: Mistake[] = []
  for (const name of new Set([asked, ...names])) {
    const bytes = await readFile(join(dirname(path), name)).catch(() => null)
    if (bytes === null && name === asked)
      throw new Unavailable(
        'missing',
        `there is no policy ${path}`,
        'Check the path, or leave --policy out for weighbridge/baseline.',
      )
    if (bytes === null) continue
    const source = readSourceText(name, bytes)
    const reading = source.ok
      ? readKind(policyKind, `policies/${name}`, source.text)
      : { ok: false as const, mistakes: source.mistakes }
    if (reading.ok)
      files.set(`policies/${name}`, {
        path: `policies/${name}`,
        policy: reading.value,
        place: (field) => reading.place(field),
      })
    else if (name === asked) mistakes.push(...reading.mistakes)
  }
  if (mistakes.length > 0) return { mistakes }
  const composed = composePolicy({ files, shipped, use: [`policies/${asked}`] })
  const errors = composed.mistakes.filter((mistake) => mistake.severity === 'error')
  return errors.length > 0 ? { mistakes: errors } : { composed }
}
