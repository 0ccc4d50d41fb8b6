import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { git } from '../../../src/adapters/checkout/git.ts'
import { openJobFolder } from '../../../src/adapters/job-folder.ts'
import { addRuleset, updateRepository } from '../../../src/world/github/acts/change-repository.ts'
import { issueInstallationToken, issueUserToken } from '../../../src/world/github/acts/issue-token.ts'
import { identify } from '../../../src/world/github/api/authentication.ts'
import { gitOverHttp } from '../../../src/world/github/git-http.ts'
import { pullOf } from '../../../src/world/github/state/find.ts'
import { type Office, openOffice } from './support/office.ts'

const servers: Server[] = []
const folders: { close(): void }[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const folder of folders.splice(0)) folder.close()
})

/** An address that a real Git client can use, and a place to work in. */
async function openRemote() {
  const office = await openOffice()
  const handle = gitOverHttp(office.github, identify)
  const server = createServer((request, response) => {
    void handle(request, response).then((isMine) => {
      if (!isMine) response.writeHead(404).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  const folder = openJobFolder()
  folders.push(folder)
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = (token: string | null) =>
    `http://${token === null ? '' : `x-access-token:${token}@`}${host}/acme/models.git`
  return { office, url, folder: folder.path }
}

async function clone(url: string, folder: string, name = 'clone'): Promise<string> {
  const to = join(folder, name)
  await git(folder, ['clone', '--quiet', url, to])
  return to
}

async function commits(checkout: string, path: string, content: string): Promise<void> {
  writeFileSync(join(checkout, path), content)
  await git(checkout, ['add', '--all'])
  await git(checkout, [
    '-c',
    'user.name=ben',
    '-c',
    'user.email=ben@example.com',
    'commit',
    '--quiet',
    '-m',
    `Change ${path}`,
  ])
}

async function said(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => String(error),
  )
}

function userToken(office: Office, who: 'ada' | 'ben' | 'dora'): string {
  return issueUserToken(office.github, office[who].account.id).token
}

test('a real Git client clones, commits and pushes, and the pull request follows with the pusher as actor', async () => {
  const { office, url, folder } = await openRemote()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const checkout = await clone(url(userToken(office, 'ada')), folder)
  await office.heard()

  await git(checkout, ['switch', '--quiet', 'churn'])
  await commits(checkout, 'b.yml', '2\n')
  await git(checkout, ['push', '--quiet', 'origin', 'churn'])

  const sha = (await git(checkout, ['rev-parse', 'HEAD'])).trim()
  expect(pullOf(office.github.state, office.id, pull.number).head.sha).toBe(sha)
  expect(await office.heard()).toEqual(['push', 'check_suite.requested', 'pull_request.synchronize'])
  expect(office.github.state.activity.at(-1)).toMatchObject({ actor: office.ada.account.id, kind: 'push' })
})

test('a rule refuses a push to the ledger branch with its reason, and leaves the branch where it was', async () => {
  const { office, url, folder } = await openRemote()
  await office.pushes(office.ada, { 'facts.jsonl': '' }, { branch: 'ledger' })
  await addRuleset(office.github, office.id, {
    name: 'ledger',
    include: ['refs/heads/ledger'],
    rules: [{ type: 'update' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
    bypass: [{ actor_id: office.app.id, actor_type: 'Integration', bypass_mode: 'always' }],
  })
  const before = await office.tip('ledger')
  const checkout = await clone(url(userToken(office, 'ada')), folder)
  await git(checkout, ['switch', '--quiet', 'ledger'])
  await commits(checkout, 'facts.jsonl', '{"fact":"verified"}\n')

  const refusal = await said(git(checkout, ['push', 'origin', 'ledger']))
  const deletion = await said(git(checkout, ['push', 'origin', ':ledger']))

  expect(refusal).toContain('Cannot update this protected ref.')
  expect(refusal).toContain('[remote rejected]')
  expect(deletion).toContain('Cannot delete this branch')
  expect(await office.tip('ledger')).toBe(before)
  const { token } = issueInstallationToken(office.github, { installation: office.installation.id })
  expect(await said(git(checkout, ['push', '--quiet', url(token), 'ledger']))).toBe('done')
  expect(await office.tip('ledger')).not.toBe(before)
})

test('a reader clones but does not push; a stranger sees only what is public', async () => {
  const { office, url, folder } = await openRemote()
  const checkout = await clone(url(userToken(office, 'dora')), folder)
  await commits(checkout, 'a.yml', '1\n')

  expect(await said(git(checkout, ['push', 'origin', 'main']))).toContain('403')
  expect(await said(clone(url(null), folder, 'public'))).toBe('done')
  await updateRepository(office.github, office.id, { isPrivate: true })
  expect(await said(clone(url(null), folder, 'private'))).toMatch(
    /could not read Username|Authentication|terminal prompts/,
  )
  expect(await said(clone(url('ghp_wrong'), folder, 'wrong'))).toContain('Authentication failed')
})

test('a token that ended, or was narrowed to other repositories, opens nothing', async () => {
  const { office, url, folder } = await openRemote()
  await updateRepository(office.github, office.id, { isPrivate: true })
  const { installation } = office
  const narrow = issueInstallationToken(office.github, { installation: installation.id, repositories: [] })
  const short = issueInstallationToken(office.github, { installation: installation.id })
  expect(await said(clone(url(short.token), folder, 'in-time'))).toBe('done')

  await (office.github.clock as unknown as { advance(ms: number): Promise<void> }).advance(3_600_000)

  expect(await said(clone(url(narrow.token), folder, 'narrow'))).toMatch(/Authentication failed|not found/)
  expect(await said(clone(url(short.token), folder, 'late'))).toContain('Authentication failed')
})

test('of a push of several branches none moves when a rule refuses one', async () => {
  const { office, url, folder } = await openRemote()
  await addRuleset(office.github, office.id, {
    name: 'main',
    include: ['~DEFAULT_BRANCH'],
    rules: [{ type: 'update' }],
  })
  const [before, checkout] = [await office.tip(), await clone(url(userToken(office, 'ada')), folder)]
  await commits(checkout, 'a.yml', '1\n')

  const refusal = await said(git(checkout, ['push', 'origin', 'main', 'main:beside']))

  expect(refusal).toContain('Cannot update this protected ref.')
  expect([await office.tip(), await office.tip('beside')]).toEqual([before, 'none'])
  expect(await said(git(checkout, ['push', '--quiet', 'origin', 'main:refs/pull/9/head']))).toContain('kept by GitHub')
})

test('a push that is no fast-forward moves the branch only by force, and is told as forced', async () => {
  const { office, url, folder } = await openRemote()
  const checkout = await clone(url(userToken(office, 'ben')), folder)
  await git(checkout, ['switch', '--quiet', '--create', 'mine'])
  await commits(checkout, 'a.yml', '1\n')
  await git(checkout, ['push', '--quiet', 'origin', 'mine'])
  await git(checkout, [
    '-c',
    'user.name=b',
    '-c',
    'user.email=b@example.com',
    'commit',
    '--quiet',
    '--amend',
    '-m',
    'again',
  ])

  expect(await said(git(checkout, ['push', 'origin', 'mine']))).toContain('non-fast-forward')
  await git(checkout, ['push', '--quiet', '--force', 'origin', 'mine'])

  const [body] = (await office.bodies('push')).slice(-1)
  expect(body).toMatchObject({ forced: true, pusher: { name: 'ben' } })
})
