import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { S3Failure } from './s3-failure.ts'

const ALGORITHMS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  crc32: (bytes) => fourBytes(crc32(bytes)),
  crc32c: (bytes) => fourBytes(crc32c(bytes)),
  sha1: (bytes) => createHash('sha1').update(bytes).digest(),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
}

export type Checksums = Readonly<Record<string, string>>

/**
 * Checksums that the sender stated and that the bytes have: base64 by algorithm.
 *
 * @param headers  headers and trailers of the request, names in lower case
 * @throws {S3Failure} BadDigest when the bytes have another, InvalidDigest or InvalidRequest when none could have it
 */
export function checkedChecksums(headers: Readonly<Record<string, string>>, bytes: Buffer): Checksums {
  checkMd5(headers['content-md5'], bytes)
  const stated = Object.entries(headers).flatMap(([name, value]) => {
    const algorithm = /^x-amz-checksum-(crc\w+|sha\d+)$/.exec(name)?.[1]
    return algorithm === undefined ? [] : [[algorithm, value] as const]
  })
  for (const [algorithm, value] of stated) checkOne(algorithm, value, bytes)
  return Object.fromEntries(stated)
}

function checkOne(algorithm: string, value: string, bytes: Buffer): void {
  const compute = ALGORITHMS[algorithm]
  if (compute === undefined) throw new S3Failure('NotImplemented', `This store does not compute ${algorithm}.`)
  const right = compute(bytes)
  if (Buffer.from(value, 'base64').length !== right.length)
    throw new S3Failure('InvalidRequest', `Value for x-amz-checksum-${algorithm} header is invalid.`)
  if (value !== right.toString('base64'))
    throw new S3Failure(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    )
}

function checkMd5(value: string | undefined, bytes: Buffer): void {
  if (value === undefined) return
  const right = createHash('md5').update(bytes).digest('base64')
  if (Buffer.from(value, 'base64').length !== 16)
    throw new S3Failure('InvalidDigest', 'The Content-MD5 you specified was invalid.')
  if (value !== right) throw new S3Failure('BadDigest', 'The Content-MD5 you specified did not match what we received.')
}

/** The checksum of an object put together from parts: that of its parts' checksums, and how many they were. */
export function compositeChecksum(algorithm: string, parts: readonly string[]): string {
  const compute = ALGORITHMS[algorithm]
  if (compute === undefined) throw new S3Failure('NotImplemented', `This store does not compute ${algorithm}.`)
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
  return `${compute(joined).toString('base64')}-${parts.length}`
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** CRC-32C (Castagnoli), reflected polynomial 0x82f63b78. */
const CASTAGNOLI = new Uint32Array(256).map((_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value >>> 0
})

function crc32c(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (CASTAGNOLI[(value ^ byte) & 255] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}
