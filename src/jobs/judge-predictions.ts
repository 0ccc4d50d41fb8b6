import type {
  Evidence,
  EvidenceReader,
  EvidenceRequest,
  FactsOf,
  FairnessRequest,
  MetricsRequest,
} from '../gates/evidence.ts'
import { gateNamed } from '../gates/index.ts'
import { measureFairness } from '../measuring/fairness.ts'
import type { MeasureInput } from '../measuring/measure-input.ts'
import { measureMetrics } from '../measuring/metrics.ts'
import { applicableGate } from '../policy/applicable-gate.ts'
import type { Composed } from '../policy/compose.ts'
import { verdictOf } from '../policy/verdict.ts'
import { type Tables, Unavailable } from '../ports.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { type Exam, readExam } from './exam.ts'
import { type JudgeAsk, judgedSubject, judgedTerms } from './judged-files.ts'
import { ofOneClass } from './one-class.ts'
import { pairPredictions } from './pair-predictions.ts'

/** Gates that two prediction files can answer. */
const JUDGED = ['metrics', 'fairness']

/** The check for two prediction files: the same rules, the same statistics, no registry. */
export async function judgePredictions(ask: JudgeAsk, composed: Composed, tables: Tables): Promise<CheckDocument> {
  const subject = judgedSubject(ask)
  const gates = composed.gates
    .filter((gate) => JUDGED.includes(gate.gate))
    .map((gate) => applicableGate(subject, { ...gate, provenanceAsked: false }))
  const requests = gates.flatMap((gate) => gateNamed(gate.gate)?.plan(subject, gate) ?? [])
  const metrics = requests.find((request) => request.kind === 'metrics')
  const fairness = requests.find((request) => request.kind === 'fairness')
  const exam = await examOf(ask, tables, metrics, fairness)
  requirePositives(ask, exam)
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
    schema: 'weighbridge.check/v1',
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

/** A label without one positive row is a wrong word for the positive class far more often than the truth. */
function requirePositives({ task, label, positive, candidate }: JudgeAsk, exam: Exam): void {
  if (task !== 'binary' || exam.label.includes(1)) return
  const column = exam.table.columns.get(label)
  const found = column === undefined || 'nulls' in column ? [] : column.values.slice(0, 8)
  throw new Unavailable(
    'missing',
    `no row of ${candidate.called} has ${label} = ${JSON.stringify(positive)}; found there: ${found.join(', ')}`,
    'Name the positive class with --positive.',
  )
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
  return readExam(tables, ask.candidate, judgedTerms(ask), { where, across })
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
      : {
          fairness: measureFairness(
            { ...ofOneClass(input, fairness.exam.label), columns: exam.table.columns },
            fairness.measures,
          ),
        }),
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
