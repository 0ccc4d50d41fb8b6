import { readFileSync } from 'node:fs'

/** Name and version of this program, `weighbridge 0.1.0`: another version may compute another number. */
export function engineVersion(): string {
  const { name, version } = ownPackage(import.meta.url)
  return `${name} ${version}`
}

/**
 * The engine as evidence keys name it, `weighbridge 0.1.0 x64`: with the processor family, between which scores agree
 * to 1e-6 only.
 */
export function engineName(): string {
  return `${engineVersion()} ${process.arch}`
}

/** The nearest package.json above this file, wherever the build has put it. */
function ownPackage(from: string): { readonly name: string; readonly version: string } {
  for (let folder = new URL('.', from); ; folder = new URL('..', folder)) {
    const found = packageIn(folder)
    if (found !== null) return found
    if (folder.pathname === new URL('..', folder).pathname)
      throw new Error('the package.json of this program is missing')
  }
}

function packageIn(folder: URL): { readonly name: string; readonly version: string } | null {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
    return typeof name === 'string' && typeof version === 'string' ? { name, version } : null
  } catch {
    return null
  }
}
