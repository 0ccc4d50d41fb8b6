import type { Snapshot } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import type { VersionRecord } from '../registry/record.ts'
import { readSourceText } from '../registry/source-text.ts'
import { readEnvironment } from '../serving/closed-environment.ts'
import { type EnvironmentDocument, MODEL_LABEL, type SourceFile } from '../serving/manifest.ts'
import type { RegistryReader } from './registry-reader.ts'

/** Manifests are read whole at this many at most; more of one environment are narrowed to those that matter. */
const ROUNDS = 4

/**
 * The documents of an environment at a snapshot.
 *
 * @param only  paths to read; absent, all of them
 */
export async function readDocuments(
  snapshot: Snapshot,
  registry: RegistryReader,
  environment: Environment,
  store: Configuration['store'],
  only?: ReadonlySet<string>,
): Promise<readonly EnvironmentDocument[]> {
  const folder = environment.manifests.replace(/\/$/, '')
  const paths = only === undefined ? (await snapshot.list(folder)).map((entry) => entry.path) : [...only]
  const files = await sourceFiles(snapshot, paths)
  const records = new Map<string, VersionRecord | undefined>()
  for (let round = 0; ; round++) {
    const missing = new Map<string, readonly [string, string]>()
    const documents = readEnvironment({
      environment,
      files,
      store,
      findRecord: (model, version) => {
        const key = `${model}@${version}`
        if (!records.has(key)) missing.set(key, [model, version])
        return records.get(key)
      },
    })
    if (missing.size === 0 || round === ROUNDS) return documents
    await Promise.all(
      [...missing].map(async ([key, [model, version]]) => {
        const reading = await registry.record(model, version)
        records.set(key, reading?.ok ? reading.value : undefined)
      }),
    )
  }
}

/** Files as manifests are read: text where there is one, else why not. */
export async function sourceFiles(
  snapshot: Snapshot,
  paths: readonly string[],
): Promise<ReadonlyMap<string, SourceFile>> {
  const files = await snapshot.read(paths)
  return new Map([...files].map(([path, { mode, bytes }]) => [path, sourceFile(path, mode, bytes)] as const))
}

function sourceFile(path: string, mode: string, bytes: Uint8Array): SourceFile {
  if (mode === '120000' || mode === '160000') return { mode, text: null }
  const source = readSourceText(path, bytes, mode)
  return source.ok
    ? { mode, text: source.text }
    : { mode, text: null, because: source.mistakes[0]?.what ?? 'could not be read as text' }
}

/**
 * Paths of an environment that a change concerns: those that it changes, and those that could serve the same models or
 * bear the same names. The rest was weighed when it landed.
 */
export async function concernedPaths(
  before: Snapshot,
  after: Snapshot,
  environment: Environment,
  changed: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const folder = environment.manifests.replace(/\/$/, '')
  const touched = [...changed].filter((path) => path.startsWith(`${folder}/`))
  const [old, young] = await Promise.all([before.read(touched), after.read(touched)])
  const texts = [...old.values(), ...young.values()].map((file) => new TextDecoder().decode(file.bytes))
  const words = new Set(texts.flatMap(namesIn))
  const others = (await after.list(folder)).map((entry) => entry.path).filter((path) => !changed.has(path))
  const contents = await after.read(others)
  const alike = [...contents].filter(
    ([, file]) =>
      file.mode === '120000' || file.mode === '160000' || mentions(new TextDecoder().decode(file.bytes), words),
  )
  return new Set([...touched, ...alike.map(([path]) => path)])
}

/** Model labels and object names of a manifest's text, however they are quoted. */
function namesIn(text: string): readonly string[] {
  const label = MODEL_LABEL.replace(/[.]/g, '\\.')
  const found = text.matchAll(new RegExp(`(?:${label}|\\bname)["']?\\s*:\\s*["']?([a-z0-9][a-z0-9.-]{0,252})`, 'g'))
  return [...found].map((match) => match[1] ?? '')
}

function mentions(text: string, words: ReadonlySet<string>): boolean {
  return namesIn(text).some((name) => words.has(name))
}
