import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { openLogger } from '../../src/app/logger.ts'
import { readSettings, secretsOf } from '../../src/app/settings.ts'
import type { CreatedApp } from '../../src/app/setup/convert-manifest.ts'
import { keepApp, readyForKeys } from '../../src/app/setup/keep-app.ts'
import { emptyFolder } from '../cli/terminal-user.ts'
import { setupPlace } from './setup-place.ts'

test('two buttons register the app with all that it asks for, and leave keys that serve starts with', async () => {
  const { setup, home, world, registers, browser } = await setupPlace()
  readyForKeys(home)

  const start = await browser.open(setup.url)
  const page = await registers()
  const { app, envFile } = await setup.created

  expect(start.text).toContain('<code>https://scales.example.org/api/github/webhooks</code>')
  expect(start.text).toContain('<li>checks: write (the checks themselves)</li>')
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('Install it on your repository')])
  expect(page.text).toContain('href="https://github.com/apps/scales/installations/new"')
  const made = world.github.state.apps.get(app.id)
  expect(made).toMatchObject({ isPublic: false, webhook: { url: 'https://scales.example.org/api/github/webhooks' } })
  const reading = readSettings(parseEnv(readFileSync(envFile, 'utf8')))
  expect(reading.ok && reading.settings).toMatchObject({
    weigher: { appId: app.id, privateKey: made?.privateKey.trim() },
    webhook: { file: join(home, 'webhook.secret') },
    pages: { clientId: app.client_id, clientSecret: app.client_secret },
    publicUrl: 'https://scales.example.org',
    webUrl: 'https://github.com',
  })
  expect(page.text).not.toContain(app.client_secret)
})

test('keys are for their owner alone, in a folder that git add passes by', async () => {
  const home = join(emptyFolder(), 'home')

  readyForKeys(home)
  keepApp(home, APP, PLACE)

  expect(statSync(home).mode & 0o777).toBe(0o700)
  const modes = readdirSync(home).map((name) => [name, (statSync(join(home, name)).mode & 0o777).toString(8)])
  expect(modes.filter(([name]) => name !== '.gitignore')).toEqual([
    ['app.env', '600'],
    ['app.pem', '600'],
    ['client.secret', '600'],
    ['webhook.secret', '600'],
  ])
  expect(readFileSync(join(home, '.gitignore'), 'utf8')).toBe('*\n')
})

test('no key is ever written over', () => {
  const home = join(emptyFolder(), 'home')
  readyForKeys(home)
  keepApp(home, APP, PLACE)
  const before = readdirSync(home).map((name) => readFileSync(join(home, name), 'utf8'))

  const again = () => keepApp(home, { ...APP, id: 8, pem: 'another' }, PLACE)

  expect(again).toThrow('EEXIST')
  expect(readdirSync(home).map((name) => readFileSync(join(home, name), 'utf8'))).toEqual(before)
  expect(readyForKeys(home)).toEqual(['app.env', 'app.pem', 'webhook.secret', 'client.secret'])
})

test.each(['plain', 'with blank # and $HOME', "it's", 'a\\new', '"quoted"'])(
  'variables come back as they were from a folder that is called %s',
  (name) => {
    const home = join(emptyFolder(), name)
    readyForKeys(home)

    const variables = parseEnv(readFileSync(keepApp(home, APP, PLACE), 'utf8'))

    expect(variables.PRIVATE_KEY_FILE).toBe(join(home, 'app.pem'))
    expect(variables.APP_ID).toBe('7')
  },
)

test('an app of a server of one’s own remembers which server', () => {
  const home = join(emptyFolder(), 'home')
  readyForKeys(home)

  const variables = parseEnv(
    readFileSync(keepApp(home, APP, { ...PLACE, webUrl: 'http://git.acme.example:8080' }), 'utf8'),
  )

  expect(variables).toMatchObject({ GHE_HOST: 'git.acme.example:8080', GHE_PROTOCOL: 'http' })
})

test('a code that somebody else brings is not taken: it would be their app that is served here', async () => {
  const { setup, home, world, browser } = await setupPlace()
  readyForKeys(home)
  const origin = new URL(setup.url).origin

  const pages = [
    await browser.open(`${origin}/setup/created?code=${'a'.repeat(40)}`),
    await browser.open(`${origin}/setup/created?code=${'a'.repeat(40)}&state=guessed`),
  ]

  expect(pages.map(({ status }) => status)).toEqual([400, 400])
  expect(pages[1]?.text).toContain('was not opened from here')
  expect(pages[1]?.text).not.toContain(new URL(setup.url).pathname)
  expect(world.github.calls).toEqual([])
})

test('nobody else on this machine or on the web can begin: the address is a secret, and has one name', async () => {
  const { setup } = await setupPlace()
  const { origin, port, pathname } = new URL(setup.url)

  const guessed = await Promise.all(['/', '/setup', '/setup/', '/setup/aaaa'].map((path) => fetch(`${origin}${path}`)))
  const rebound = await statusUnderName(Number(port), pathname, 'evil.example')

  expect(guessed.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  expect(rebound).toBe(421)
})

test('a code that was used is refused, and a second app never takes the place of the first', async () => {
  const { setup, home, registers, browser } = await setupPlace()
  readyForKeys(home)
  const { url } = await registers()
  const before = readFileSync(join(home, 'app.pem'), 'utf8')

  const again = await browser.open(url)
  const { origin, searchParams } = new URL(url)
  const other = await browser.open(`${origin}/setup/created?code=../../user&state=${searchParams.get('state')}`)

  expect([again.status, other.status]).toEqual([400, 400])
  expect(again.text).toContain('it was used, or is too old')
  expect(again.text).toContain(`href="${new URL(setup.url).pathname}"`)
  expect(readFileSync(join(home, 'app.pem'), 'utf8')).toBe(before)
})

test('when GitHub is away the code is not lost: the same page, loaded again, ends the setup', async () => {
  let answers: readonly (() => Promise<Response>)[] = [
    () => Promise.reject(new TypeError('fetch failed')),
    async () => new Response('', { status: 503 }),
    async () => Response.json({ id: 7, pem: 'swapped' }, { status: 201 }),
  ]
  const place = await setupPlace({
    fetch: async (input, init) => {
      const [next, ...rest] = answers
      answers = rest
      return next === undefined ? place.world.fetch(input, init) : next()
    },
  })
  readyForKeys(place.home)

  const pages = [await place.registers()]
  for (let turn = 0; turn < 3; turn++) pages.push(await place.browser.open(pages[0]?.url ?? ''))

  expect(pages.map(({ status }) => status)).toEqual([502, 502, 502, 200])
  expect(pages[0]?.text).toContain('GitHub could not be reached (TypeError). Load this page again')
  expect(pages[1]?.text).toContain('GitHub answered 503')
  expect(pages[2]?.text).toContain('could not be read (slug, html_url, pem, webhook_secret')
  expect(pages[2]?.text).not.toContain('swapped')
  expect((await place.setup.created).app.slug).toBe('scales')
})

test('keys that cannot be written are told as lost, with what to delete', async () => {
  const { home, registers } = await setupPlace()
  mkdirSync(home)
  writeFileSync(join(home, 'webhook.secret'), 'of another app')

  const page = await registers()

  expect(page.status).toBe(500)
  expect(page.text).toContain('Delete the app at https://github.com/apps/scales again')
  expect(existsSync(join(home, 'app.env'))).toBe(false)
})

test('pages load nothing, are framed by nobody, and send their form to GitHub or over TLS only', async () => {
  const { setup, browser } = await setupPlace({ name: '"><script>alert(1)</script>' })

  const page = await browser.open(setup.url)

  expect(page.text).not.toContain('<script>')
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action https://github.com https:",
  )
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(JSON.parse(page.forms[0]?.fields[0]?.[1] ?? '').name).toBe('"><script>alert(1)</script>')
})

test('a connection that a browser opened ahead of time does not keep the command from ending', async () => {
  const { setup } = await setupPlace()
  const socket = connect(Number(new URL(setup.url).port), '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))

  const started = performance.now()
  await setup.close()

  expect(performance.now() - started).toBeLessThan(5000)
  socket.destroy()
})

test('secrets that lie in files are hidden in every line of the log, as those of variables are', () => {
  const home = join(emptyFolder(), 'home')
  readyForKeys(home)
  const reading = readSettings(parseEnv(readFileSync(keepApp(home, APP, PLACE), 'utf8')))
  if (!reading.ok) throw new Error(reading.problems.join())
  const lines: string[] = []
  const log = openLogger({
    level: 'info',
    secrets: secretsOf(reading.settings),
    stream: { write: (text) => lines.push(text) },
  })

  for (const secret of [APP.client_secret, APP.webhook_secret, APP.pem])
    log.failed({ where: `at ${secret}`, error: new Error(`it was ${secret}`) })

  expect(lines).toHaveLength(3)
  for (const secret of [APP.client_secret, APP.webhook_secret, 'MIIEow']) expect(lines.join('')).not.toContain(secret)
})

test.skipIf(process.getuid?.() === 0)(
  'a folder that cannot be written is found out before anything is registered',
  () => {
    const home = emptyFolder()
    chmodSync(home, 0o500)

    expect(() => readyForKeys(home)).toThrow('EACCES')
  },
)

const PLACE = { publicUrl: 'https://scales.example.org', webUrl: 'https://github.com' }
const APP: CreatedApp = {
  id: 7,
  slug: 'scales',
  html_url: 'https://github.com/apps/scales',
  pem: '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n',
  webhook_secret: 'webhook-secret-of-forty-characters',
  client_id: 'Iv23lisomething',
  client_secret: 'client-secret-of-forty-characters',
}

function statusUnderName(port: number, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .once('error', reject)
      .end()
  })
}
