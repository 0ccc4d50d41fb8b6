import { readdirSync, readFileSync } from 'node:fs'
import { type PolicyFile, policyKind } from '../policy/policy-file.ts'
import { readFile } from '../registry/file-kind.ts'

/** Folder of the policies that the product ships, from a checkout or from a built package. */
const FOLDER = [new URL('../../policies/', import.meta.url), new URL('../../../policies/', import.meta.url)]

/**
 * The policies that the product ships, by name: `weighbridge/baseline` is `policies/baseline.yml`.
 *
 * @throws {Error} when a shipped policy has mistakes, which is a bug
 */
export function shippedPolicies(): ReadonlyMap<string, PolicyFile> {
  const folder = FOLDER.find(isFolder)
  if (folder === undefined) return new Map()
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'))
  return new Map(
    files.map((name) => [
      `weighbridge/${name.slice(0, -4)}`,
      read(new URL(name, folder), `weighbridge/${name.slice(0, -4)}`),
    ]),
  )
}

function read(url: URL, path: string): PolicyFile {
  const reading = readFile(policyKind, path, readFileSync(url, 'utf8'))
  if (!reading.ok)
    throw new Error(`shipped policy ${path}: ${reading.mistakes.map((mistake) => mistake.what).join('; ')}`)
  return { path, policy: reading.value, place: (field) => reading.place(field) }
}

function isFolder(url: URL): boolean {
  try {
    readdirSync(url)
    return true
  } catch {
    return false
  }
}
