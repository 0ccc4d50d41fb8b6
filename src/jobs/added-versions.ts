import type { Change } from '../registry/change.ts'
import type { Configuration } from '../registry/configuration.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { Mistake } from '../registry/mistake.ts'
import { type ParsedFile, parsedFile } from '../registry/parsed-file.ts'
import { recordPath, type VersionRecord } from '../registry/record.ts'
import { urisOfRecord, urisOutside } from '../registry/record-uris.ts'
import { stepMistake } from '../registry/step-mistake.ts'
import type { RegistryReader } from './registry-reader.ts'
import type { ServingHistory } from './serving-history.ts'

/** Records looked at in one pull request: each asks history. */
const MOST_VERSIONS = 200

export interface AddedVersionsInput {
  readonly changes: readonly Change[]
  readonly configuration: Configuration
  readonly after: RegistryReader
  readonly history: Pick<ServingHistory, 'firstDigest'>
}

/**
 * What is wrong with versions that a change adds and does not promote. Once merged a record is immutable, so a number
 * too small, a parent that is not there or a digest other than the first is said before.
 */
export async function addedVersionMistakes(input: AddedVersionsInput): Promise<readonly Mistake[]> {
  const promoted = new Set(
    input.changes.filter(({ kind }) => kind === 'promotion').map(({ model, to }) => `${model}@${to}`),
  )
  const added = input.changes.filter(
    ({ kind, model, version }) => kind === 'version-added' && !promoted.has(`${model}@${version}`),
  )
  const all = await Promise.all(added.slice(0, MOST_VERSIONS).map((change) => mistakesOf(change, input)))
  const next = added[MOST_VERSIONS]
  const start = {
    line: 1,
    column: 1,
    where: '',
    mend: 'Add them in several pull requests.',
    severity: 'error' as const,
  }
  const what = `${added.length} versions are added at once, and at most ${MOST_VERSIONS} are looked at`
  return next === undefined ? all.flat() : [...all.flat(), { path: next.path, what, ...start }]
}

async function mistakesOf(
  { model = '', version = '' }: Change,
  input: AddedVersionsInput,
): Promise<readonly Mistake[]> {
  const reading = await input.after.record(model, version)
  if (!reading?.ok) return []
  const file = parsedFile(recordPath(model, version), reading)
  const landed = await input.history.firstDigest(model, version)
  const first = landed === 'unknown' ? null : landed.digest
  const { digest } = file.value.artifact
  const said = (where: string, what: string, mend: string): Mistake => ({
    ...file.place(where),
    where,
    what,
    mend,
    severity: 'error',
  })
  return [
    ...(await parentMistakes(file, input.after, said)),
    ...(first === null || first === digest
      ? []
      : [
          said(
            'artifact.digest',
            `${model} ${version} landed first with ${first}`,
            'Add another version: a number stands for one digest for ever.',
          ),
        ]),
    ...urisOutside(input.configuration.store, urisOfRecord(file.value)).map(({ field, uri }) =>
      said(field, `${uri} lies outside the configured store`, 'Move it below store.artifacts or store.read.'),
    ),
  ]
}

async function parentMistakes(
  file: ParsedFile<VersionRecord>,
  after: RegistryReader,
  said: (where: string, what: string, mend: string) => Mistake,
): Promise<readonly Mistake[]> {
  const { model, parent: version } = file.value
  if (version === undefined) return []
  const parent = await after.record(model, version)
  if (parent === null)
    return [
      said(
        'parent',
        `there is no version ${version} of ${model}`,
        suggest(version, await after.versions(model), 'Versions here'),
      ),
    ]
  const wrong = parent.ok ? stepMistake(file, parent.value, 'error') : null
  return wrong === null ? [] : [wrong]
}
