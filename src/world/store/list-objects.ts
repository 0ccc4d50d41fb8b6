import { S3Failure } from './s3-failure.ts'
import { element, type S3Answer, type S3Query, type S3Request, xml } from './s3-message.ts'
import { bucketNamed, type Store } from './store.ts'
import { currentVersion, type ObjectVersion } from './store-state.ts'

/** A row of a listing: an object or version, or a common prefix that stands for all below it. */
interface Row {
  readonly key: string
  readonly version: ObjectVersion | null
  readonly isLatest: boolean
}

/** ListObjectsV2: in the order of UTF-8 bytes, a page at a time. */
export function listObjects(store: Store, request: S3Request): S3Answer {
  const { query, bucket: name } = request
  const bucket = bucketNamed(store, name)
  const token = query.get('continuation-token')
  const after = token === undefined ? (query.get('start-after') ?? '') : tokenText(token)
  const rows = [...bucket.keys.keys()].flatMap((key): readonly Row[] => {
    const version = currentVersion(bucket, key)
    return version === undefined ? [] : [{ key, version, isLatest: true }]
  })
  const endless = store.faults.endlessList === true
  const { page, isTruncated } = paged(rows, {
    query,
    pageSize: store.pageSize,
    isAfter: ({ key }) => endless || isLater(key, after),
  })
  const last = page.at(-1)?.key ?? ''
  return xml(
    200,
    'ListBucketResult',
    [
      element('Name', name),
      described(query, store.pageSize),
      element('KeyCount', page.length),
      element('IsTruncated', endless || isTruncated),
      element('ContinuationToken', token),
      element('StartAfter', query.get('start-after')),
      element('NextContinuationToken', endless || isTruncated ? tokenOf(last) : undefined),
      ...page.map((row) => (row.version === null ? prefixRow(row, query) : contents(row, row.version, query))),
    ].join(''),
  )
}

/** ListObjectVersions: every version and delete marker, newest first below its key. */
export function listVersions(store: Store, request: S3Request): S3Answer {
  const { query, bucket: name } = request
  const [keyMarker = '', idMarker] = [query.get('key-marker'), query.get('version-id-marker')]
  const rows = [...bucketNamed(store, name).keys].flatMap(([key, versions]) =>
    versions.map((version, index): Row => ({ key, version, isLatest: index === 0 })),
  )
  const marked = rows.findIndex((row) => row.key === keyMarker && row.version?.id === idMarker)
  const sameKeyAfter = new Set(marked < 0 ? [] : rows.slice(marked + 1).filter((row) => row.key === keyMarker))
  const isAfter = (row: Row) => isLater(row.key, keyMarker) || sameKeyAfter.has(row)
  const { page, isTruncated } = paged(rows, { query, pageSize: store.pageSize, isAfter })
  const last = page.at(-1)
  return xml(
    200,
    'ListVersionsResult',
    [
      element('Name', name),
      described(query, store.pageSize),
      element('KeyMarker', keyMarker),
      element('VersionIdMarker', idMarker ?? ''),
      element('IsTruncated', isTruncated),
      isTruncated ? element('NextKeyMarker', last?.key) + element('NextVersionIdMarker', last?.version?.id) : '',
      ...page.map((row) => (row.version === null ? prefixRow(row, query) : versionRow(row, row.version, query))),
    ].join(''),
  )
}

function paged(
  all: readonly Row[],
  {
    query,
    pageSize,
    isAfter,
  }: { readonly query: S3Query; readonly pageSize: number; readonly isAfter: (row: Row) => boolean },
): { readonly page: readonly Row[]; readonly isTruncated: boolean } {
  const prefix = query.get('prefix') ?? ''
  const wanted = all.filter((row) => row.key.startsWith(prefix))
  const rows = grouped(wanted, prefix, query.get('delimiter') ?? '')
    .filter(isAfter)
    .map((row, index) => ({ row, index }))
    .sort((a, b) => inOrder(a.row.key, b.row.key) || a.index - b.index)
    .map(({ row }) => row)
  const limit = Math.min(maxKeys(query), pageSize)
  return { page: rows.slice(0, limit), isTruncated: limit > 0 && rows.length > limit }
}

/** Rows with all below a delimiter rolled up into one. */
function grouped(rows: readonly Row[], prefix: string, delimiter: string): readonly Row[] {
  if (delimiter === '') return rows
  const prefixes = new Set<string>()
  const plain = rows.filter(({ key }) => {
    const at = key.indexOf(delimiter, prefix.length)
    if (at >= 0) prefixes.add(key.slice(0, at + delimiter.length))
    return at < 0
  })
  return [...plain, ...[...prefixes].map((key) => ({ key, version: null, isLatest: true }))]
}

function maxKeys(query: S3Query): number {
  const wanted = Number(query.get('max-keys') ?? 1000)
  if (!Number.isInteger(wanted) || wanted < 0)
    throw new S3Failure('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647')
  return Math.min(wanted, 1000)
}

function described(query: S3Query, pageSize: number): string {
  return [
    element('Prefix', encodedKey(query.get('prefix') ?? '', query)),
    element('Delimiter', query.get('delimiter')),
    element('MaxKeys', Math.min(maxKeys(query), pageSize)),
    element('EncodingType', query.get('encoding-type')),
  ].join('')
}

function contents({ key }: Row, version: ObjectVersion, query: S3Query): string {
  return `<Contents>${element('Key', encodedKey(key, query))}${ofVersion(version)}</Contents>`
}

function versionRow({ key, isLatest }: Row, version: ObjectVersion, query: S3Query): string {
  const head = `${element('Key', encodedKey(key, query))}${element('VersionId', version.id)}${element('IsLatest', isLatest)}`
  return version.isDeleteMarker
    ? `<DeleteMarker>${head}${element('LastModified', new Date(version.modifiedMs).toISOString())}</DeleteMarker>`
    : `<Version>${head}${ofVersion(version)}</Version>`
}

function prefixRow({ key }: Row, query: S3Query): string {
  return `<CommonPrefixes>${element('Prefix', encodedKey(key, query))}</CommonPrefixes>`
}

function ofVersion({ etag, sizeBytes, modifiedMs }: ObjectVersion): string {
  return [
    element('LastModified', new Date(modifiedMs).toISOString()),
    element('ETag', `"${etag}"`),
    element('Size', sizeBytes),
    element('StorageClass', 'STANDARD'),
  ].join('')
}

/** Keys can hold characters that XML can't: a reader may ask for them percent-encoded. */
function encodedKey(key: string, query: S3Query): string {
  return query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key
}

function isLater(key: string, than: string): boolean {
  return than === '' || inOrder(key, than) > 0
}

function inOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function tokenText(token: string): string {
  const key = Buffer.from(token, 'base64url').toString()
  if (tokenOf(key) !== token) throw new S3Failure('InvalidArgument', 'The continuation token provided is incorrect')
  return key
}
