import { composePolicy } from '../policy/compose.ts'
import { importanceMistakes } from '../policy/importance-mistakes.ts'
import { type PolicyFile, policyKind } from '../policy/policy-file.ts'
import type { Snapshot } from '../ports.ts'
import { CONFIGURATION_PATH, type Configuration } from '../registry/configuration.ts'
import { type FileKind, inTextOrder, readFile } from '../registry/file-kind.ts'
import { configurationKind, modelKind, recordKind } from '../registry/file-kinds.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { type ParsedFile, parsedFile } from '../registry/parsed-file.ts'
import type { VersionRecord } from '../registry/record.ts'
import { classifyPath } from '../registry/registry-path.ts'
import { readSourceText } from '../registry/source-text.ts'
import { checkRegistry } from '../registry/whole-registry.ts'
import type { EnvironmentDocument } from '../serving/manifest.ts'
import { manifestMistakes } from '../serving/manifest-mistakes.ts'
import { readDocuments } from './environment-reader.ts'
import { openRegistry } from './registry-reader.ts'

export interface Validation {
  readonly mistakes: readonly Mistake[]
  readonly files: number
}

/**
 * Every mistake of every file of a registry, and between them, by path and line.
 *
 * Models of another repository are checked there; here only what manifests say of them.
 *
 * @param elsewhere  that repository, where the configuration names one and it is at hand
 */
export async function validateRegistry(
  snapshot: Snapshot,
  shipped: ReadonlyMap<string, PolicyFile>,
  elsewhere: Snapshot | null = null,
): Promise<Validation> {
  const entries = (await Promise.all(['models', 'policies'].map((folder) => snapshot.list(folder)))).flat()
  const paths = [CONFIGURATION_PATH, ...entries.map((entry) => entry.path)]
  const contents = await snapshot.read(paths)
  if (!contents.has(CONFIGURATION_PATH)) return { mistakes: [noConfiguration], files: contents.size }
  const found: Mistake[] = []
  const parse = <T>(kind: FileKind<T>, wanted: string): readonly ParsedFile<T>[] =>
    [...contents].flatMap(([path, { bytes, mode }]) => {
      if (classifyPath(path, null).kind !== wanted) return []
      const source = readSourceText(path, bytes, mode)
      const reading = source.ok ? readFile(kind, path, source.text) : { ok: false as const, mistakes: source.mistakes }
      found.push(...(reading.ok ? reading.warnings : reading.mistakes))
      return reading.ok ? [parsedFile(path, reading)] : []
    })
  const configuration = parse(configurationKind, 'configuration')[0] ?? null
  const models = parse(modelKind, 'model')
  const records = parse(recordKind, 'version')
  const policies = parse(policyKind, 'policy').map(policyFile)
  const modelPolicies = parse(policyKind, 'model-policy').map(policyFile)
  const policyPaths = entries.map((entry) => entry.path).filter((path) => classifyPath(path, null).kind === 'policy')
  // What is wrong in these was said in its place; that nothing can be composed with them follows.
  const unread = policyPaths.filter((path) => !policies.some((file) => file.path === path))
  const named = configuration?.value.registry
  const source = named === undefined ? snapshot : elsewhere
  const documents =
    configuration === null || source === null ? [] : await manifestsOf(snapshot, source, configuration.value)
  if (configuration !== null && named !== undefined && source === null) found.push(notAtHand(configuration, named))
  found.push(
    ...checkRegistry({
      configuration,
      models,
      records,
      paths: entries.map((entry) => entry.path),
      policies: [...policyPaths, ...shipped.keys()],
      served: served(documents),
    }),
    ...policyMistakes(configuration?.value ?? null, policies, modelPolicies, shipped).filter(
      ({ what }) => !unread.some((path) => what.startsWith(`${path} is not there`)),
    ),
    ...documents.flatMap(({ document }) => documentMistakes(document)),
    ...limitedFeatures(models, records, [...policies, ...modelPolicies]),
  )
  return {
    mistakes: distinct(found).sort(inTextOrder),
    files: contents.size + new Set(documents.map(({ document }) => document.place.path)).size,
  }
}

/** Policies that limit the importance of a column that no model takes. */
function limitedFeatures(
  models: readonly ParsedFile<Model>[],
  records: readonly ParsedFile<VersionRecord>[],
  policies: readonly PolicyFile[],
): readonly Mistake[] {
  return policies.flatMap((file) => {
    const kind = classifyPath(file.path, null)
    const isItsOwn = (name: string): boolean => kind.kind !== 'model-policy' || kind.model === name
    const declared = models.filter(({ value }) => isItsOwn(value.model)).flatMap(({ value }) => value.features ?? [])
    const recorded = records.filter(({ value }) => isItsOwn(value.model)).flatMap(({ value }) => value.features ?? [])
    return importanceMistakes(file, [...declared.map(({ name }) => name), ...recorded])
  })
}

const noConfiguration: Mistake = {
  path: CONFIGURATION_PATH,
  line: 1,
  column: 1,
  where: '',
  what: 'is missing: this folder is no registry',
  mend: 'Start one with: weighbridge init',
  severity: 'error',
}

function notAtHand(
  { path, place }: ParsedFile<Configuration>,
  { repository }: NonNullable<Configuration['registry']>,
): Mistake {
  const where = 'registry.repository'
  const what = `models lie in ${repository}, so that no manifest was checked`
  return { ...place(where), path, where, what, mend: 'Name a checkout of it: --registry DIR.', severity: 'warning' }
}

function policyFile(file: ParsedFile<PolicyFile['policy']>): PolicyFile {
  return { path: file.path, policy: file.value, place: file.place }
}

interface Located {
  readonly environment: string
  readonly document: EnvironmentDocument
}

async function manifestsOf(
  snapshot: Snapshot,
  models: Snapshot,
  configuration: Configuration,
): Promise<readonly Located[]> {
  const registry = openRegistry(snapshot, models)
  const all = await Promise.all(
    configuration.environments.map(async (environment) =>
      (await readDocuments(snapshot, registry, environment, configuration.store)).map((document) => ({
        environment: environment.name,
        document,
      })),
    ),
  )
  return all.flat()
}

function served(documents: readonly Located[]) {
  return documents.flatMap(({ environment, document }) =>
    document.binding === 'bound' && document.model !== null && document.version !== null
      ? [{ model: document.model, version: document.version, environment, place: document.place }]
      : [],
  )
}

function documentMistakes(document: EnvironmentDocument): readonly Mistake[] {
  if (document.binding === 'neutral') return []
  if (document.binding === 'bound') return manifestMistakes(document)
  const severity = document.binding === 'unbound' ? 'error' : 'warning'
  return [{ ...document.place, where: document.name, what: document.what, mend: document.mend, severity }]
}

/** Policies as every environment composes them, `when` or not, alone and with each model's own. */
function policyMistakes(
  configuration: Configuration | null,
  policies: readonly PolicyFile[],
  modelPolicies: readonly PolicyFile[],
  shipped: ReadonlyMap<string, PolicyFile>,
): readonly Mistake[] {
  const files = new Map(policies.map((file) => [file.path, file]))
  const roles = configuration?.roles === undefined ? undefined : Object.keys(configuration.roles)
  return (configuration?.environments ?? []).flatMap(({ policy }) => {
    const uses = typeof policy === 'string' ? [policy] : policy.map((entry) => entry.use)
    return uses.flatMap((use) =>
      [undefined, ...modelPolicies].flatMap(
        (modelPolicy) => composePolicy({ files, shipped, use: [use], modelPolicy, roles }).mistakes,
      ),
    )
  })
}

function distinct(mistakes: readonly Mistake[]): Mistake[] {
  return [
    ...new Map(
      mistakes.map((mistake) => [
        `${mistake.path}:${mistake.line}:${mistake.column} ${mistake.where} ${mistake.what}`,
        mistake,
      ]),
    ).values(),
  ]
}
