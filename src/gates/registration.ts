import { z } from 'zod'
import { causeOf } from '../ledger/cause.ts'
import { textDigest } from '../ledger/signature.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import { digestSchema, nameSchema, versionSchema } from '../registry/names.ts'
import type { VersionRecord } from '../registry/record.ts'

/** What the app has seen itself of the run that trained a version; sealed by it, so that nobody else can say it. */
export const registrationSchema = z.strictObject({
  schema: z.literal('weighbridge.registration/v1'),
  model: nameSchema,
  version: versionSchema,
  /** Of the artifact. */
  digest: digestSchema,
  correlation: z.string(),
  commit: z.string(),
  workflow: z.string(),
  run: z.int().positive(),
  attempt: z.int().positive(),
  /** Account id of who asked for it: such a person fills no other role that must be distinct. */
  requested_by: z.int().nonnegative(),
  gpu_seconds: z.number().nonnegative(),
  /** Digest of what the record says of its training: changed by hand it is declared again. */
  training: digestSchema,
})
export type Registration = z.infer<typeof registrationSchema>

/**
 * Where the evidence of a registration lies: only the artifact's own bytes lead to it.
 *
 * @param digest  of the artifact
 * @example registrationKey(`sha256:${'0'.repeat(64)}`).length // => 71
 */
export function registrationKey(digest: string): string {
  return causeOf('registered', [digest])
}

/** Asks what the app itself has seen of the run that trained these bytes; nobody measures it. */
export interface RegistrationRequest {
  readonly kind: 'registration'
  /** Of the artifact. */
  readonly digest: string
}

/** Asks whether the app has looked up the run that trained a record's bytes. */
export function registrationRequest({ artifact }: Pick<VersionRecord, 'artifact'>): RegistrationRequest {
  return { kind: 'registration', digest: artifact.digest }
}

/**
 * Digest of what a record says of its training.
 *
 * @example trainingDigest({ training: { seed: 7 } }) === trainingDigest({ training: { seed: 8 } }) // => false
 */
export function trainingDigest({ training }: Pick<VersionRecord, 'training'>): string {
  return textDigest(canonicalJson(training ?? null))
}

/**
 * Why a record is not what was registered; null when it is.
 *
 * @param record  of the bytes that the registration is about
 */
export function whyNotRegistered(record: VersionRecord, registration: Registration): string | null {
  const { model, version, digest } = registration
  if (record.artifact.digest !== digest) return 'the app registered other bytes'
  if (record.model !== model || record.version !== version)
    return `the app registered these bytes as ${model} ${version}`
  if (trainingDigest(record) !== registration.training)
    return 'training: was changed by hand after the app had registered it'
  return null
}
