import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { run as serve } from '../../src/cli/serve.ts'
import { answerOf, emptyFolder, start, typesHere, weighbridge } from './terminal-user.ts'

const URL_OPTION = ['--url', 'https://scales.example.org'] as const

test.each([
  [['setup'], '--url URL is missing', 'weighbridge setup'],
  [['setup', '--url', 'scales.example.org'], '--url cannot be scales.example.org', 'https://weighbridge.example.org'],
  [['setup', '--url', 'https://user@scales.example.org'], '--url cannot be', 'https://'],
  [['setup', '--url', 'https://scales.example.org/path'], '--url cannot be', 'https://'],
  [['setup', '--url', 'http://localhost:3000'], '--url cannot be http://localhost:3000', 'GitHub reaches this machine'],
  [['setup', ...URL_OPTION, '--port', '70000'], '--port cannot be 70000', '0 takes any free one'],
  [['setup', ...URL_OPTION, '--name', 'x'.repeat(35)], '--name must have 1 to 34 characters', 'GitHub’s page'],
  [['setup', ...URL_OPTION, '--organization', '../acme'], '--organization cannot be ../acme', 'its login'],
])('%j is refused with the way on, and leaves no key', async (words, problem, mend) => {
  const folder = emptyFolder()
  vi.stubEnv('WEIGHBRIDGE_HOME', join(folder, 'home'))
  onTestFinished(() => void vi.unstubAllEnvs())

  const answer = await typesHere(words, folder)

  expect([answer.code, answer.out]).toEqual([2, ''])
  expect(answer.err).toContain(problem)
  expect(answer.err).toContain(mend)
  expect(existsSync(join(folder, 'home/app.env'))).toBe(false)
})

test('a second setup is refused before anything is registered, and so is one beside keys of another', async () => {
  const folder = emptyFolder()
  const [used, half] = [join(folder, 'used'), join(folder, 'half')]
  for (const [home, file] of [
    [used, 'app.env'],
    [half, 'app.pem'],
  ] as const) {
    mkdirSync(home)
    writeFileSync(join(home, file), 'kept')
  }
  onTestFinished(() => void vi.unstubAllEnvs())

  const answers = []
  for (const home of [used, half]) {
    vi.stubEnv('WEIGHBRIDGE_HOME', home)
    answers.push(await typesHere(['setup', ...URL_OPTION, '--port', '0'], folder))
  }

  expect(answers.map(({ code }) => code)).toEqual([2, 2])
  expect(answers[0]?.err).toContain(`an app is set up in ${used} already`)
  expect(answers[1]?.err).toContain(`${half} holds app.pem of a setup that did not end`)
  expect(readFileSync(join(used, 'app.env'), 'utf8')).toBe('kept')
})

test('a port that is taken is bad input, with the way on', async () => {
  const folder = emptyFolder()
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  vi.stubEnv('WEIGHBRIDGE_HOME', join(folder, 'home'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
    taken.close()
  })

  const answer = await typesHere(['setup', ...URL_OPTION, '--port', String(port)], folder)

  expect(answer.code).toBe(2)
  expect(answer.err).toContain(`port ${port} can't be used: EADDRINUSE`)
  expect(answer.err).toContain('--port; 0 takes a free one')
})

test('Ctrl-C ends it with nothing kept, and a program that reads --json is told the address beside it', async () => {
  const folder = emptyFolder()
  const child = start(['setup', ...URL_OPTION, '--port', '0', '--json'], {
    cwd: folder,
    env: { WEIGHBRIDGE_HOME: 'home' },
  })
  const answer = answerOf(child)
  await new Promise((resolve) => child.stderr?.once('data', resolve))

  child.kill('SIGINT')
  const { code, out, err } = await answer

  expect([code, out]).toEqual([130, ''])
  expect(err).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+\/setup\/[\w-]{22} in a browser on this machine/)
  expect(existsSync(join(folder, 'home/app.env'))).toBe(false)
})

test('serve starts with what setup has kept, and a variable that is set wins', async () => {
  const home = join(emptyFolder(), 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'webhook.secret'), 'of-setup-and-long-enough\n')
  writeFileSync(
    join(home, 'app.env'),
    `APP_ID='7'\nWEBHOOK_SECRET_FILE='${home}/webhook.secret'\nPRIVATE_KEY_FILE='${home}/none.pem'\n`,
  )
  const named = ['APP_ID', 'WEBHOOK_SECRET', 'WEBHOOK_SECRET_FILE', 'PRIVATE_KEY', 'PRIVATE_KEY_FILE']
  for (const name of named) vi.stubEnv(name, undefined)
  vi.stubEnv('WEIGHBRIDGE_HOME', home)
  vi.stubEnv('PRIVATE_KEY_FILE', '/of/the/operator.pem')
  onTestFinished(() => {
    for (const name of named) delete process.env[name]
    vi.unstubAllEnvs()
  })

  const refusal: Error = await serve({} as Parameters<typeof serve>[0]).then(
    () => new Error('it ran'),
    (error: Error) => error,
  )

  expect(process.env.APP_ID).toBe('7')
  expect(refusal.message.split('\n')).toEqual([
    'PRIVATE_KEY_FILE: /of/the/operator.pem cannot be read (ENOENT).',
    expect.stringMatching(/^PRIVATE_KEY is missing/),
  ])
})

test('without an APP_ID and without a setup, serve says what is missing', async () => {
  const folder = emptyFolder()

  const answer = await weighbridge(['serve'], { cwd: folder, env: { APP_ID: undefined, WEIGHBRIDGE_HOME: 'home' } })

  expect(answer.code).toBe(2)
  expect(answer.err).toContain('APP_ID is missing')
})
