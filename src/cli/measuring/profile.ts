import { stat } from 'node:fs/promises'
import { engineName } from '../../adapters/evidence/engine-version.ts'
import { profileOfTable } from '../../jobs/measure/profile.ts'
import { readProfile, writeProfile } from '../../jobs/measure/profile-files.ts'
import { modelFromFile } from '../../jobs/measure/profile-model-file.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { ProfileDocument } from '../../profiles/profile-document.ts'
import { profilePage } from '../../report/measured/profile-page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { openInputTables } from './input-tables.ts'
import { isVersion, profileOfVersion } from './profile-of-version.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf } from './words.ts'

/** Profiles one table, or the reference of a version; writes the profile where it is told to, and shows it. */
export async function run(input: CommandInput): Promise<number> {
  const [subject] = input.positionals
  if ((subject === undefined) === (input.texts('data').length === 0))
    throw new InvalidCommand(
      'one of --data and model@version is needed',
      "Write --data 'part-*.parquet', or churn@1.4.0.",
    )
  const [document, called] = subject === undefined ? await profileOfData(input) : await profileOfSubject(input, subject)
  const out = pathOf(input, 'out')
  if (out !== null) await writeProfile(out, document)
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
  const model = pathOf(input, 'model')
  const asked = {
    columns: input.text('columns') === undefined ? null : namesOf(input, 'columns'),
    model: model === null ? null : await modelFromFile(model),
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

/** A file, else a version of the registry. */
async function referenceOf(input: CommandInput): Promise<Profile | null> {
  const [name, path] = [input.text('reference'), pathOf(input, 'reference')]
  if (name === undefined || path === null) return null
  const isFile = await stat(path).then(
    () => true,
    () => false,
  )
  return !isFile && isVersion(name) ? (await profileOfVersion(input, name)).profile : readProfile(path)
}

function pathOf(input: CommandInput, option: string): string | null {
  const name = input.text(option)
  return name === undefined ? null : pathFrom(input.calledFrom, name)
}
