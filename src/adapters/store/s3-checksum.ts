import { createHash } from 'node:crypto'

/** SHA-256 of bytes as S3 takes and gives it, `ChecksumSHA256`: the store refuses others. */
export function s3Checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
