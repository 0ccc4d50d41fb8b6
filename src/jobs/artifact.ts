import { inspectArtifact, type LocalFolder } from '../adapters/onnx/artifact-facts.ts'
import type { ArtifactFacts, ArtifactRequest, Subject } from '../gates/evidence.ts'
import { type LocalFile, TooLarge, Unavailable } from '../ports.ts'
import type { Job } from './job.ts'

/** Hashes and reads an artifact's bytes now, whatever was known of them before: they may have been changed since. */
export async function artifactFacts(request: ArtifactRequest, job: Job): Promise<ArtifactFacts> {
  return inspectArtifact(await fetchArtifact(request, job), request)
}

async function fetchArtifact(request: ArtifactRequest, job: Job): Promise<LocalFile | LocalFolder | Unavailable> {
  const { artifact, files } = request.subject
  try {
    if (files === undefined) return await job.files.fetch(artifact.uri, request.max_bytes)
    return { files: await fetchFolder(request, job) }
  } catch (error) {
    if (error instanceof Unavailable) return error
    throw error
  }
}

async function fetchFolder({ subject, max_bytes }: ArtifactRequest, { store, files }: Job) {
  const prefix = `${subject.artifact.uri.replace(/\/$/, '')}/`
  const listed = await store.list(prefix)
  const total = listed.reduce((sum, { size_bytes }) => sum + size_bytes, 0)
  if (total > max_bytes) throw new TooLarge(prefix, max_bytes)
  return Promise.all(
    listed.map(async ({ uri }) => ({ path: uri.slice(prefix.length), file: await files.fetch(uri, max_bytes) })),
  )
}

/**
 * The model file that may be opened: its bytes are the record's, and nothing in it is refused.
 *
 * @throws {Unavailable} naming what is wrong with the artifact
 */
export async function soundModel(subject: Subject, job: Job): Promise<LocalFile> {
  const { model, version, artifact, signature, files } = subject
  const max_bytes = job.limits.maxArtifactBytes
  const facts = await artifactFacts(
    {
      kind: 'artifact',
      subject: { model, version, artifact, ...(files && { files }), ...(signature && { signature }) },
      max_bytes,
    },
    job,
  )
  const problem = facts.problems[0]
  if (problem !== undefined)
    throw new Unavailable('missing', `${model} ${version} was not run: ${problem.what}`, problem.mend)
  return job.files.fetch(modelUri(subject), max_bytes)
}

function modelUri({ model, version, artifact, files }: Subject): string {
  if (files === undefined) return artifact.uri
  const file = files.find(({ path }) => path.toLowerCase().endsWith('.onnx'))
  if (file !== undefined) return `${artifact.uri.replace(/\/$/, '')}/${file.path}`
  throw new Unavailable(
    'missing',
    `the folder of ${model} ${version} holds no .onnx file`,
    'List the model file in the record.',
  )
}
