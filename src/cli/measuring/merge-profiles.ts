import { engineName } from '../../adapters/evidence/engine-version.ts'
import { mergedDocument } from '../../jobs/measure/merge-profiles.ts'
import { profilePaths, readProfiles, writeProfile } from '../../jobs/measure/profile-files.ts'
import { profilePage } from '../../report/measured/profile-page.ts'
import type { CommandInput } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { tellMeasured } from './tell-measured.ts'

/** Merges profiles, writes the whole where it is told to, and shows it. */
export async function run(input: CommandInput): Promise<number> {
  const paths = await profilePaths(input.positionals.map((name) => pathFrom(input.calledFrom, name)))
  const document = await mergedDocument(readProfiles(paths), engineName())
  const out = input.text('out')
  if (out !== undefined) await writeProfile(pathFrom(input.calledFrom, out), document)
  return tellMeasured(input, document, () => profilePage(document, `${paths.length} profiles`))
}
