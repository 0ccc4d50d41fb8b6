import { z } from 'zod'

/**
 * The words that may reach a path, a ref, an object key or a command, checked once, here.
 */

export const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const DIGEST = /^sha256:[0-9a-f]{64}$/
/** Semantic Versioning 2.0.0 without build metadata: a `+build` would give one version two file names. */
export const VERSION =
  /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-(0|[1-9]\d{0,8}|\d*[a-z-][0-9a-z-]*)(\.(0|[1-9]\d{0,8}|\d*[a-z-][0-9a-z-]*))*)?$/
const S3_URI = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^\s]*$/
const FILE_URI = /^file:[^\s/][^\s]*$/

/** Whether a URI's text could leave the prefix that it seems to lie in. */
export function escapesItsPrefix(uri: string): boolean {
  const path = uri.replace(/^(s3:\/\/|file:)/, '')
  return /(^|\/)\.\.?(\/|$)|\/\/|[%\\?#]|\p{Cc}/u.test(path)
}

export const nameSchema = z
  .string()
  .regex(NAME, 'must be lower-case letters, digits and inner hyphens, 63 characters at most')
export const versionSchema = z
  .string()
  .max(64)
  .regex(VERSION, 'must be a semantic version such as 1.4.0, in lower case, without +build')
export const digestSchema = z.string().regex(DIGEST, 'must be sha256: and 64 lower-case hexadecimal digits')
export const uriSchema = z
  .string()
  .max(1024)
  .refine(
    (uri) => S3_URI.test(uri) || FILE_URI.test(uri),
    'must be s3://bucket/key or file:path (relative to the repository)',
  )
  .refine((uri) => !escapesItsPrefix(uri), 'must not hold "..", "//", "%", "\\", "?", "#" or control characters')
/** A prefix ends in `/` when it is used; configurations may leave the slash out, also after a bucket. */
export const prefixSchema = z
  .string()
  .max(1024)
  .refine(
    (prefix) => S3_URI.test(prefix.endsWith('/') ? prefix : `${prefix}/`) || FILE_URI.test(prefix),
    'must be s3://bucket/prefix or file:folder (relative to the repository)',
  )
  .refine((prefix) => !escapesItsPrefix(prefix), 'must not hold "..", "//", "%", "\\", "?", "#" or control characters')
export const columnSchema = z.string().min(1).max(256)
export const labelsSchema = z.record(z.string().max(63), z.string().max(253))
export const formatSchema = z.literal(1).optional().describe('Format number of this file kind.')
