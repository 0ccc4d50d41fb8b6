import type { Snapshot } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import type { VersionRecord } from '../registry/record.ts'
import { readSourceText } from '../registry/source-text.ts'
import { readEnvironment } from '../serving/closed-environment.ts'
import { type EnvironmentDocument, MODEL_LABEL, type SourceFile } from '../serving/manifest.ts'
import { readManifests } from '../serving/manifest-reader.ts'
import type { RegistryReader } from './registry-reader.ts'

/** Documents are read again as records come in, this many times at most. */
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
 * bear the same names, before or after. The rest was weighed when it landed.
 */
export async function concernedPaths(
  before: Snapshot,
  after: Snapshot,
  environment: Environment,
  changed: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const folder = environment.manifests.replace(/\/$/, '')
  const touched = [...changed].filter((path) => path.startsWith(`${folder}/`))
  const texts = await Promise.all([before, after].map((snapshot) => sourceFiles(snapshot, touched)))
  const words = new Set(texts.flatMap((files) => [...files].flatMap(([path, { text }]) => namesIn(path, text))))
  const others = (await after.list(folder)).map((entry) => entry.path).filter((path) => !changed.has(path))
  const contents = await sourceFiles(after, others)
  const alike = [...contents].filter(([, { text }]) => text === null || mentions(text, words))
  return new Set([...touched, ...alike.map(([path]) => path)])
}

/** Model labels and object names of a manifest, as a parser reads them; of a text that none can read, every word. */
function namesIn(path: string, text: string | null): readonly string[] {
  if (text === null) return []
  const reading = readManifests(path, text)
  if (!reading.ok) return text.match(/[a-z0-9][a-z0-9.-]*/g) ?? []
  return reading.manifests.flatMap((manifest) => {
    const label = manifest.field(['metadata', 'labels', MODEL_LABEL])
    return [manifest.name, label.is === 'text' ? label.text : null].filter((word) => word !== null)
  })
}

/** Whether a text could bear one of the names; an escape or an anchor could spell any of them. */
function mentions(text: string, words: ReadonlySet<string>): boolean {
  if (/\\[xuU]|[&*][A-Za-z]/.test(text)) return true
  return (text.match(/[a-z0-9][a-z0-9.-]*/g) ?? []).some((word) => words.has(word))
}
