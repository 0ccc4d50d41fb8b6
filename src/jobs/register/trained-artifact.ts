import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectArtifact } from '../../adapters/onnx/artifact-facts.ts'
import { turns } from '../../adapters/turns.ts'
import type { ArtifactFacts } from '../../gates/evidence.ts'
import type { LocalFile } from '../../ports.ts'
import { compareCodePoints, filesDigest } from '../../registry/files-digest.ts'
import { escapesItsPrefix } from '../../registry/names.ts'
import type { VersionRecord } from '../../registry/record.ts'
import { isPlainPath } from '../../registry/repository-path.ts'
import { type Complaints, Wrong } from './complaints.ts'
import { hashedFile, storedName } from './given-file.ts'
import type { RegisterAsk } from './registration.ts'

/** The trained model as it lies on this machine. */
export interface TrainedArtifact {
  /** Its name in the store. */
  readonly name: string
  readonly digest: string
  readonly size_bytes: number
  readonly format: 'onnx' | 'opaque'
  /** One with an empty path, or those of a folder by their path in it. */
  readonly files: readonly { readonly path: string; readonly file: LocalFile }[]
  readonly isFolder: boolean
  readonly onnx: ArtifactFacts['onnx']
}

const MOST_FILES = 10_000
/** Many systems let a process hold no more than 1,024 files open. */
const FILES_AT_ONCE = 16
const MAX_BYTES = 2 ** 40

/**
 * Hashes the artifact and reads an ONNX model's own description, without running anything: external data, unknown
 * operator sets and pointers to elsewhere are refused here, not when it is weighed.
 */
export async function trainedArtifact(
  { model, artifact, format: asked }: RegisterAsk,
  complaints: Complaints,
): Promise<TrainedArtifact | null> {
  const where = `--artifact ${artifact}`
  return complaints.tried(where, async () => {
    const isFolder = (await stat(artifact)).isDirectory()
    const files = isFolder ? await filesBelow(artifact) : [{ path: '', file: await hashedFile(artifact) }]
    const isOnnx = files.some(({ path, file }) => /\.onnx$/i.test(isFolder ? path : file.path))
    const format = asked ?? (isOnnx ? 'onnx' : 'opaque')
    const digest = isFolder
      ? filesDigest(files.map(({ path, file }) => ({ path, digest: file.digest })))
      : (files[0]?.file.digest ?? '')
    const size_bytes = files.reduce((sum, { file }) => sum + file.size_bytes, 0)
    const listed = files.map(({ path, file }) => ({ path, digest: file.digest, size_bytes: file.size_bytes }))
    const subject = {
      model,
      version: '0.0.0',
      artifact: { uri: artifact, digest, format },
      ...(isFolder && { files: listed }),
    }
    const fetched = isFolder ? { files } : (files[0]?.file as LocalFile)
    const facts = await inspectArtifact(fetched, { kind: 'artifact', subject, max_bytes: MAX_BYTES })
    for (const { what, mend } of facts.problems) complaints.say(where, what, mend)
    return { name: storedName(artifact), digest, size_bytes, format, files, isFolder, onnx: facts.onnx }
  })
}

/** Every file of a folder in the order of the record. */
async function filesBelow(folder: string): Promise<TrainedArtifact['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const others = entries.filter((entry) => !entry.isFile() && !entry.isDirectory())
  if (others.length > 0) throw new Wrong(`holds links, ${others[0]?.name} among them`, 'Copy the files themselves.')
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  if (paths.length === 0) throw new Wrong('is an empty folder', 'Name the file or the folder that training wrote.')
  if (paths.length > MOST_FILES) throw new Wrong(`holds more than ${MOST_FILES} files`, 'Pack them into one file.')
  const named = paths.map((path) => ({ at: path, path: path.slice(join(folder, '/').length) }))
  const strange = named.find(({ path }) => !isPlainPath(path) || /\s/.test(path) || escapesItsPrefix(path))
  if (strange !== undefined)
    throw new Wrong(`holds ${JSON.stringify(strange.path)}, a name that no URI can have`, 'Rename the file.')
  const sorted = named.sort((a, b) => compareCodePoints(a.path, b.path))
  const inTurn = turns(FILES_AT_ONCE)
  return Promise.all(sorted.map(async ({ at, path }) => ({ path, file: await inTurn(() => hashedFile(at, true)) })))
}

/**
 * What the record says of a model that was read.
 *
 * @param asked     columns in the order of a single tensor input, as given
 * @param declared  features of model.yml: of those, a model that names its inputs takes the ones that it names
 */
export function describedModel(
  { onnx }: TrainedArtifact,
  {
    asked,
    declared,
  }: { readonly asked: readonly string[] | undefined; readonly declared: readonly string[] | undefined },
): Pick<VersionRecord, 'signature' | 'features'> {
  const inputs = onnx === null || onnx.inputs.length < 2 ? null : new Set(onnx.inputs.map(({ name }) => name))
  const features = asked ?? declared?.filter((name) => inputs?.has(name) ?? true)
  return {
    ...(onnx !== null && { signature: { inputs: [...onnx.inputs], outputs: [...onnx.outputs] } }),
    ...(features !== undefined && features.length > 0 && { features: [...features] }),
  }
}
