import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { commitsToWeigh } from '../../src/action/commits-to-weigh.ts'
import { git } from '../../src/adapters/checkout/git.ts'
import { commitAll, initRepository, writeFiles } from '../../src/adapters/checkout/new-repository.ts'
import { scratch } from '../cli/terminal-user.ts'

const TOKEN = 'ghs_ofTheJob0123456789'
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

/** A repository on a server, and a checkout of depth 1 of its pull request's merge commit, as the runner has it. */
async function openServer() {
  const server = scratch()
  const origin = join(server, 'acme', 'models')
  mkdirSync(origin, { recursive: true })
  await initRepository(origin)
  const commit = async (path: string, text: string) => {
    await writeFiles(origin, [{ path, content: text }])
    await commitAll(origin, `change ${path}`)
    return (await git(origin, ['rev-parse', 'HEAD'])).trim()
  }
  await git(origin, ['config', 'uploadpack.allowAnySHA1InWant', 'true'])
  const mergeBase = await commit('README.md', 'one\n')
  const base = await commit('base.md', 'two\n')
  await git(origin, ['switch', '-q', '-c', 'feature', mergeBase])
  const head = await commit('head.md', 'three\n')
  await git(origin, ['switch', '-q', '-c', 'test-merge', base])
  await git(origin, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'merge', '-q', '--no-edit', 'feature'])
  const merge = (await git(origin, ['rev-parse', 'HEAD'])).trim()
  await git(origin, ['switch', '-q', 'main'])
  const folder = scratch()
  await git(folder, ['clone', '-q', '--depth=1', '--branch=test-merge', `file://${origin}`, '.'])
  const env = (event: string, payload: object, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
    const path = join(server, 'event.json')
    writeFileSync(path, JSON.stringify(payload))
    return {
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: path,
      GITHUB_SERVER_URL: `file://${server}`,
      GITHUB_REPOSITORY: 'acme/models',
      GITHUB_SHA: merge,
      ...more,
    }
  }
  const ask = (environment: NodeJS.ProcessEnv, inputs: Readonly<Record<string, string>> = {}) => {
    const asked = { name: 'check', token: TOKEN, failOn: 'held' as const }
    const given = new Map(Object.entries(inputs).map(([name, value]) => [name, [value]]))
    const step = { env: environment, folder, log: () => undefined, fetch, wait: async () => undefined }
    return commitsToWeigh({ ...asked, inputs: given }, folder, step)
  }
  return { origin, folder, mergeBase, base, head, merge, env, ask }
}

const pull = (base: string, head: string) => ({ pull_request: { number: 1, base: { sha: base }, head: { sha: head } } })

let path = process.env.PATH
afterEach(() => {
  process.env.PATH = path
})

test('from a checkout of depth 1 a pull request’s own two commits and where they part are fetched', async () => {
  const { ask, env, base, head, mergeBase, merge } = await openServer()

  expect(await ask(env('pull_request', pull(base, head)))).toEqual({ base, head, mergeBase })
  expect(await ask(env('merge_group', { merge_group: { base_sha: base, head_sha: merge } }))).toMatchObject({
    base,
    head: merge,
  })
  expect(await ask(env('push', { before: mergeBase, after: base }))).toMatchObject({ base: mergeBase, head: base })
  expect(await ask(env('workflow_dispatch', {}), { base: 'main', head: 'feature' })).toEqual({ base, head, mergeBase })
  expect(await ask(env('workflow_dispatch', {}), { base: 'main' })).toMatchObject({ base, head: merge })
})

test('what cannot be had, or is not said, is refused with what to do', async () => {
  const { ask, env, base, head } = await openServer()
  const gone = 'f'.repeat(40)

  await expect(ask(env('pull_request', pull(base, gone)))).rejects.toMatchObject({
    message: expect.stringContaining('cannot be fetched from acme/models'),
    mend: expect.stringContaining('contents: read'),
  })
  await expect(ask(env('pull_request', { pull_request: {} }))).rejects.toThrow('names no commits')
  await expect(ask(env('schedule', {}))).rejects.toThrow('the event schedule does not say what would be merged where')
  await expect(ask(env('push', { before: '0'.repeat(40), after: head }))).rejects.toThrow('does not say')
  for (const name of ['--upload-pack=id', '-x', 'a..b', 'main:refs/heads/x', '*', 'HEAD^', '+main'])
    await expect(ask(env('workflow_dispatch', {}), { base: name })).rejects.toThrow(`input base cannot be "${name}"`)
})

test('pull_request_target with anything but its base checked out is refused (S26)', async () => {
  const { ask, env, base, head, merge, folder } = await openServer()
  const target = (sha: string) => env('pull_request_target', pull(base, head), { GITHUB_SHA: sha })

  await expect(ask(target(base))).rejects.toThrow('something else than its base checked out')
  await git(folder, ['fetch', '-q', '--depth=1', 'origin', head])
  await git(folder, ['checkout', '-q', '--detach', head])
  await expect(ask(target(base))).rejects.toThrow('something else than its base checked out')
  await git(folder, ['checkout', '-q', '--detach', merge])
  expect(await ask(target(merge))).toMatchObject({ base, head })
})

/** A server that keeps what it is asked with, and sends everybody on. */
async function openListener(sendsTo: string | null = null) {
  const heard: (readonly string[])[] = []
  const server = createServer((request, response) => {
    const all = request.rawHeaders
    heard.push(all.filter((_, index) => index % 2 === 1 && /^authorization$/i.test(all[index - 1] ?? '')))
    response.writeHead(sendsTo === null ? 404 : 302, sendsTo === null ? {} : { location: `${sendsTo}${request.url}` })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('one host gets the token, once, whatever the checkout left for it; a redirect gets nothing', async () => {
  const { ask, env, base, head, folder } = await openServer()
  const elsewhere = await openListener()
  const github = await openListener(elsewhere.url)
  await git(folder, ['config', `http.${github.url}/.extraheader`, 'AUTHORIZATION: basic leftOver'])

  const asking = ask(env('pull_request', pull(base, head), { GITHUB_SERVER_URL: github.url }))

  await expect(asking).rejects.toThrow('cannot be fetched from acme/models')
  expect(github.heard).toEqual([[`basic ${BASIC}`]])
  expect(elsewhere.heard).toEqual([])
})

test('the token is on no command line and in no file', async () => {
  const { ask, env, base, head, folder } = await openServer()
  const bin = scratch()
  const said = join(bin, 'said')
  const real = (process.env.PATH ?? '').split(':').map((one) => join(one, 'git'))
  const wrapper = `#!/bin/bash\nprintf '%s\\n' "$*" >> '${said}'; env | grep ^GIT_CONFIG >> '${said}.env'\nfor g in ${real.join(' ')}; do [ -x "$g" ] && exec "$g" "$@"; done\n`
  writeFileSync(join(bin, 'git'), wrapper)
  chmodSync(join(bin, 'git'), 0o755)
  path = process.env.PATH
  process.env.PATH = `${bin}:${path}`
  const environment = env('pull_request', pull(base, head))

  await ask(environment)

  const typed = readFileSync(said, 'utf8')
  expect(typed).toContain(' fetch ')
  expect(typed).not.toContain(TOKEN)
  expect(typed).not.toContain(BASIC)
  expect(readFileSync(`${said}.env`, 'utf8')).toContain(
    `GIT_CONFIG_KEY_3=http.${environment.GITHUB_SERVER_URL}/.extraheader\nGIT_CONFIG_VALUE_3=AUTHORIZATION: basic ${BASIC}`.split(
      '\n',
    )[0],
  )
  const files = readdirSync(join(folder, '.git'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  const kept = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join('')
  expect(kept).not.toContain(TOKEN)
  expect(kept).not.toContain(BASIC)
})
