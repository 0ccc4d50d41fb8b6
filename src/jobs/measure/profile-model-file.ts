import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Unavailable } from '../../ports.ts'
import { readFile as readRegistryFile } from '../../registry/file-kind.ts'
import { modelKind } from '../../registry/file-kinds.ts'
import { printMistake } from '../../registry/mistake.ts'
import type { Model } from '../../registry/model.ts'

const MAX_BYTES = 1_000_000

/**
 * The model.yml that a person names on the command line.
 *
 * @throws {Unavailable} where there is none, or with the first of its mistakes
 */
export async function modelFromFile(path: string): Promise<Model> {
  const called = basename(path)
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile())
    throw new Unavailable('missing', `there is no file ${called}`, 'Name a model, models/<model>/model.yml.')
  if (found.size > MAX_BYTES)
    throw new Unavailable('missing', `${called} has ${found.size} bytes, too many for a model`, 'Check the path.')
  const reading = readRegistryFile(modelKind, path, await readFile(path, 'utf8'))
  if (reading.ok) return reading.value
  const wrong = reading.mistakes.filter(({ severity }) => severity === 'error')
  throw new Unavailable('missing', printMistake(wrong[0] ?? reading.mistakes[0]!), 'Mend model.yml, then ask again.')
}
