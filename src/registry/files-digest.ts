import { createHash } from 'node:crypto'

export interface ListedFile {
  readonly path: string
  readonly digest: string
}

/**
 * The digest of an artifact that is a folder.
 *
 * SHA-256 over one line per file, `<digest>  <path>\n`, sorted by the path's code points (the order of its UTF-8
 * bytes, of `LC_ALL=C sort -k2`).
 *
 * @param files  any order; digests as `sha256:...`
 * @example filesDigest([]) // => 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 */
export function filesDigest(files: readonly ListedFile[]): string {
  const hash = createHash('sha256')
  for (const { path, digest } of [...files].sort((a, b) => compareCodePoints(a.path, b.path))) {
    hash.update(`${digest}  ${path}\n`, 'utf8')
  }
  return `sha256:${hash.digest('hex')}`
}

/** Less than, equal to or greater than 0, by code points rather than UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  if (at > 0 && /[\udc00-\udfff]/.test(a[at] ?? b[at] ?? '')) at--
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}
