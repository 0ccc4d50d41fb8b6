import { type Snapshot, Unavailable } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import type { Model } from '../registry/model.ts'
import { present } from './evaluate-version.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { openJob } from './job.ts'
import { type ReferenceProfile, referenceProfile } from './reference-profile.ts'
import { openRegistry } from './registry-reader.ts'

/** With the model that says what its columns are. */
export interface VersionProfile extends ReferenceProfile {
  readonly described: Model
}

export interface VersionProfileInput {
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
export async function referenceProfileOf(input: VersionProfileInput): Promise<VersionProfile> {
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
  return { ...(await referenceProfile(reference, described, openJob(await input.openPorts(configuration)))), described }
}
