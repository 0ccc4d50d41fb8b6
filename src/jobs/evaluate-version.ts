import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { MetricsFacts, MetricsRequest, Subject } from '../gates/evidence.ts'
import type { Provenance } from '../gates/finding.ts'
import { type Snapshot, Unavailable } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { Model } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import type { Better, Estimate } from '../statistics/estimate.ts'
import { METRICS } from '../statistics/metrics.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { gather } from './gather.ts'
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
  const ports = await input.openPorts(configuration)
  const request = requestOf(model, record)
  const evidence = (await gather([request], ports)).of<'metrics'>(request)
  if (evidence.status !== 'present') throw new Unavailable(evidence.status, evidence.because, evidence.mend)
  return documentOf(request, evidence.facts, ports.engine)
}

function present<T>(reading: Read<T>, path: string, mend: string): T {
  if (reading === null) throw new Unavailable('missing', `${path} is not there`, mend)
  if (reading.ok) return reading.value
  const [first] = reading.mistakes
  throw new Unavailable(
    'missing',
    `${path}:${first?.line ?? 1} ${first?.what ?? 'has mistakes'}`,
    'weighbridge validate shows every mistake.',
  )
}

function requestOf(model: Model, record: VersionRecord): MetricsRequest {
  const data = model.evaluation?.data ?? record.evaluation.data
  if (data === undefined)
    throw new Unavailable('missing', `no exam is named for ${model.model}`, 'Name evaluation.data in model.yml.')
  if (model.label === undefined || model.task === 'other' || model.task === 'multiclass')
    throw new Unavailable(
      'missing',
      `task ${model.task} has no metrics that this version computes`,
      'Binary and regression models can be evaluated.',
    )
  const { id, time, unit, weight } = model.columns ?? {}
  const task = model.task
  return {
    kind: 'metrics',
    exam: {
      data,
      task,
      label: {
        name: model.label.name,
        ...(model.label.positive === undefined ? {} : { positive: model.label.positive }),
      },
      columns: { ...(id && { id }), ...(time && { time }), ...(unit && { unit }), ...(weight && { weight }) },
    },
    candidate: subjectOf(model, record),
    incumbent: null,
    measures: METRICS.filter((metric) => (metric.tasks as readonly string[]).includes(task)).map((metric) => ({
      metric: metric.name,
      confidence: 0.95,
      against_incumbent: false,
    })),
  }
}

function subjectOf(model: Model, record: VersionRecord): Subject {
  const features = model.features ?? []
  return {
    model: record.model,
    version: record.version,
    artifact: record.artifact,
    ...(record.files && { files: record.files }),
    features: record.features ?? features.map((feature) => feature.name),
    feature_types: Object.fromEntries(features.map((feature) => [feature.name, feature.type])),
    ...(record.signature && { signature: record.signature }),
    ...(record.classes && { classes: record.classes }),
    threshold: record.threshold ?? 0.5,
    ...(record.evaluation.predictions && { predictions: record.evaluation.predictions }),
    ...(record.evaluation.units && { units: record.evaluation.units }),
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
