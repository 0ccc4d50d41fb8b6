import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NewFile } from '../adapters/checkout/new-repository.ts'

const TEMPLATE = fileURLToPath(new URL('./template/', import.meta.url))

/** The files of a repository that trains: training code, workflows, and what to read first; sorted by path. */
export async function templateFiles(): Promise<readonly NewFile[]> {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    paths.sort().map(async (path) => ({
      path: nameInRepository(path.slice(TEMPLATE.length).replaceAll('\\', '/')),
      content: await readFile(path),
    })),
  )
}

/** Packages are published without files of this name. */
function nameInRepository(path: string): string {
  return path === 'gitignore' ? '.gitignore' : path
}
