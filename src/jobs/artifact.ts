import { inspectArtifact, type LocalFolder } from '../adapters/onnx/artifact-facts.ts'
import type { ArtifactFacts, ArtifactRequest, Subject } from '../gates/evidence.ts'
import { type LocalFile, Unavailable } from '../ports.ts'
import type { GatherPorts } from './evidence-ports.ts'
import type { JobFiles } from './table-files.ts'

/** Hashes and reads an artifact's bytes now, whatever was known of them before: they may have been changed since. */
export async function artifactFacts(
  request: ArtifactRequest,
  ports: GatherPorts,
  files: JobFiles,
): Promise<ArtifactFacts> {
  return inspectArtifact(await fetchArtifact(request, ports, files), request)
}

async function fetchArtifact(
  request: ArtifactRequest,
  ports: GatherPorts,
  files: JobFiles,
): Promise<LocalFile | LocalFolder | Unavailable> {
  const { artifact } = request.subject
  try {
    if (request.subject.files === undefined) return await files.fetch(artifact.uri, request.max_bytes)
    const prefix = artifact.uri.endsWith('/') ? artifact.uri : `${artifact.uri}/`
    const listed = await ports.store.list(prefix)
    const fetched = await Promise.all(
      listed.map(async ({ uri }) => ({
        path: uri.slice(prefix.length),
        file: await files.fetch(uri, request.max_bytes),
      })),
    )
    return { files: fetched }
  } catch (error) {
    if (error instanceof Unavailable) return error
    throw error
  }
}

/**
 * The model file that may be opened: its bytes are the record's, and nothing in it is refused.
 *
 * @throws {Unavailable} naming what is wrong with the artifact
 */
export async function soundModel(subject: Subject, ports: GatherPorts, files: JobFiles): Promise<LocalFile> {
  const { model, version, artifact, signature } = subject
  const request: ArtifactRequest = {
    kind: 'artifact',
    subject: {
      model,
      version,
      artifact,
      ...(subject.files && { files: subject.files }),
      ...(signature && { signature }),
    },
    max_bytes: ports.limits.maxArtifactBytes,
  }
  const facts = await artifactFacts(request, ports, files)
  const problem = facts.problems[0]
  if (problem !== undefined)
    throw new Unavailable('missing', `${model} ${version} was not run: ${problem.what}`, problem.mend)
  if (subject.files === undefined) return files.fetch(artifact.uri, request.max_bytes)
  const file = subject.files.find(({ path }) => path.toLowerCase().endsWith('.onnx'))
  if (file === undefined)
    throw new Unavailable(
      'missing',
      `the folder of ${model} ${version} holds no .onnx file`,
      'List the model file in the record.',
    )
  return files.fetch(`${artifact.uri.replace(/\/$/, '')}/${file.path}`, request.max_bytes)
}
