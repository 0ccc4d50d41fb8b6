import { readFileSync } from 'node:fs'
import type { SecretSources } from '../intake/webhook-secrets.ts'

/** One GitHub App: an id and its private key, PEM. */
export interface AppKey {
  readonly appId: number
  readonly privateKey: string
}

/** Everything that the environment decides; nothing in it comes from a repository. */
export interface Settings {
  readonly weigher: AppKey
  /** The identity that rolls back; null: the weigher, where nothing is bypassed. */
  readonly mover: AppKey | null
  /** Where the webhook secrets stand: a file may change while the app runs. */
  readonly webhook: SecretSources
  /** `https://api.github.com`, or the server's own. */
  readonly apiUrl: string
  readonly webUrl: string
  readonly host: string
  readonly port: number
  /** Where people reach the app, without a slash at the end. */
  readonly publicUrl: string
  readonly logLevel: string
  /** Folder of the inbox and of keys that the app makes itself. */
  readonly home: string
  /** What `file:` lies below; null: no files are served. */
  readonly fileRoot: string | null
  /** Class of this machine, for latency limits in milliseconds; null: nobody has named it. */
  readonly runnerClass: string | null
  readonly operatorFile: string | null
  /** OAuth credentials of the weigher; local: whoever sits at this machine, without signing in; null: no pages. */
  readonly pages: { readonly clientId: string; readonly clientSecret: string } | 'local' | null
  /** Bearer token of /metrics; null: only this machine may ask. */
  readonly metricsToken: string | null
}

export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings }
  /** All that is wrong at once, each with its way out. */
  | { readonly ok: false; readonly problems: readonly string[] }

type Environment = Readonly<Record<string, string | undefined>>
type Say = (problem: string) => void

/** Secrets that stand in examples: everybody knows them. */
const KNOWN_SECRETS = ['development', 'secret', 'changeme', 'password', 'your-webhook-secret']
const MIN_SECRET = 16

/**
 * Reads the environment: Probot's own names where it has them.
 *
 * @param readFile  for variables that name a file
 */
export function readSettings(env: Environment, readFile: (path: string) => string = readText): SettingsReading {
  const problems: string[] = []
  const say: Say = (problem) => problems.push(problem)
  const from = (name: string) => ofVariable(env, name, readFile, say)
  const { problems: wrongHost, ...github } = githubUrls(env)
  problems.push(...wrongHost)
  const weigher = appKey('APP_ID', 'PRIVATE_KEY', from, say)
  const mover =
    env.MOVER_APP_ID || from('MOVER_PRIVATE_KEY') ? appKey('MOVER_APP_ID', 'MOVER_PRIVATE_KEY', from, say) : null
  const port = portOf(env.PORT ?? '3000', say)
  const host = env.HOST || '127.0.0.1'
  const settings: Settings = {
    weigher: weigher ?? { appId: 0, privateKey: '' },
    mover,
    webhook: webhookOf(env, from('WEBHOOK_SECRET'), say),
    ...github,
    host,
    port,
    publicUrl: publicUrlOf(env.WEIGHBRIDGE_URL, port, say),
    logLevel: env.LOG_LEVEL || 'info',
    home: homeFolder(env),
    fileRoot: env.WEIGHBRIDGE_FILE_ROOT || null,
    runnerClass: env.WEIGHBRIDGE_RUNNER || null,
    operatorFile: env.WEIGHBRIDGE_OPERATOR || null,
    pages: env.WEIGHBRIDGE_PAGES
      ? localPages(env, host, say)
      : pagesOf(env.GITHUB_CLIENT_ID, from('GITHUB_CLIENT_SECRET'), say),
    metricsToken: from('METRICS_TOKEN') || null,
  }
  if (mover !== null && mover.appId === weigher?.appId)
    say('MOVER_APP_ID is APP_ID. Leave it out: one App may be both where nothing is bypassed.')
  return problems.length === 0 ? { ok: true, settings } : { ok: false, problems }
}

/** Values that must never appear in a log. */
export function secretsOf({ weigher, mover, webhook, pages, metricsToken }: Settings): readonly string[] {
  const keys = [weigher.privateKey, mover?.privateKey]
  const pagesSecret = pages === 'local' ? null : pages?.clientSecret
  const of = [...keys, webhook.value, inFile(webhook.file), pagesSecret, metricsToken]
  return of.filter((text) => typeof text === 'string')
}

/** As it is now: what is rotated in later is one only GitHub and the file know. */
function inFile(path: string | undefined): string | null {
  try {
    return path === undefined ? null : readText(path)
  } catch {
    return null
  }
}

function readText(path: string): string {
  return readFileSync(path, 'utf8')
}

/** A variable, or the file that `<name>_PATH` or `<name>_FILE` names. */
function ofVariable(env: Environment, name: string, readFile: (path: string) => string, say: Say): string {
  const path = env[`${name}_PATH`] || env[`${name}_FILE`]
  if (env[name] || !path) return env[name] ?? ''
  try {
    return readFile(path)
  } catch (error) {
    say(`${name}_FILE: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`)
    return ''
  }
}

function appKey(idName: string, keyName: string, from: (name: string) => string, say: Say): AppKey | null {
  const id = Number(from(idName))
  const key = pem(from(keyName))
  if (!Number.isSafeInteger(id) || id <= 0)
    say(`${idName} is missing or no number. It stands on the page of the GitHub App, as "App ID".`)
  if (key === null)
    say(
      `${keyName} is missing or no PEM key. Make one on the page of the GitHub App; ${keyName}_FILE may name its file.`,
    )
  return key !== null && id > 0 ? { appId: id, privateKey: key } : null
}

/** As Probot takes it: PEM, PEM with \n for line ends, or base64 of it. */
function pem(text: string): string | null {
  const plain = text.replaceAll('\\n', '\n').trim()
  const decoded = plain.startsWith('-----') ? plain : Buffer.from(plain, 'base64').toString('utf8').trim()
  return /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+\n-----END [A-Z ]*PRIVATE KEY-----$/.test(decoded)
    ? decoded
    : null
}

/** One secret a line, newest first. A known or short one is none: whoever guesses it commands the app. */
function webhookOf(env: Environment, text: string, say: Say): SecretSources {
  const secrets = text.split('\n').flatMap((line) => line.trim() || [])
  const mend = `Set it to the secret of the GitHub App: ${MIN_SECRET} characters or more (openssl rand -hex 32).`
  if (secrets.length === 0) say(`WEBHOOK_SECRET is missing. ${mend}`)
  else if (secrets.some((secret) => KNOWN_SECRETS.includes(secret.toLowerCase())))
    say(`WEBHOOK_SECRET is one that everybody knows. ${mend}`)
  else if (secrets.some((secret) => secret.length < MIN_SECRET)) say(`WEBHOOK_SECRET is too short. ${mend}`)
  return env.WEBHOOK_SECRET
    ? { value: env.WEBHOOK_SECRET }
    : { file: env.WEBHOOK_SECRET_PATH || env.WEBHOOK_SECRET_FILE }
}

/** Folder of the inbox and of keys, those that `setup` keeps too. */
export function homeFolder(env: Environment): string {
  return env.WEIGHBRIDGE_HOME || '.weighbridge-app'
}

/** Where GitHub is: github.com, or the server that GHE_HOST names. */
export function githubUrls({ GHE_HOST: host, GHE_PROTOCOL: protocol = 'https' }: Environment): {
  readonly apiUrl: string
  readonly webUrl: string
  readonly problems: readonly string[]
} {
  if (!host) return { apiUrl: 'https://api.github.com', webUrl: 'https://github.com', problems: [] }
  const problems = [
    ...(/^[a-z0-9.-]+(:\d{1,5})?$/i.test(host)
      ? []
      : ['GHE_HOST must be a host name such as github.example.org, without https:// and path.']),
    ...(['https', 'http'].includes(protocol) ? [] : ['GHE_PROTOCOL must be https or http.']),
  ]
  const webUrl = `${protocol}://${host}`
  const apiUrl = host.endsWith('.ghe.com') ? `${protocol}://api.${host}` : `${webUrl}/api/v3`
  return { apiUrl, webUrl, problems }
}

function portOf(text: string, say: Say): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  say(`PORT cannot be "${text.slice(0, 20)}". Give a number from 1 to 65535.`)
  return 0
}

function publicUrlOf(text: string | undefined, port: number, say: Say): string {
  if (!text) return `http://localhost:${port}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '')
    say('WEIGHBRIDGE_URL must be where people reach the app, such as https://weighbridge.example.org.')
  return url?.origin ?? ''
}

/** Pages without sign-in are asked for by name: a proxy in front of the app would open them to everybody. */
function localPages({ WEIGHBRIDGE_PAGES: word }: Environment, host: string, say: Say): Settings['pages'] {
  if (word === 'local' && ['127.0.0.1', '::1', 'localhost'].includes(host)) return 'local'
  say(
    'WEIGHBRIDGE_PAGES can only be local, and only with HOST=127.0.0.1. For others set GITHUB_CLIENT_ID and its secret.',
  )
  return null
}

function pagesOf(clientId: string | undefined, clientSecret: string, say: Say): Settings['pages'] {
  if (!clientId && clientSecret === '') return null
  if (clientId && clientSecret !== '') return { clientId, clientSecret: clientSecret.trim() }
  say('GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET belong together. Set both for report pages, or neither.')
  return null
}
