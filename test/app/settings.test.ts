import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readSettings } from '../../src/app/settings.ts'
import { SETTING_VARIABLES } from '../../src/app/settings-variables.ts'

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()
const SOUND = { APP_ID: '7', PRIVATE_KEY: KEY, WEBHOOK_SECRET: '0123456789abcdef0123456789abcdef' }

describe('the app starts', () => {
  test('with Probot’s own variables, on this machine only', () => {
    const reading = readSettings(SOUND)

    expect(reading).toMatchObject({
      ok: true,
      settings: {
        weigher: { appId: 7 },
        mover: null,
        apiUrl: 'https://api.github.com',
        host: '127.0.0.1',
        port: 3000,
        publicUrl: 'http://localhost:3000',
        operatorFile: null,
      },
    })
  })

  test.each([
    ['with line ends as \\n', KEY.replaceAll('\n', '\\n')],
    ['in base64', Buffer.from(KEY).toString('base64')],
  ])('with a private key %s', (_, PRIVATE_KEY) => {
    expect(readSettings({ ...SOUND, PRIVATE_KEY })).toMatchObject({ settings: { weigher: { privateKey: KEY.trim() } } })
  })

  test('with secrets in files, old and new ones at once', () => {
    const files: Record<string, string> = { '/run/key': KEY, '/run/secret': `${'n'.repeat(32)}\n${'o'.repeat(32)}\n` }
    const reading = readSettings(
      { APP_ID: '7', PRIVATE_KEY_PATH: '/run/key', WEBHOOK_SECRET_FILE: '/run/secret' },
      (path) => files[path] ?? '',
    )

    expect(reading).toMatchObject({ settings: { webhook: { file: '/run/secret' } } })
  })

  test.each([
    ['github.example.org', 'https://github.example.org/api/v3'],
    ['acme.ghe.com', 'https://api.acme.ghe.com'],
  ])('against %s', (GHE_HOST, apiUrl) => {
    expect(readSettings({ ...SOUND, GHE_HOST })).toMatchObject({ settings: { apiUrl } })
  })
})

describe('the app refuses to start', () => {
  test.each([
    ['without a secret', ''],
    ['with Probot’s default secret', 'development'],
    ['with a secret from an example', 'Secret'],
    ['with a secret that can be guessed', 'hunter2'],
    ['when one of two secrets is known', `${'a'.repeat(32)}\ndevelopment`],
  ])('%s, and does not print it (S04)', (_, WEBHOOK_SECRET) => {
    const reading = readSettings({ ...SOUND, WEBHOOK_SECRET })

    const problems = reading.ok ? [] : reading.problems
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^WEBHOOK_SECRET .*openssl rand -hex 32/)
    expect(problems.join()).not.toContain('hunter2')
  })

  test('with one list of all that is missing', () => {
    const reading = readSettings({ MOVER_APP_ID: 'x', PORT: '70000', GITHUB_CLIENT_ID: 'Iv1', GHE_HOST: 'https://x/' })

    expect(reading).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(/^GHE_HOST /),
        expect.stringMatching(/^APP_ID /),
        expect.stringMatching(/^PRIVATE_KEY /),
        expect.stringMatching(/^MOVER_APP_ID /),
        expect.stringMatching(/^MOVER_PRIVATE_KEY /),
        expect.stringMatching(/^PORT /),
        expect.stringMatching(/^WEBHOOK_SECRET /),
        expect.stringMatching(/^GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET /),
      ],
    })
  })

  test('when pages without sign-in would be open to others', () => {
    expect(readSettings({ ...SOUND, WEIGHBRIDGE_PAGES: 'local' })).toMatchObject({ settings: { pages: 'local' } })
    expect(readSettings({ ...SOUND, WEIGHBRIDGE_PAGES: 'local', HOST: '0.0.0.0' })).toMatchObject({ ok: false })
  })

  test('when the key that may roll back is the key that weighs (S63)', () => {
    expect(readSettings({ ...SOUND, MOVER_APP_ID: '7', MOVER_PRIVATE_KEY: KEY })).toMatchObject({ ok: false })
  })
})

test('the README names every variable that is read, and no other', () => {
  const read = new Set<string>()
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        read.add(String(name))
        return undefined
      },
    },
  )

  readSettings(environment)

  const names = [...read].filter((name) => !/_(PATH|FILE)$/.test(name))
  expect(names.sort()).toEqual(SETTING_VARIABLES.map(({ name }) => name).sort())
})
