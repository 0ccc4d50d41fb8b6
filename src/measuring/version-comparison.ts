import type { EvidenceReader, EvidenceRequest, FactsOf, LatencyPercentiles } from '../gates/evidence.ts'
import type { Provenance } from '../gates/finding.ts'
import type { VersionRecord } from '../registry/record.ts'
import { DISPARITIES } from '../statistics/disparities.ts'
import type { Better, Estimate } from '../statistics/estimate.ts'
import { betterOf } from '../statistics/metrics.ts'
import type { Absent, ComparedVersions, ComparisonRequests } from './comparison-requests.ts'

/** One number of both versions, and how much larger that of b is on the same rows. */
export interface ComparedNumber {
  readonly a: number | null
  readonly b: number | null
  /** b - a. */
  readonly difference: number | null
  readonly interval: readonly [number, number] | null
  readonly confidence: number
  readonly method: string | null
  readonly p_value: number | null
  readonly better: Better | null
  readonly because?: string
}

/** A part that could not be measured: what, why, and the way out. */
export interface MissingPart {
  readonly part: 'metrics' | 'fairness' | 'drift' | 'explainability' | 'latency' | 'artifact of a' | 'artifact of b'
  readonly because: string
  readonly mend: string
}

/** What a record says of one of the two. */
export interface ComparedRecord {
  readonly model: string
  readonly version: string
  readonly created: string
  readonly digest: string
  readonly size_bytes: number | null
  readonly format: string
  /** Nodes of the graph by operator; null when it was not opened. */
  readonly operators: Readonly<Record<string, number>> | null
  readonly provenance: Provenance | null
}

/** `compare --json`: two versions side by side. */
export interface VersionComparison {
  readonly schema: 'weighbridge.version-comparison/v1'
  readonly engine: string
  readonly a: ComparedRecord
  readonly b: ComparedRecord
  readonly task: string
  readonly exam: { readonly uri: string; readonly digest: string } | null
  readonly rows: number | null
  readonly metrics: Readonly<Record<string, ComparedNumber>>
  readonly fairness: readonly (ComparedNumber & { readonly across: readonly string[]; readonly metric: string })[]
  readonly is_same_reference: boolean
  /** Between what a and what b were trained on; null when it is the same, or was not measured. */
  readonly drift: {
    readonly rows: { readonly a: number; readonly b: number }
    readonly columns: readonly {
      readonly column: string
      readonly score: number | null
      readonly threshold: number | null
      readonly test: string
      readonly is_drifted: boolean | null
    }[]
  } | null
  readonly importance: {
    readonly metric: string
    readonly rows: number
    readonly shift: number | null
    readonly interval: readonly [number, number] | null
    readonly columns: readonly { readonly column: string; readonly a: number | null; readonly b: number | null }[]
  } | null
  /** ms; b over a. */
  readonly latency: {
    readonly a: LatencyPercentiles | null
    readonly b: LatencyPercentiles
    readonly ratio: LatencyPercentiles | null
    readonly confidence: number
    readonly calls: number
  } | null
  /** What the records say differently, and all parameters. */
  readonly recorded: readonly { readonly field: string; readonly a: string | null; readonly b: string | null }[]
  readonly missing: readonly MissingPart[]
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
}

/**
 * Two versions side by side, from evidence that was gathered for `comparisonRequests`.
 *
 * @param reader  local, or `sharedEvidence(reader, ...)` of it where others will read the answer
 */
export function versionComparison(
  compared: ComparedVersions,
  requests: ComparisonRequests,
  reader: EvidenceReader,
  engine: string,
): VersionComparison {
  const missing: MissingPart[] = []
  const ask = <Kind extends keyof FactsOf>(
    part: MissingPart['part'],
    request: Extract<EvidenceRequest, { kind: Kind }> | Absent,
  ): FactsOf[Kind] | null => {
    const answer = request.kind === 'absent' ? (request as Absent) : reader.of<Kind>(request as never)
    if ('facts' in answer) return answer.facts
    missing.push({ part, because: answer.because, mend: answer.mend })
    return null
  }
  const metrics = ask<'metrics'>('metrics', requests.metrics)
  const fairness = ask<'fairness'>('fairness', requests.fairness)
  const isSameReference = compared.a.evaluation.reference.digest === compared.b.evaluation.reference.digest
  const drift = isSameReference ? null : ask<'drift'>('drift', requests.drift)
  const importance = ask<'explainability'>('explainability', requests.explainability)
  const latency = ask<'latency'>('latency', requests.latency)
  const [a, b] = [
    ask<'artifact'>('artifact of a', requests.artifacts.a),
    ask<'artifact'>('artifact of b', requests.artifacts.b),
  ]
  const { exam, models } = compared
  return {
    schema: 'weighbridge.version-comparison/v1',
    engine,
    a: recordOf(compared.a, a, metrics?.incumbent?.provenance ?? null),
    b: recordOf(compared.b, b, metrics?.candidate.provenance ?? null),
    task: models.a.task,
    exam: exam === null ? null : { uri: exam.uri, digest: exam.digest },
    rows: metrics?.candidate.rows ?? null,
    metrics: metricsOf(requests, metrics),
    fairness: fairnessOf(requests, fairness),
    is_same_reference: isSameReference,
    drift: drift && driftOf(drift),
    importance: importance && importanceOf(importance),
    latency: latency && latencyOf(latency),
    recorded: recordedDifferences(compared.a, compared.b),
    missing,
    warnings: warningsOf(metrics, { a, b }),
  }
}

function recordOf(
  { model, version, created, artifact }: VersionRecord,
  facts: FactsOf['artifact'] | null,
  provenance: Provenance | null,
): ComparedRecord {
  const { digest, format = 'onnx', size_bytes = null } = artifact
  const operators = facts?.onnx?.operators ?? null
  return { model, version, created, digest, size_bytes: facts?.size_bytes ?? size_bytes, format, operators, provenance }
}

function comparedNumber(
  of: { readonly candidate: Estimate; readonly incumbent: Estimate | null; readonly difference: Estimate | null },
  better: Better | null,
): ComparedNumber {
  const { candidate, incumbent, difference } = of
  const because = difference?.because ?? candidate.because ?? incumbent?.because
  return {
    a: incumbent?.value ?? null,
    b: candidate.value,
    difference: difference?.value ?? null,
    interval: difference?.interval ?? null,
    confidence: difference?.confidence ?? candidate.confidence,
    method: difference?.method ?? null,
    p_value: difference?.p_value ?? null,
    better,
    ...(because === undefined ? {} : { because }),
  }
}

function metricsOf(
  { metrics: request }: ComparisonRequests,
  facts: FactsOf['metrics'] | null,
): VersionComparison['metrics'] {
  if (request.kind === 'absent' || facts === null) return {}
  const compared = request.measures.map(
    ({ metric }, at) => [metric, comparedNumber(facts.measured[at]!, betterOf(metric))] as const,
  )
  return Object.fromEntries(compared)
}

function fairnessOf(
  { fairness: request }: ComparisonRequests,
  facts: FactsOf['fairness'] | null,
): VersionComparison['fairness'] {
  if (request.kind === 'absent' || facts === null) return []
  return request.measures.map(({ across, metric }, at) => {
    const { candidate, incumbent, difference } = facts.measured[at]!
    const better = DISPARITIES.find(({ name }) => name === metric)?.better ?? null
    const estimates = { candidate: candidate.estimate, incumbent: incumbent?.estimate ?? null, difference }
    return { across, metric, ...comparedNumber(estimates, better) }
  })
}

function driftOf({ rows, columns }: FactsOf['drift']): VersionComparison['drift'] {
  return {
    rows: { a: rows.reference, b: rows.current },
    columns: columns.map(({ column, score, threshold, test, is_drifted }) => ({
      column,
      score,
      threshold,
      test,
      is_drifted,
    })),
  }
}

function importanceOf({ metric, rows, candidate, incumbent, shift }: FactsOf['explainability']) {
  const columns = [...new Set([...(incumbent?.columns ?? []), ...candidate.columns].map(({ column }) => column))]
  const shareOf = (facts: typeof incumbent, name: string) =>
    facts?.columns.find(({ column }) => column === name)?.share ?? null
  return {
    metric,
    rows,
    shift: shift?.value ?? null,
    interval: shift?.interval ?? null,
    columns: columns.map((column) => ({ column, a: shareOf(incumbent, column), b: shareOf(candidate, column) })),
  }
}

function latencyOf({ candidate, incumbent, ratio, confidence, calls }: FactsOf['latency']) {
  const percentiles = ({ p50, p95, p99 }: LatencyPercentiles) => ({ p50, p95, p99 })
  return { a: incumbent && percentiles(incumbent), b: percentiles(candidate), ratio, confidence, calls }
}

/**
 * What two records of versions say differently, and all their parameters, as text.
 *
 * @param a  the version before
 */
export function recordedDifferences(a: VersionRecord, b: VersionRecord): VersionComparison['recorded'] {
  const [before, after] = [fieldsOf(a), fieldsOf(b)]
  const fields = [...new Set([...before.keys(), ...after.keys()])]
  return fields
    .map((field) => ({ field, a: before.get(field) ?? null, b: after.get(field) ?? null }))
    .filter((one) => one.a !== one.b || one.field.startsWith('parameters.'))
}

/** What people compare in two records, as text. */
function fieldsOf({ training, evaluation, features, threshold, parent, artifact }: VersionRecord) {
  const { parameters = {}, commit, seed, data = [], environment = {}, compute = {} } = training ?? {}
  const told: readonly (readonly [string, unknown])[] = [
    ...Object.entries(parameters).map(([name, value]) => [`parameters.${name}`, value] as const),
    ['seed', seed],
    ['commit', commit],
    ...data.map(({ name, uri, digest }, at) => [`data.${name ?? at}`, `${uri} ${digest}`] as const),
    ['reference', `${evaluation.reference.uri} ${evaluation.reference.digest}`],
    ...Object.entries(environment).map(([name, value]) => [`environment.${name}`, value] as const),
    ...Object.entries(compute).map(([name, value]) => [`compute.${name}`, value] as const),
    ['features', features?.join(', ')],
    ['threshold', threshold],
    ['parent', parent],
    ['digest', artifact.digest],
  ]
  return new Map(told.flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)] as const])))
}

function warningsOf(
  metrics: FactsOf['metrics'] | null,
  artifacts: Readonly<Record<'a' | 'b', FactsOf['artifact'] | null>>,
): VersionComparison['warnings'] {
  const answers =
    metrics === null ? [] : [metrics.candidate, ...(metrics.incumbent === null ? [] : [metrics.incumbent])]
  const missing = metrics?.incumbent_missing
  return [
    ...(missing === undefined ? [] : [{ code: 'a_missing', message: missing }]),
    ...answers.flatMap(({ version, problems }) =>
      problems.map(({ code, what }) => ({ code, message: `${version}: ${what}` })),
    ),
    ...(['a', 'b'] as const).flatMap((side) =>
      (artifacts[side]?.problems ?? []).map(({ code, what }) => ({ code, message: `artifact of ${side}: ${what}` })),
    ),
  ]
}
