import { openJobFolder } from '../../adapters/job-folder.ts'
import { isForgetful } from '../../adapters/store/forgetful-store.ts'
import { openStore } from '../../adapters/store/store.ts'
import { openUploads } from '../../adapters/store/uploads.ts'
import { openTables } from '../../adapters/tables/tables.ts'
import type { ObjectStore } from '../../ports.ts'
import { recordPath } from '../../registry/record.ts'
import { modelPrefix } from '../../registry/store-prefix.ts'
import type { Proposal } from '../../training/proposal.ts'
import { recordText } from '../../training/record-text.ts'
import { type Complaints, openComplaints } from './complaints.ts'
import { composeProposal } from './compose-proposal.ts'
import { gatherParts } from './gather-parts.ts'
import type { RegisterInput } from './register-input.ts'
import type { Registration, StoredObject } from './registration.ts'
import { type RegistryHere, registryHere } from './registry-here.ts'
import { type PlannedObject, uploadObjects } from './upload-objects.ts'

/**
 * Stores what a training made and proposes its record: read, check everything, then upload, then write it down.
 *
 * Nothing is uploaded while anything is wrong. Uploading again changes nothing, and goes on where it broke off.
 *
 * @throws {Unavailable} when the store cannot be reached
 */
export async function registerVersion(input: RegisterInput): Promise<Registration> {
  const complaints = openComplaints()
  const here = await registryHere(input.folder, input.ask, complaints)
  const job = openJobFolder()
  const tables = openTables({ folder: job.path })
  try {
    const store = openStore({ root: here?.checkout.root ?? job.path, prefixes: prefixesOf(here) })
    const parts = await gatherParts({ ...input, here, complaints, store, tables, workFolder: job.path })
    const composed = parts === null ? null : composeProposal(parts, input.ask.version, complaints)
    if (here === null || composed === null || complaints.problems.length > 0)
      return { is: 'refused', problems: complaints.problems }
    return await stored(input, { here, store, complaints, ...composed })
  } finally {
    await tables.close()
    job.close()
    input.progress(null)
  }
}

function prefixesOf(here: RegistryHere | null): readonly string[] {
  const { artifacts, read = [] } = here?.configuration.store ?? {}
  return artifacts === undefined ? [] : [artifacts, ...read]
}

interface Composed {
  readonly here: RegistryHere
  readonly store: ObjectStore
  readonly complaints: Complaints
  readonly proposal: Proposal
  readonly planned: readonly PlannedObject[]
}

async function stored({ ask, progress }: RegisterInput, composed: Composed): Promise<Registration> {
  const { here, store, complaints, planned } = composed
  const { artifacts } = here.configuration.store
  const uploads = ask.dryRun ? null : openUploads({ root: here.checkout.root, prefixes: [artifacts] })
  const objects = await uploadObjects(planned, uploads, progress)
  if (objects.some(({ uri, stored: one }) => uri.startsWith('s3://') && one?.is === 'written'))
    await noteForgetful(store, `${modelPrefix(artifacts, ask.model)}probe.json`, complaints)
  const proposal = withVersionId(composed.proposal, objects)
  const version = ask.version
  const text = version === null ? null : recordText({ ...proposal.record, version })
  const record = version === null || text === null ? null : { path: recordPath(ask.model, version), text }
  return { is: 'registered', proposal, record, objects, notes: complaints.notes }
}

/** Names hold digests, so that two jobs hardly ever write one object; who keeps such a store should know all the same. */
async function noteForgetful(store: ObjectStore, uri: string, complaints: Complaints): Promise<void> {
  if (await isForgetful(store, uri))
    complaints.note(
      'the store ignores conditional writes (If-None-Match): what lay there was looked at before and read back after, but two writers at once would not notice one another',
    )
}

function withVersionId(proposal: Proposal, objects: readonly StoredObject[]): Proposal {
  const { artifact } = proposal.record
  const version_id = objects.find(({ uri }) => uri === artifact.uri)?.stored?.version_id ?? null
  if (version_id === null) return proposal
  return { ...proposal, record: { ...proposal.record, artifact: { ...artifact, version_id } } }
}
