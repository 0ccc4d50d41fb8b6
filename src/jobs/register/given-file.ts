import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { streamDigest } from '../../adapters/store/stream-digest.ts'
import type { LocalFile } from '../../ports.ts'
import { Wrong } from './complaints.ts'

/** A file of this machine with its digest; only one of many may be empty. */
export async function hashedFile(path: string, isOneOfMany = false): Promise<LocalFile> {
  const found = await stat(path)
  if (!found.isFile()) throw new Wrong('is not a file', 'Name a file.')
  if (found.size === 0 && !isOneOfMany) throw new Wrong('is empty', 'Look at what wrote it.')
  return { path, digest: await streamDigest(createReadStream(path)), size_bytes: found.size }
}

/** A name that any store and any record takes. */
export function storedName(path: string): string {
  return (
    basename(path)
      .replace(/[^A-Za-z0-9._=+@-]/g, '_')
      .replace(/^[-.]+/, '')
      .slice(-120) || 'artifact'
  )
}

/** `9f86d081884c7d65`, the part of a digest that stands in names of objects. */
export function shortDigest(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 16)
}

export function isUri(name: string): boolean {
  return /^(s3:\/\/|file:)/.test(name)
}
