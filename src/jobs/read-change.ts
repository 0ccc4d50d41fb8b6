import type { ManifestFacts } from '../gates/gate.ts'
import type { Snapshot } from '../ports.ts'
import type { Change } from '../registry/change.ts'
import { readChanges } from '../registry/changes.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import type { Mistake } from '../registry/mistake.ts'
import { conflicts } from '../registry/overlay.ts'
import { classifyPath } from '../registry/registry-path.ts'
import { readSourceText } from '../registry/source-text.ts'
import type { EnvironmentDocument } from '../serving/manifest.ts'
import { editedMistakes } from '../serving/manifest-mistakes.ts'
import { reusedNames } from '../serving/one-object.ts'
import { readServingChanges } from '../serving/serving-changes.ts'
import { couldServe, findStrays } from '../serving/strays.ts'
import { concernedPaths, readDocuments, sourceFiles } from './environment-reader.ts'
import type { PullRequest } from './pull-request.ts'
import type { RegistryReader } from './registry-reader.ts'

/** What a pull request changes of ours, read once for all its promotions. */
export interface ReadChange {
  readonly changes: readonly Change[]
  readonly mistakes: readonly Mistake[]
  readonly conflicts: readonly string[]
  readonly strays: ManifestFacts['strays']
  /** Documents of each environment that the change touches. */
  readonly environments: ReadonlyMap<string, ReadEnvironment>
}

interface ReadEnvironment {
  readonly before: readonly EnvironmentDocument[]
  readonly after: readonly EnvironmentDocument[]
}

/** An environment as gates see it; what nobody touched holds nothing that was put in another's place. */
export function manifestFacts({ before, after }: ReadEnvironment = { before: [], after: [] }): ManifestFacts {
  return { documents: after, strays: reusedNames(before, after), mistakes: editedMistakes(before, after) }
}

export async function readChange(
  pull: PullRequest,
  configuration: Configuration,
  before: RegistryReader,
  after: RegistryReader,
): Promise<ReadChange> {
  const registry = await registryChanges(pull, configuration)
  const environments = await environmentDocuments(pull, configuration, before, after)
  const serving = [...environments].flatMap(([name, documents]) =>
    readServingChanges({
      environment: environmentNamed(configuration, name),
      base: documents.before,
      head: documents.after,
    }),
  )
  const added = pull.changed.filter((change) => change.status !== 'removed').map((change) => change.path)
  return {
    changes: [...registry.changes, ...serving],
    mistakes: registry.mistakes,
    conflicts: conflicts(
      pull.changed,
      pull.changedOnBase,
      (path) => classifyPath(path, configuration).kind !== 'other',
    ),
    strays: findStrays({
      environments: configuration.environments,
      store: configuration.store,
      files: await sourceFiles(
        pull.after,
        added.filter((path) => couldServe(path) && classifyPath(path, configuration).kind === 'other'),
      ),
    }),
    environments,
  }
}

function environmentNamed(configuration: Configuration, name: string): Environment {
  const environment = configuration.environments.find((one) => one.name === name)
  if (environment === undefined) throw new RangeError(`no environment ${name}`)
  return environment
}

async function registryChanges(pull: PullRequest, configuration: Configuration) {
  const ours = pull.changed.filter(
    (change) => !['other', 'manifest'].includes(classifyPath(change.path, configuration).kind),
  )
  const naming = ours.some((change) => change.path.startsWith('.github/workflows/'))
    ? await pathsThatNameWorkflows(pull.before)
    : []
  const paths = [...new Set([...ours.map((change) => change.path), ...naming])]
  const [base, head] = await Promise.all([texts(pull.before, paths), texts(pull.after, paths)])
  return readChanges({ configuration, base, head, changed: ours })
}

/** Only a change of a workflow needs these: policies and models say which workflows judge or train. */
async function pathsThatNameWorkflows(snapshot: Snapshot): Promise<readonly string[]> {
  const [policies, models] = await Promise.all([snapshot.list('policies'), snapshot.list('models')])
  return [...policies, ...models]
    .map((entry) => entry.path)
    .filter((path) => path.startsWith('policies/') || /^models\/[^/]+\/(model|policy)\.yml$/.test(path))
}

async function texts(snapshot: Snapshot, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const files = await snapshot.read(paths)
  return new Map(
    [...files].flatMap(([path, { bytes, mode }]) => {
      const source = readSourceText(path, bytes, mode)
      return source.ok ? [[path, source.text] as const] : []
    }),
  )
}

async function environmentDocuments(
  pull: PullRequest,
  configuration: Configuration,
  before: RegistryReader,
  after: RegistryReader,
): Promise<ReadChange['environments']> {
  const changed = new Set(pull.changed.map((change) => change.path))
  const touched = configuration.environments.filter((environment) =>
    pull.changed.some((change) => change.path.startsWith(`${environment.manifests.replace(/\/$/, '')}/`)),
  )
  const read = await Promise.all(
    touched.map(async (environment) => {
      const only = await concernedPaths(pull.before, pull.after, environment, changed)
      const [old, young] = await Promise.all([
        readDocuments(pull.before, before, environment, configuration.store, only),
        readDocuments(pull.after, after, environment, configuration.store, only),
      ])
      return [environment.name, { before: old, after: young }] as const
    }),
  )
  return new Map(read)
}
