import type { EvidenceReader } from '../gates/evidence.ts'
import type { RecordFile } from '../gates/gate.ts'
import { sharedEvidence } from '../gates/shared-evidence.ts'
import { askedOf, type ComparedVersions, comparisonRequests } from '../measuring/comparison-requests.ts'
import { type VersionComparison, versionComparison } from '../measuring/version-comparison.ts'
import type { Snapshot } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { classifyPath } from '../registry/registry-path.ts'
import { compareVersions as inOrder } from '../registry/semantic-version.ts'
import type { Audience } from './audience.ts'
import { present } from './evaluate-version.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { gather } from './gather.ts'
import { examOf } from './governing-exam.ts'
import { openJob } from './job.ts'
import { recordFile } from './record-file.ts'
import { openRegistry, type RegistryReader } from './registry-reader.ts'

export interface NamedVersion {
  readonly model: string
  readonly version: string
}

export interface CompareInput {
  /** Configuration: the governed branch, or a commit of a checkout. */
  readonly snapshot: Snapshot
  /** Where models lie, when that is another repository. */
  readonly models?: Snapshot
  readonly a: NamedVersion
  readonly b: NamedVersion
  /** Calls are timed too. */
  readonly latency: boolean
  /** Who will read the answer. */
  readonly audience: Audience
  /** Smallest group that others may see, where rules ask for more than the configuration. */
  readonly minGroup?: number
  readonly openPorts: (configuration: Configuration) => Promise<GatherPorts>
}

export type Compared =
  | { readonly is: 'compared'; readonly document: VersionComparison }
  | { readonly is: 'refused'; readonly what: string; readonly mend: string }
  | { readonly is: 'mistakes'; readonly mistakes: readonly Mistake[] }

/** Smallest group that a shared place shows, unless the configuration asks for more. */
const MIN_GROUP = 10

/**
 * Everything of two versions side by side, measured on the exam that the registry at this snapshot sets for a.
 *
 * What cannot be measured stands under `missing` with its reason; the rest is answered all the same.
 *
 * @throws {Unavailable} when the configuration is absent or has mistakes
 */
export async function compareVersions(input: CompareInput): Promise<Compared> {
  const { snapshot, models = snapshot } = input
  const registry = openRegistry(snapshot, models)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start a registry with: weighbridge init',
  )
  const [a, b] = [await readVersion(registry, models, input.a), await readVersion(registry, models, input.b)]
  if ('is' in a) return a
  if ('is' in b) return b
  if (a.model.task !== b.model.task) {
    const what = `${a.model.model} is ${a.model.task} and ${b.model.model} is ${b.model.task}`
    return { is: 'refused', what, mend: 'Compare two versions with the same task.' }
  }
  if (input.a.model === input.b.model && input.a.version === input.b.version) {
    const what = `${input.a.model} ${input.a.version} is named twice`
    return { is: 'refused', what, mend: 'Name two versions.' }
  }
  const exam = examOf(a.model, a.file, a.model, a.file.record)?.data ?? null
  const compared: ComparedVersions = {
    models: { a: a.model, b: b.model },
    a: a.file.record,
    b: b.file.record,
    exam,
    latency: input.latency,
  }
  const ports = await input.openPorts(configuration)
  const requests = comparisonRequests(compared)
  const reader = await gather(askedOf(requests), openJob(ports))
  const readable = readableBy(input, reader, compared, configuration)
  return { is: 'compared', document: versionComparison(compared, requests, readable, ports.engine) }
}

function readableBy(
  { audience, minGroup = 0 }: CompareInput,
  reader: EvidenceReader,
  { models }: ComparedVersions,
  { privacy }: Configuration,
): EvidenceReader {
  if (audience === 'local') return reader
  return sharedEvidence(reader, { model: models.a, minGroup: Math.max(MIN_GROUP, minGroup, privacy?.min_group ?? 0) })
}

async function readVersion(
  registry: RegistryReader,
  models: Snapshot,
  { model, version }: NamedVersion,
): Promise<Exclude<Compared, { is: 'compared' }> | { readonly model: Model; readonly file: RecordFile }> {
  const [about, record] = await Promise.all([registry.model(model), registry.record(model, version)])
  if (about === null) {
    const found = (await models.list('models')).map(({ path }) => classifyPath(path, null))
    const known = found.flatMap((is) => (is.kind === 'model' ? [is.model] : []))
    return refused(`there is no model "${model}" here`, suggest(model, known, 'Models'))
  }
  if (!about.ok) return { is: 'mistakes' as const, mistakes: about.mistakes }
  if (record === null) {
    const versions = [...(await registry.versions(model))].sort(inOrder)
    return refused(`${model} has no version ${version}`, suggest(version, versions, 'Versions'))
  }
  if (!record.ok) return { is: 'mistakes' as const, mistakes: record.mistakes }
  return { model: about.value, file: recordFile(model, version, record) }
}

function refused(what: string, mend: string) {
  return { is: 'refused' as const, what, mend }
}
