import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Keys under which a local folder holds evidence, so that asking for a hundred thousand others opens no file.
 *
 * @param folder  of the evidence; absent, it holds none
 */
export async function keptKeys(folder: string): Promise<ReadonlySet<string>> {
  const shelves = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = await Promise.all(
    shelves.filter((shelf) => shelf.isDirectory()).map(({ name }) => readdir(join(folder, name)).catch(() => [])),
  )
  return new Set(names.flat().flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])))
}
