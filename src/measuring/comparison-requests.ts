import { artifactRequest } from '../gates/artifact-request.ts'
import type {
  ArtifactRequest,
  DriftRequest,
  EvidenceRequest,
  ExplainabilityRequest,
  FairnessRequest,
  LatencyRequest,
  MetricsRequest,
} from '../gates/evidence.ts'
import { examMissing, examSubject, examTerms } from '../gates/exam-request.ts'
import { comparedTask } from '../gates/fairness-request.ts'
import { type Model, sensitiveColumns, type TableReference } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import { DISPARITIES } from '../statistics/disparities.ts'
import { METRICS } from '../statistics/metrics.ts'

/** Two versions to be laid side by side: a is what is known, b what it is compared with. */
export interface ComparedVersions {
  /** model.yml of a and of b; the exam and its terms are a's. */
  readonly models: { readonly a: Model; readonly b: Model }
  readonly a: VersionRecord
  readonly b: VersionRecord
  /** What both are judged on; null where nothing names one. */
  readonly exam: TableReference | null
  /** Calls are timed too, which takes a while. */
  readonly latency: boolean
}

/** What has to be measured; null where there is nothing to ask, and why. */
export interface ComparisonRequests {
  readonly metrics: MetricsRequest | Absent
  readonly fairness: FairnessRequest | Absent
  readonly drift: DriftRequest | Absent
  readonly explainability: ExplainabilityRequest | Absent
  readonly latency: LatencyRequest | Absent
  readonly artifacts: { readonly a: ArtifactRequest; readonly b: ArtifactRequest }
}

export interface Absent {
  readonly kind: 'absent'
  readonly because: string
  readonly mend: string
}

const CONFIDENCE = 0.95
const MIN_ROWS = 30
/** Smaller shifts of a column are not worth a line. */
const MIN_EFFECT = 0.05
const EXPLAINED = { rows: 2000, repeats: 10, seed: 0 } as const
const TIMED_CALLS = 2000
/** Disparities of a binary model that people know by name; a comparison shows no more. */
const SHOWN_DISPARITIES = [
  'statistical_parity_difference',
  'disparate_impact',
  'equal_opportunity_difference',
  'equalized_odds_difference',
]

/** Everything that a comparison of two versions asks for: b as the candidate, a as the incumbent. */
export function comparisonRequests(compared: ComparedVersions): ComparisonRequests {
  const { a, b } = compared
  return {
    metrics: metricsOf(compared),
    fairness: fairnessOf(compared),
    drift: driftOf(compared),
    explainability: explainabilityOf(compared),
    latency: compared.latency ? timed(compared) : absent('latency was not asked for', 'Ask with --latency.'),
    artifacts: { a: artifactRequest(a, undefined), b: artifactRequest(b, undefined) },
  }
}

/** The requests that there are, for `gather`. */
export function askedOf({ artifacts, ...requests }: ComparisonRequests): readonly EvidenceRequest[] {
  const asked = Object.values(requests).filter((request) => request.kind !== 'absent')
  return [artifacts.a, artifacts.b, ...asked]
}

function absent(because: string, mend: string): Absent {
  return { kind: 'absent', because, mend }
}

/** The exam and both versions on it, or why there is none. */
function answers({ models, exam: data, a, b }: ComparedVersions) {
  const subject = { model: models.a, exam: data === null ? null : { data, setBy: 'model' as const } }
  const missing = examMissing(subject)
  const exam = examTerms(subject)
  if (exam === null) return absent(missing?.because ?? 'there is no exam', missing?.mend ?? '')
  const candidate = examSubject({ ...subject, model: models.b }, b)
  return { kind: 'exam' as const, exam, candidate, incumbent: examSubject(subject, a) }
}

function metricsOf(compared: ComparedVersions): MetricsRequest | Absent {
  const asked = answers(compared)
  if (asked.kind === 'absent') return asked
  const { task } = compared.models.a
  const known = METRICS.filter(({ tasks }) => (tasks as readonly string[]).includes(task))
  if (known.length === 0) return absent(`task ${task} has no metrics that this version computes`, 'Compare its units.')
  const measures = known.map(({ name }) => ({ metric: name, confidence: CONFIDENCE, against_incumbent: true }))
  return { ...asked, kind: 'metrics', measures }
}

function fairnessOf(compared: ComparedVersions): FairnessRequest | Absent {
  const asked = answers(compared)
  if (asked.kind === 'absent') return asked
  const model = compared.models.a
  const columns = sensitiveColumns(model)
  if (columns.length === 0) return absent('model.yml names no sensitive columns', 'Name sensitive: in model.yml.')
  if (model.evaluation?.sensitive !== undefined)
    return absent('sensitive columns may only be read by a runner', 'Compare on that runner.')
  const own = comparedTask(model)
  const known = DISPARITIES.filter(({ task, gateable }) => task === own && gateable).map(({ name }) => name)
  const shown = own === 'binary' ? known.filter((name) => SHOWN_DISPARITIES.includes(name)) : known
  if (shown.length === 0) return absent(`there are no disparities for the task ${model.task}`, '')
  const common = { confidence: CONFIDENCE, min_rows: MIN_ROWS, small_groups: 'report' as const }
  const measures = columns.flatMap((column) =>
    shown.map((metric) => ({ across: [column], metric, ...common, against_incumbent: true })),
  )
  return { ...asked, kind: 'fairness', measures }
}

function driftOf({ a, b, models }: ComparedVersions): DriftRequest | Absent {
  const [reference, current] = [a.evaluation.reference, b.evaluation.reference]
  if (reference.digest === current.digest) return absent('both were trained on the same reference set', '')
  const columns = (models.a.features ?? []).filter(({ type }) => ['number', 'category', 'boolean'].includes(type))
  if (columns.length === 0) return absent('model.yml names no features', 'Name features: in model.yml.')
  return { kind: 'drift', reference, current: [current], columns, test: 'default', min_effect: MIN_EFFECT }
}

function explainabilityOf(compared: ComparedVersions): ExplainabilityRequest | Absent {
  const asked = answers(compared)
  if (asked.kind === 'absent') return asked
  const { task } = compared.models.a
  if (task === 'other') return absent(`importance is not measured for the task ${task}`, '')
  return { ...asked, kind: 'explainability', ...EXPLAINED }
}

function timed(compared: ComparedVersions): LatencyRequest | Absent {
  const asked = answers(compared)
  if (asked.kind === 'absent') return asked
  return { ...asked, kind: 'latency', batch: 1, calls: TIMED_CALLS, runner: null }
}
