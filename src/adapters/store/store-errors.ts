import { Unavailable } from '../../ports.ts'

/** `get` is for evidence and records, not for artifacts and tables. */
export const MAX_SMALL_BYTES = 64 * 2 ** 20
/** Objects below one prefix that are still listed. */
export const MAX_LISTED = 100_000

export function missing(uri: string): Unavailable {
  return new Unavailable('missing', `${uri} does not exist`, 'Upload it, or record the URI where it lies.')
}

export function tooMany(prefix: string): Unavailable {
  const what = `more than ${MAX_LISTED} objects lie below ${prefix}`
  return new Unavailable('unreachable', what, 'Name a narrower prefix, such as one partition.')
}

const GRANT_READING = 'Grant s3:GetObject and s3:ListBucket there, and check the keys.'

/**
 * What an error of the AWS client means, in words of ours.
 *
 * Only its name and HTTP status are taken over: messages, causes and requests of the client can hold credentials.
 */
export function s3Error(uri: string, error: unknown, grant = GRANT_READING): Unavailable {
  if (error instanceof Unavailable) return error
  const { name, status } = described(error)
  if (status === 404 || /^(NoSuchKey|NoSuchBucket|NotFound)$/.test(name))
    return name === 'NoSuchBucket'
      ? new Unavailable('missing', `the bucket of ${uri} does not exist`, 'Check the name of the bucket.')
      : missing(uri)
  const answer = status === null ? name : `${status} ${name}`
  if (/Credentials/.test(name))
    return unreachable(
      uri,
      'no AWS credentials were found',
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role.',
    )
  if (status === 401 || status === 403) return unreachable(uri, `the store answered ${answer}`, grant)
  if (status !== null && status >= 300 && status < 400)
    return unreachable(
      uri,
      `the store answered ${answer}, and redirects are not followed`,
      'Set AWS_REGION to the region of the bucket.',
    )
  return unreachable(
    uri,
    `the store did not answer as it should (${answer})`,
    'Weigh again; check the endpoint of the store.',
  )
}

function unreachable(uri: string, because: string, mend: string): Unavailable {
  return new Unavailable('unreachable', `${uri} cannot be reached: ${because}`, mend)
}

/** The status of an answer that the AWS client throws; null when there was no answer. */
export function httpStatus(error: unknown): number | null {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: unknown } }
  const status = $metadata?.httpStatusCode
  return typeof status === 'number' ? status : null
}

/** Of a conditional write: 412, an object is there; 409, another writer was quicker by a hair. */
export function isTaken(error: unknown): boolean {
  return [412, 409].includes(httpStatus(error) ?? 0)
}

function described(error: unknown): { readonly name: string; readonly status: number | null } {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  const word = [code, name].find((text) => typeof text === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text))
  return { name: typeof word === 'string' ? word : 'Error', status: httpStatus(error) }
}
