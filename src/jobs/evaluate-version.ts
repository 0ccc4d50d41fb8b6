import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { MetricsFacts, MetricsRequest } from '../gates/evidence.ts'
import { examMissing, examSubject, examTerms } from '../gates/exam-request.ts'
import type { Provenance } from '../gates/finding.ts'
import { type Snapshot, Unavailable } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { Model } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import type { Better, Estimate } from '../statistics/estimate.ts'
import { METRICS } from '../statistics/metrics.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { gather } from './gather.ts'
import { examOf } from './governing-exam.ts'
import { openJob } from './job.ts'
import { openRegistry, type Read } from './registry-reader.ts'

/** `evaluate --json`. */
export interface EvaluationDocument {
  readonly schema: 'weighbridge.evaluation/v1'
  readonly engine: string
  readonly model: string
  readonly version: string
  readonly task: string
  readonly rows: number
  readonly threshold: number | null
  readonly exam: { readonly uri: string; readonly digest: string }
  readonly provenance: Provenance
  /** Name under which the evidence is kept. */
  readonly evidence: string
  readonly metrics: Readonly<Record<string, Estimate & { readonly better: Better | null }>>
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
}

export interface EvaluateInput {
  readonly snapshot: Snapshot
  readonly model: string
  readonly version: string
  readonly openPorts: (configuration: Configuration) => Promise<GatherPorts>
}

/**
 * Runs a version on the exam that the registry at this snapshot sets, and measures every metric of its task.
 *
 * @throws {Unavailable} when a file is absent or the artifact or the exam can't be had
 */
export async function evaluateVersion(input: EvaluateInput): Promise<EvaluationDocument> {
  const registry = openRegistry(input.snapshot)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start a registry with: weighbridge init',
  )
  const model = present(
    await registry.model(input.model),
    `models/${input.model}/model.yml`,
    'weighbridge list shows the models here.',
  )
  const record = present(
    await registry.record(input.model, input.version),
    `models/${input.model}/versions/${input.version}.yml`,
    `weighbridge show ${input.model} lists its versions.`,
  )
  const request = evaluationRequest(model, record)
  if ('missing' in request) throw new Unavailable('missing', request.missing, request.mend)
  const ports = await input.openPorts(configuration)
  const evidence = (await gather([request], openJob(ports))).of<'metrics'>(request)
  if (evidence.status !== 'present') throw new Unavailable(evidence.status, evidence.because, evidence.mend)
  return documentOf(request, evidence.facts, ports.engine)
}

/** What the registry holds at a path, or why it can not be used. */
export function present<T>(reading: Read<T>, path: string, mend: string): T {
  if (reading === null) throw new Unavailable('missing', `${path} is not there`, mend)
  if (reading.ok) return reading.value
  const [first] = reading.mistakes
  throw new Unavailable(
    'missing',
    `${path}:${first?.line ?? 1} ${first?.what ?? 'has mistakes'}`,
    'weighbridge validate shows every mistake.',
  )
}

/** What `evaluate` measures of a version on the exam that its model.yml sets, or why it cannot. */
export function evaluationRequest(
  model: Model,
  record: VersionRecord,
): MetricsRequest | { readonly missing: string; readonly mend: string } {
  const subject = { model, exam: examOf(model, null, model, record) }
  const missing = examMissing(subject)
  const exam = examTerms(subject)
  if (missing !== null || exam === null)
    return { missing: `${model.model}: ${missing?.because}`, mend: missing?.mend ?? '' }
  const metrics = METRICS.filter(({ tasks }) => (tasks as readonly string[]).includes(model.task))
  if (metrics.length === 0) {
    const why = `task ${model.task} has no metrics that this version computes`
    return { missing: why, mend: 'Binary, multiclass and regression models can be evaluated.' }
  }
  return {
    kind: 'metrics',
    exam,
    candidate: examSubject(subject, record),
    incumbent: null,
    measures: metrics.map(({ name }) => ({ metric: name, confidence: 0.95, against_incumbent: false })),
  }
}

function documentOf(request: MetricsRequest, facts: MetricsFacts, engine: string): EvaluationDocument {
  const better = new Map(METRICS.map((metric) => [metric.name as string, metric.better]))
  const measured = request.measures.map(
    (measure, index) =>
      [measure.metric, { ...facts.measured[index]!.candidate, better: better.get(measure.metric) ?? null }] as const,
  )
  return {
    schema: 'weighbridge.evaluation/v1',
    engine,
    model: request.candidate.model,
    version: request.candidate.version,
    task: request.exam.task,
    rows: facts.candidate.rows,
    threshold: request.exam.task === 'binary' ? request.candidate.threshold : null,
    exam: { uri: request.exam.data.uri, digest: request.exam.data.digest },
    provenance: facts.candidate.provenance,
    evidence: evidenceKey({ engine, request }),
    metrics: Object.fromEntries(measured),
    warnings: facts.candidate.problems.map(({ code, what }) => ({ code, message: what })),
  }
}
