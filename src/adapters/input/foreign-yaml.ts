import { readFile, stat } from 'node:fs/promises'
import { FAILSAFE_SCHEMA, load } from 'js-yaml'

const MAX_BYTES = 2 ** 24

/** A YAML file of another program, every scalar as its text; null when there is none, or none that can be read. */
export async function foreignYaml(path: string): Promise<unknown> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return null
    return load(await readFile(path, 'utf8'), { schema: FAILSAFE_SCHEMA })
  } catch {
    return null
  }
}
