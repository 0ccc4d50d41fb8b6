import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CreatedApp } from './convert-manifest.ts'

/** Variables of the environment, for `serve`. */
export const ENV_FILE = 'app.env'
const KEYS = ['app.pem', 'webhook.secret', 'client.secret'] as const
const GITHUB = 'https://github.com'

/** Whether an app was set up in a folder. */
export function isSetUp(home: string): boolean {
  return existsSync(join(home, ENV_FILE))
}

/**
 * Makes the folder of the keys, while nothing is lost yet: they are told once. Where it lies in a checkout, `git add`
 * passes it by.
 *
 * @returns files that are in the way
 * @throws {NodeJS.ErrnoException} when the folder can be neither made nor written
 */
export function readyForKeys(home: string): readonly string[] {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  accessSync(home, constants.W_OK)
  if (!existsSync(join(home, '.gitignore'))) writeFileSync(join(home, '.gitignore'), '*\n')
  return [ENV_FILE, ...KEYS].filter((name) => existsSync(join(home, name)))
}

/**
 * Writes the app's keys, each into a file that only its owner reads, and the variables that name them.
 *
 * @returns path of the file of variables
 * @throws {NodeJS.ErrnoException} EEXIST when there is a key already: nothing is written over
 */
export function keepApp(
  home: string,
  app: CreatedApp,
  { publicUrl, webUrl }: { readonly publicUrl: string; readonly webUrl: string },
): string {
  const [pem, webhookSecret, clientSecret] = KEYS.map((name) => join(resolve(home), name)) as [string, string, string]
  const secret = (path: string, content: string) => writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
  secret(pem, app.pem)
  secret(webhookSecret, `${app.webhook_secret}\n`)
  secret(clientSecret, `${app.client_secret}\n`)
  const variables = {
    APP_ID: String(app.id),
    PRIVATE_KEY_FILE: pem,
    WEBHOOK_SECRET_FILE: webhookSecret,
    GITHUB_CLIENT_ID: app.client_id,
    GITHUB_CLIENT_SECRET_FILE: clientSecret,
    WEIGHBRIDGE_URL: publicUrl,
    ...serverOf(webUrl),
  }
  const path = join(resolve(home), ENV_FILE)
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}\n`)
  secret(path, lines.join(''))
  return path
}

/** The keys are worth nothing at another GitHub. */
function serverOf(webUrl: string): Readonly<Record<string, string>> {
  if (webUrl === GITHUB) return {}
  const { host, protocol } = new URL(webUrl)
  return { GHE_HOST: host, GHE_PROTOCOL: protocol.slice(0, -1) }
}

/** As Node reads such files: nothing is escaped there, so the quote is one that the text has not. */
function quoted(text: string): string {
  const quote = ["'", '"', '`'].find((one) => !text.includes(one)) ?? "'"
  return `${quote}${text}${quote}`
}
