import { BadProfile } from '../../profiles/bad-profile.ts'
import { mergeProfiles, type Named } from '../../profiles/merge-profiles.ts'
import { type ProfileDocument, profileDocument } from '../../profiles/profile-document.ts'

/**
 * Merges profiles as they come.
 *
 * @throws {BadProfile} when one can't be read, or differs from the first in columns, types or reference
 */
export async function mergedDocument(profiles: AsyncIterable<Named>, engine: string): Promise<ProfileDocument> {
  let merged: Named | undefined
  for await (const next of profiles) {
    const { called } = merged ?? next
    merged = { called, profile: mergeProfiles(merged === undefined ? [next] : [merged, next]) }
  }
  if (merged === undefined) throw new BadProfile('there is no profile to merge', 'Name one or more.')
  return profileDocument(merged.profile, engine)
}
