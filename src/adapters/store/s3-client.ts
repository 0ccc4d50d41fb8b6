import type { S3Client } from '@aws-sdk/client-s3'
import { Unavailable } from '../../ports.ts'
import { escapesItsPrefix } from '../../registry/names.ts'
import { assumedRole } from './assumed-role.ts'

/** The operator's choices; credentials come from AWS's own environment, the endpoint too. */
export interface S3Options {
  /** Times that a request, or a body that breaks off, is tried. */
  readonly maxAttempts?: number
  /** For connecting, for an answer, and between two pieces of a body. */
  readonly timeoutMs?: number
  /** Role that is assumed with the credentials of the environment. */
  readonly roleArn?: string
}

export type Sdk = typeof import('@aws-sdk/client-s3')
export interface OpenedS3 {
  readonly sdk: Sdk
  readonly client: S3Client
}

/** A client of S3 or of a store that speaks its protocol (`AWS_ENDPOINT_URL_S3`). */
export async function openS3Client({
  maxAttempts,
  timeoutMs,
  roleArn,
}: Required<Omit<S3Options, 'roleArn'>> & S3Options): Promise<OpenedS3> {
  const sdk = await import('@aws-sdk/client-s3')
  const hasEndpoint = Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL)
  const options = {
    ...(process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION ? {} : { region: 'us-east-1' }),
    forcePathStyle: hasEndpoint,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: false,
    maxAttempts,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  } as const
  const own = new sdk.S3Client(options)
  if (roleArn === undefined) return { sdk, client: own }
  const { credentials, region } = own.config
  const role = assumedRole({ roleArn, own: () => credentials(), region: await region(), timeoutMs })
  return { sdk, client: new sdk.S3Client({ ...options, credentials: role }) }
}

/** Bucket and key of an `s3://` URI. */
export function placedInBucket(uri: string): { readonly Bucket: string; readonly Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? []
  if (Bucket === undefined || Key === undefined || escapesItsPrefix(uri))
    throw new Unavailable('missing', `${uri} is not s3://bucket/key`, 'Write s3://bucket/key.')
  return { Bucket, Key }
}
