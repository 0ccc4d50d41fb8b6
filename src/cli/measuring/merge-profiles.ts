import { engineName } from '../../adapters/evidence/engine-version.ts'
import { openS3Store } from '../../adapters/store/s3-store.ts'
import { mergedDocument } from '../../jobs/measure/merge-profiles.ts'
import { placeFrom, profilePlaces, readProfiles } from '../../jobs/measure/profile-files.ts'
import { profilePage } from '../../report/measured/profile-page.ts'
import type { CommandInput } from '../command.ts'
import { tellMeasured } from './tell-measured.ts'
import { writeOut } from './write-out.ts'

/** Merges profiles, writes the whole where it is told to, and shows it. */
export async function run(input: CommandInput): Promise<number> {
  const store = () => openS3Store({})
  const named = input.positionals.map((name) => placeFrom(input.calledFrom, name))
  const places = await profilePlaces(named, store)
  const document = await mergedDocument(readProfiles(places, store), engineName())
  await writeOut(input, document)
  return tellMeasured(input, document, () => profilePage(document, `${places.length} profiles`))
}
