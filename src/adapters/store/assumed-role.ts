import { type AwsCredentials, signedHeaders } from './signed-request.ts'

export interface TemporaryCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

export interface RoleOptions {
  readonly roleArn: string
  /** The app's own. */
  readonly own: () => Promise<AwsCredentials>
  readonly region: string
  readonly timeoutMs: number
  readonly fetch?: typeof fetch
  readonly now?: () => number
}

const HOUR_S = 3600

/** Credentials of a role, asked of STS with the app's own; whoever holds them asks again before they expire. */
export function assumedRole(options: RoleOptions): () => Promise<TemporaryCredentials> {
  const { roleArn, own, region, timeoutMs, now = Date.now } = options
  const url = new URL(process.env.AWS_ENDPOINT_URL_STS || `https://sts.${region}.amazonaws.com/`)
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'weighbridge',
    DurationSeconds: String(HOUR_S),
  }).toString()
  return async () => {
    const request = {
      method: 'POST',
      url,
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    } as const
    const headers = signedHeaders(request, await own(), { region, service: 'sts', now: now() })
    const answer = await (options.fetch ?? fetch)(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.text()
    if (!answer.ok) throw refused(roleArn, answer.status, text)
    return credentialsIn(roleArn, text)
  }
}

function credentialsIn(roleArn: string, xml: string): TemporaryCredentials {
  const read = (name: string): string => {
    const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1]
    if (value === undefined) throw refused(roleArn, 200, xml)
    return value
  }
  return {
    accessKeyId: read('AccessKeyId'),
    secretAccessKey: read('SecretAccessKey'),
    sessionToken: read('SessionToken'),
    expiration: new Date(read('Expiration')),
  }
}

/** Named so that the store shows it as a refusal; nothing of an answer but its code is repeated. */
function refused(roleArn: string, status: number, xml: string): Error {
  const code = /<Code>(\w{1,64})<\/Code>/.exec(xml)?.[1] ?? `HTTP ${status}`
  return Object.assign(new Error(`the role ${roleArn} could not be assumed: ${code}`), {
    name: 'RoleNotAssumed',
    $metadata: { httpStatusCode: 403 },
  })
}
