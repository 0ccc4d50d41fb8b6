import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { Profile } from '../profiles/column-profile.ts'
import { parseProfile } from '../profiles/parse-profile.ts'
import { type ProfileDocument, profileDocument } from '../profiles/profile-document.ts'
import type { DescribedColumns, TableReference } from '../registry/model.ts'
import type { Job } from './job.ts'
import { profileAsk } from './measure/profile-ask.ts'

/** The profile of a version's reference, and whether it was kept or made now. */
export interface ReferenceProfile {
  readonly profile: Profile
  readonly document: ProfileDocument
  /** Name under which it is kept. */
  readonly evidence: string
  readonly cache: 'sealed' | 'computed' | 'not-ours'
}

/**
 * The profile of a table that a record names as its reference: made once, then kept with the evidence, by the digest of
 * the table and by what model.yml says of its columns, since that decides which values are in it.
 */
export async function referenceProfile(
  reference: TableReference,
  model: DescribedColumns,
  job: Job,
): Promise<ReferenceProfile> {
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

async function measured(reference: TableReference, model: DescribedColumns, job: Job): Promise<Profile> {
  const data = await job.files.table(reference)
  job.progress(`profiling ${reference.uri}`)
  const shape = await job.tables.describe(data)
  return job.tables.profile(data, profileAsk({ columns: null, model, reference: null }, shape))
}
