import type { TableSource, Tables } from '../../ports.ts'
import { type ProfileDocument, profileDocument } from '../../profiles/profile-document.ts'
import { type ProfileTerms, profileAsk } from './profile-ask.ts'

export interface ProfileTableAsk extends ProfileTerms {
  readonly data: TableSource
  readonly engine: string
}

/** Profiles one table, which may be many files, in one pass. */
export async function profileOfTable(
  ask: ProfileTableAsk,
  tables: Tables,
  progress: (text: string | null) => void,
): Promise<ProfileDocument> {
  progress(`looking at ${ask.data.called}`)
  const shape = await tables.describe(ask.data)
  const asked = profileAsk(ask, shape)
  progress(`profiling ${shape.rows} rows of ${asked.columns?.length ?? shape.columns.length} columns`)
  const profile = await tables.profile(ask.data, asked)
  progress(null)
  return profileDocument(profile, ask.engine)
}
