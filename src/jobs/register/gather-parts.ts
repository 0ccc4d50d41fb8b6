import type { ObjectStore, Tables } from '../../ports.ts'
import { VERSION } from '../../registry/names.ts'
import { modelPrefix } from '../../registry/store-prefix.ts'
import { newestCheckpoint } from '../../training/newest-checkpoint.ts'
import { LIMITS } from '../checkout-ports.ts'
import { type AskedTraining, askedTraining } from './asked-training.ts'
import type { Complaints } from './complaints.ts'
import type { RecordParts } from './compose-record.ts'
import { dataSets } from './data-sets.ts'
import { shortDigest } from './given-file.ts'
import type { GivenTable, TableGround } from './given-table.ts'
import { givenTables, namedTables } from './given-tables.ts'
import type { RegisterInput } from './register-input.ts'
import type { RegistryHere } from './registry-here.ts'
import { trainedArtifact } from './trained-artifact.ts'
import { trainingCompute, trainingEnvironment } from './training-environment.ts'
import { trainingSaid } from './training-said.ts'

export interface GatherInput extends RegisterInput {
  readonly here: RegistryHere | null
  readonly complaints: Complaints
  readonly store: ObjectStore
  readonly tables: Tables
  readonly workFolder: string
}

/** Everything that a proposal says, read and hashed. */
export interface Gathered extends RecordParts {
  readonly here: RegistryHere
  readonly asked: AskedTraining | null
  readonly validation: GivenTable | null
  readonly checkpoint: string | null
  readonly tables: readonly { readonly field: string; readonly table: GivenTable }[]
}

/** Reads all that was given, whatever is wrong with some of it; null when too much is for a record. */
export async function gatherParts(input: GatherInput): Promise<Gathered | null> {
  const { ask, here, complaints, pathOf } = input
  const asked = await complaints.tried('--request', () => askedTraining(ask))
  input.progress('hashing the artifact')
  const artifact = await trainedArtifact(ask, complaints)
  const said = await trainingSaid(ask, asked, pathOf, complaints)
  const threshold = numberOf('--threshold', ask.threshold, complaints)
  if (here === null) return null
  const ground = tableGround(input, here)
  const of = { root: here.checkout.root, pathOf }
  const { reference, ...given } = await givenTables(ask, ground, complaints)
  const data = await dataSets(ask, of, { reference, ground, complaints })
  const environment = await trainingEnvironment(ask.environment, of, complaints)
  const compute = await trainingCompute(ask, said.compute, complaints)
  const checkpoint = ask.checkpoint ?? (await lastCheckpoint(asked, input))
  const id = ask.id ?? here.model.columns?.id
  if ((given.predictions ?? given.units) !== null && id === undefined)
    complaints.say('--id', 'is missing, and model.yml names no columns.id', 'Name the column that identifies a row.')
  if (artifact === null || reference === null) return null
  return {
    here,
    asked,
    checkpoint,
    tables: namedTables({ reference, ...given }, data),
    model: ask.model,
    created: input.now,
    artifact,
    artifactUri: `${ground.below}${folderOf(ask.version, complaints)}/${shortDigest(artifact.digest)}/${artifact.name}`,
    features: {
      asked: ask.features?.split(',').map((name) => name.trim()),
      declared: here.model.features?.map(({ name }) => name),
    },
    threshold,
    reference,
    ...given,
    id,
    commit: here.commit,
    changed: here.changed,
    said,
    data: data.map(({ entry }) => entry),
    environment,
    compute,
    parent: ask.parent ?? undefined,
  }
}

function tableGround({ store, tables, workFolder, progress, ask }: GatherInput, here: RegistryHere): TableGround {
  const below = modelPrefix(here.configuration.store.artifacts, ask.model)
  return { store, tables, folder: workFolder, below, maxBytes: LIMITS.maxTableBytes, progress }
}

/** Artifacts lie by their version, or where nobody has given them one. */
function folderOf(version: string | null, complaints: Complaints): string {
  if (version === null) return 'candidates'
  if (VERSION.test(version)) return version
  complaints.say(`--version ${version}`, 'is no version', 'Write a semantic version such as 1.4.0.')
  return 'candidates'
}

function numberOf(option: string, text: string | null, complaints: Complaints): number | undefined {
  if (text === null) return undefined
  if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  complaints.say(`${option} ${text}`, 'is no number', 'Write it as 0.5, for example.')
  return undefined
}

/** What the run kept last; a store that does not list keeps nothing that another run would find. */
async function lastCheckpoint(asked: AskedTraining | null, { store, complaints }: GatherInput): Promise<string | null> {
  if (asked === null) return null
  const { checkpoints } = asked.request
  const listed = await store.list(checkpoints).catch((error: Error) => {
    complaints.note(`no checkpoint is named: ${error.message}`)
    return []
  })
  return newestCheckpoint(
    listed.map(({ uri }) => uri),
    asked.trial,
  )
}
