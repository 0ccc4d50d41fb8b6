import type { AllRecords } from '../adapters/checkout/all-records.ts'
import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { MetricsFacts } from '../gates/evidence.ts'
import type { Snapshot } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import { readFile } from '../registry/file-kind.ts'
import { modelKind } from '../registry/file-kinds.ts'
import type { Model } from '../registry/model.ts'
import { modelPath, recordPath, type VersionRecord } from '../registry/record.ts'
import { expressionMistake, type SearchAnswer, type Searchable, searchVersions } from '../registry/search-versions.ts'
import { readSourceText } from '../registry/source-text.ts'
import { readDocuments } from './environment-reader.ts'
import { evaluationRequest, present } from './evaluate-version.ts'
import type { EvidenceCache } from './evidence-ports.ts'
import { openRegistry, type RegistryReader } from './registry-reader.ts'

export interface SearchInput {
  /** Configuration and environments. */
  readonly snapshot: Snapshot
  /** Where models lie, when that is another repository. */
  readonly models?: Snapshot
  readonly all: () => Promise<AllRecords>
  readonly expression: string
  /** What was measured here before; null when nothing was. */
  readonly evidence: (configuration: Configuration) => Promise<MeasuredBefore | null>
}

/** Evidence that lies here already, and the engine that would look for it. */
export interface MeasuredBefore {
  readonly engine: string
  readonly cache: Pick<EvidenceCache, 'get'>
}

/**
 * Versions of the whole registry of which an expression is true.
 *
 * Nothing is measured: a metric is what `evaluate` kept of that version on its exam, else what its record claims.
 *
 * @throws {Unavailable} when the configuration is absent or has mistakes
 */
export async function searchRegistry(input: SearchInput): Promise<SearchAnswer> {
  const { snapshot, models = snapshot } = input
  const mistake = expressionMistake(input.expression)
  if (mistake !== null) return { ok: false, mistake }
  const all = await input.all()
  const byName = await modelsOf(models, all)
  const registry = remembering(openRegistry(snapshot, models), all)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start a registry with: weighbridge init',
  )
  const serves = await servedIn(snapshot, registry, configuration)
  const versions = all.records.map(
    (record): Searchable => ({
      record,
      model: byName.get(record.model) ?? null,
      serves: serves.get(`${record.model}@${record.version}`) ?? [],
      measured: null,
    }),
  )
  const evidence = await input.evidence(configuration)
  return searchVersions(input.expression, evidence === null ? versions : await withMeasured(versions, evidence))
}

/** Every model.yml that can be read. */
async function modelsOf(models: Snapshot, all: AllRecords): Promise<ReadonlyMap<string, Model>> {
  const paths = [...new Set(all.records.map(({ model }) => modelPath(model)))]
  const read = new Map<string, Model>()
  for (const [path, { bytes, mode }] of await models.read(paths)) {
    const source = readSourceText(path, bytes, mode)
    const reading = source.ok ? readFile(modelKind, path, source.text) : null
    if (reading?.ok) read.set(reading.value.model, reading.value)
  }
  return read
}

/** The same registry, with records that are at hand already. */
export function remembering(registry: RegistryReader, { records }: AllRecords): RegistryReader {
  const known = new Map(records.map((record) => [`${record.model}@${record.version}`, record]))
  const place = (record: VersionRecord) => () => ({
    path: recordPath(record.model, record.version),
    line: 1,
    column: 1,
  })
  return {
    ...registry,
    record: async (model, version) => {
      const record = known.get(`${model}@${version}`)
      return record === undefined ? null : { ok: true, value: record, warnings: [], place: place(record) }
    },
  }
}

/** model@version -> environments that serve it. */
export async function servedIn(
  snapshot: Snapshot,
  registry: RegistryReader,
  { environments, store }: Configuration,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const served = new Map<string, readonly string[]>()
  for (const environment of environments)
    for (const { model, version } of await readDocuments(snapshot, registry, environment, store)) {
      const key = `${model}@${version}`
      if (model !== null && version !== null) served.set(key, [...(served.get(key) ?? []), environment.name])
    }
  return served
}

const AT_ONCE = 64

async function withMeasured(
  versions: readonly Searchable[],
  { engine, cache }: MeasuredBefore,
): Promise<readonly Searchable[]> {
  const measured: Searchable[] = []
  for (let at = 0; at < versions.length; at += AT_ONCE)
    measured.push(
      ...(await Promise.all(
        versions
          .slice(at, at + AT_ONCE)
          .map(async (one) => ({ ...one, measured: await metricsKept(one, engine, cache) })),
      )),
    )
  return measured
}

/** What `evaluate` kept of a version on the exam that its model.yml names today. */
async function metricsKept(
  { record, model }: Searchable,
  engine: string,
  cache: Pick<EvidenceCache, 'get'>,
): Promise<Searchable['measured']> {
  const request = model === null ? null : evaluationRequest(model, record)
  if (request === null || 'missing' in request) return null
  const kept = await cache.get(evidenceKey({ engine, request }))
  if (kept.status !== 'sealed') return null
  const { measured } = kept.document as MetricsFacts
  return Object.fromEntries(request.measures.map(({ metric }, at) => [metric, measured[at]?.candidate.value ?? null]))
}
