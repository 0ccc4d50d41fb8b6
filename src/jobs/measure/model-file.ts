import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { inspectArtifact } from '../../adapters/onnx/artifact-facts.ts'
import { type LocalFile, Unavailable } from '../../ports.ts'
import { readFile as readRegistryFile } from '../../registry/file-kind.ts'
import { recordKind } from '../../registry/file-kinds.ts'
import { printMistake } from '../../registry/mistake.ts'
import type { VersionRecord } from '../../registry/record.ts'

const MAX_BYTES = 2 ** 31
const MAX_RECORD_BYTES = 1_000_000

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
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  const file = { path, digest: `sha256:${hash.digest('hex')}`, size_bytes: found.size }
  const { problems } = await inspectArtifact(file, {
    kind: 'artifact',
    subject: { model: called, version: '0.0.0', artifact: { uri: called, digest: file.digest } },
    max_bytes: MAX_BYTES,
  })
  const [problem] = problems
  if (problem !== undefined) throw new Unavailable('missing', `${called} cannot be run: ${problem.what}`, problem.mend)
  return file
}

/**
 * The version record that a person names on the command line, for the order of features and the classes.
 *
 * @throws {Unavailable} where there is none, or with the first of its mistakes
 */
export async function recordFrom(path: string): Promise<VersionRecord> {
  const called = basename(path)
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile())
    throw new Unavailable('missing', `there is no file ${called}`, 'Name a record, models/<model>/versions/1.0.0.yml.')
  if (found.size > MAX_RECORD_BYTES)
    throw new Unavailable('missing', `${called} has ${found.size} bytes, too many for a record`, 'Check the path.')
  const reading = readRegistryFile(recordKind, path, await readFile(path, 'utf8'))
  if (reading.ok) return reading.value
  const wrong = reading.mistakes.filter(({ severity }) => severity === 'error')
  throw new Unavailable('missing', printMistake(wrong[0] ?? reading.mistakes[0]!), 'Mend the record, then ask again.')
}
