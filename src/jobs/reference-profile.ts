import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import { type Snapshot, Unavailable } from '../ports.ts'
import type { Profile } from '../profiles/column-profile.ts'
import { parseProfile } from '../profiles/parse-profile.ts'
import { type ProfileDocument, profileDocument } from '../profiles/profile-document.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { Model, TableReference } from '../registry/model.ts'
import { present } from './evaluate-version.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { type Job, openJob } from './job.ts'
import { profileAsk } from './measure/profile-ask.ts'
import { openRegistry } from './registry-reader.ts'

/** The profile of a version's reference, and whether it was kept or made now. */
export interface ReferenceProfile {
  readonly profile: Profile
  readonly document: ProfileDocument
  /** Name under which it is kept. */
  readonly evidence: string
  readonly cache: 'sealed' | 'computed' | 'not-ours'
}

export interface ReferenceProfileInput {
  readonly snapshot: Snapshot
  readonly model: string
  readonly version: string
  readonly openPorts: (configuration: Configuration) => Promise<GatherPorts>
}

/**
 * The profile of the table that a version's record names as its reference: made once, then kept with the evidence.
 *
 * @throws {Unavailable} when a file is absent, the record names no reference, or the table can't be had
 */
export async function referenceProfileOf(input: ReferenceProfileInput): Promise<ReferenceProfile> {
  const { model, version } = input
  const registry = openRegistry(input.snapshot)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start a registry with: weighbridge init',
  )
  const described = present(
    await registry.model(model),
    `models/${model}/model.yml`,
    'weighbridge list shows the models.',
  )
  const path = `models/${model}/versions/${version}.yml`
  const record = present(await registry.record(model, version), path, `weighbridge show ${model} lists its versions.`)
  const { reference } = record.evaluation
  if (reference === undefined)
    throw new Unavailable(
      'missing',
      `${path} names no evaluation.reference`,
      'Record the table that it was trained on.',
    )
  return referenceProfile(reference, described, openJob(await input.openPorts(configuration)))
}

/**
 * The same inside a job. It is kept by the digest of the table and by what model.yml says of its columns, since that
 * decides which values are in it.
 */
export async function referenceProfile(reference: TableReference, model: Model, job: Job): Promise<ReferenceProfile> {
  const { features, sensitive, label, columns } = model
  const request = { kind: 'reference-profile', digest: reference.digest, features, sensitive, label, columns }
  const evidence = evidenceKey({ engine: job.engine, request })
  return job.once(`profile ${evidence}`, async () => {
    const kept = await job.evidence.get(evidence)
    if (kept.status === 'sealed') {
      const profile = parseProfile(JSON.stringify(kept.document), `evidence ${evidence}`)
      return { profile, document: profileDocument(profile, job.engine), evidence, cache: 'sealed' }
    }
    const profile = await measured(reference, model, job)
    const document = profileDocument(profile, job.engine)
    await job.evidence.put(evidence, document)
    return { profile, document, evidence, cache: kept.status === 'not-ours' ? 'not-ours' : 'computed' }
  })
}

async function measured(reference: TableReference, model: Model, job: Job): Promise<Profile> {
  const data = await job.files.table(reference)
  job.progress(`profiling ${reference.uri}`)
  const shape = await job.tables.describe(data)
  return job.tables.profile(data, profileAsk({ columns: null, model, reference: null }, shape))
}
