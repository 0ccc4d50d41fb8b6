import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { inspectArtifact } from '../../adapters/onnx/artifact-facts.ts'
import { streamDigest } from '../../adapters/store/stream-digest.ts'
import { type LocalFile, Unavailable } from '../../ports.ts'

const MAX_BYTES = 2 ** 31

/**
 * A model that a person names on the command line, hashed, and looked at before any runtime opens it.
 *
 * @throws {Unavailable} where there is no such file, or it is none that can be run
 */
export async function modelFile(path: string): Promise<LocalFile> {
  const called = basename(path)
  const found = await stat(path).catch(() => null)
  if (found === null) throw new Unavailable('missing', `there is no file ${called}`, 'Check the path.')
  if (!found.isFile()) throw new Unavailable('missing', `${called} is not a file`, 'Name one .onnx file.')
  const file = { path, digest: await streamDigest(createReadStream(path)), size_bytes: found.size }
  const { problems } = await inspectArtifact(file, {
    kind: 'artifact',
    subject: { model: called, version: '0.0.0', artifact: { uri: called, digest: file.digest } },
    max_bytes: MAX_BYTES,
  })
  const [problem] = problems
  if (problem !== undefined) throw new Unavailable('missing', `${called} cannot be run: ${problem.what}`, problem.mend)
  return file
}
