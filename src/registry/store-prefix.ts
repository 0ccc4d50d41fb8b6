import { escapesItsPrefix } from './names.ts'
import { plainFolder } from './repository-path.ts'

const URI = /^(?:s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?|file:(.*))$/s

/** Where a URI points, taken apart; null for what is neither `s3://bucket/key` nor `file:path`. */
function parts(uri: string): { readonly root: string; readonly path: string } | null {
  const match = URI.exec(uri)
  if (match === null || /\s/u.test(uri) || escapesItsPrefix(uri)) return null
  if (match[1] !== undefined) return { root: `s3://${match[1]}`, path: match[2] ?? '' }
  const path = match[3] ?? ''
  return path === '' || path.startsWith('/') ? null : { root: 'file:', path }
}

/**
 * Whether a URI lies below a prefix: same bucket, and a key below the prefix taken with a trailing slash.
 *
 * Closed: a URI or prefix that holds `..`, `//`, `%`, `\`, `?`, `#`, white space or control characters covers nothing
 * and is covered by nothing, and no prefix covers itself.
 *
 * @example prefixCovers('s3://acme-data', 's3://acme-data-evil/x') // => false
 */
export function prefixCovers(prefix: string, uri: string): boolean {
  const outer = parts(prefix)
  const inner = parts(uri)
  if (outer === null || inner === null || outer.root !== inner.root) return false
  const folder = outer.path === '' || outer.path.endsWith('/') ? outer.path : `${outer.path}/`
  return inner.path.length > folder.length && inner.path.startsWith(folder)
}

/**
 * Where all that is stored of a model lies.
 *
 * @param artifacts  `store.artifacts` of the configuration
 * @example modelPrefix('s3://acme-models/registry/', 'churn') // => 's3://acme-models/registry/churn/'
 */
export function modelPrefix(artifacts: string, model: string): string {
  return `${plainFolder(artifacts)}/${model}/`
}

/** Whether one prefix lies in the other or both are the same. */
export function prefixesOverlap(a: string, b: string): boolean {
  const folder = (prefix: string) => (prefix.endsWith('/') ? prefix : `${prefix}/`)
  return folder(a) === folder(b) || prefixCovers(a, folder(b)) || prefixCovers(b, folder(a))
}
