import { engineName } from '../../adapters/evidence/engine-version.ts'
import { openS3Store } from '../../adapters/store/s3-store.ts'
import { profileOfTable } from '../../jobs/measure/profile.ts'
import { placeFrom, readProfile } from '../../jobs/measure/profile-files.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { ProfileDocument } from '../../profiles/profile-document.ts'
import { modelKind } from '../../registry/file-kinds.ts'
import { profilePage } from '../../report/measured/profile-page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { openInputTables } from './input-tables.ts'
import { profileOfNamed, profileOfVersion } from './profile-of-version.ts'
import { registryFile } from './registry-file.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf } from './words.ts'
import { writeOut } from './write-out.ts'

/** Profiles one table, or the reference of a version; writes the profile where it is told to, and shows it. */
export async function run(input: CommandInput): Promise<number> {
  const [subject] = input.positionals
  if ((subject === undefined) === (input.texts('data').length === 0))
    throw new InvalidCommand(
      'one of --data and model@version is needed',
      "Write --data 'part-*.parquet', or churn@1.4.0.",
    )
  const [document, called] = subject === undefined ? await profileOfData(input) : await profileOfSubject(input, subject)
  await writeOut(input, document)
  return tellMeasured(input, document, () => profilePage(document, called))
}

type Told = readonly [document: ProfileDocument, called: string]

/** What a version's reference is profiled by stands in its model. */
async function profileOfSubject(input: CommandInput, subject: string): Promise<Told> {
  const given = ['columns', 'reference', 'model'].find((option) => input.text(option) !== undefined)
  if (given !== undefined)
    throw new InvalidCommand(
      `--${given} does not go with ${subject}`,
      'The registry says how its reference is profiled.',
    )
  const { document, evidence, cache } = await profileOfVersion(input, subject)
  return [document, `the reference of ${subject}, ${cache === 'sealed' ? 'kept as' : 'now kept as'} ${evidence}`]
}

async function profileOfData(input: CommandInput): Promise<Told> {
  const asked = {
    columns: input.text('columns') === undefined ? null : namesOf(input, 'columns'),
    model: (await registryFile(input, 'model', modelKind)) ?? null,
    reference: await referenceOf(input),
    engine: engineName(),
  }
  const opened = openInputTables(input)
  try {
    const data = await opened.source('data')
    return [await profileOfTable({ ...asked, data }, opened.tables, input.terminal.progress), data.called]
  } finally {
    await opened.close()
  }
}

/** A version of the registry, else a file. */
async function referenceOf(input: CommandInput): Promise<Profile | null> {
  const name = input.text('reference')
  if (name === undefined) return null
  const version = await profileOfNamed(input, 'reference')
  return version?.profile ?? readProfile(placeFrom(input.calledFrom, name), () => openS3Store({}))
}
