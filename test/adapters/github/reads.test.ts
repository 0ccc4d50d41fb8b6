import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCheckout } from '../../../src/adapters/checkout/checkout.ts'
import { git } from '../../../src/adapters/checkout/git.ts'
import { shippedPolicies } from '../../../src/adapters/shipped-policies.ts'
import { openCheckoutPorts } from '../../../src/jobs/checkout-ports.ts'
import { documentOf } from '../../../src/jobs/document-of.ts'
import { weigh } from '../../../src/jobs/weigh.ts'
import type { RemoteRepository } from '../../../src/ports/git-host.ts'
import type { Repository } from '../../../src/ports.ts'
import { manifestFile, NOW, openWorld, versionFiles } from '../../support/registry-world.ts'
import { blobAnswer, comparisonOver, repositoryOver } from './git-root.ts'
import { openRecorded, REPOSITORY, type Recorded } from './recorded-github.ts'

const isContent = (call: string) => call === 'GraphQL Contents'

async function githubOver(folder: string, options: Parameters<typeof openRecorded>[0] = {}) {
  const opened = openRecorded(options)
  const { github, host } = opened
  github.root = { repository: repositoryOver(folder) }
  const [base, head] = await Promise.all(['main', 'HEAD'].map((ref) => git(folder, ['rev-parse', ref])))
  serveComparisons(github, folder)
  return { ...opened, base: base?.trim() ?? '', head: head?.trim() ?? '', repository: host.open(REPOSITORY) }
}

function serveComparisons(github: Recorded, folder: string) {
  const prefix = 'GET /repos/acme/models/compare/'
  github.routes = new Proxy(github.routes, {
    get: (routes, name: string) =>
      name.startsWith(prefix)
        ? (asked: Parameters<typeof comparisonOver>[1]) => comparisonOver(folder, asked)
        : routes[name],
  })
}

async function shaOf(folder: string, ref: string): Promise<string> {
  return (await git(folder, ['rev-parse', ref])).trim()
}

async function weighed(folder: string, repository: Repository, base: string, head: string) {
  const checkout = await openCheckout(folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, () => {})
  try {
    const given = await weigh({
      repository,
      base,
      head,
      now: NOW,
      skip: [],
      audience: 'local',
      shipped: shippedPolicies(),
      openModels: async () => null,
      openPorts: (configuration) => ports.openPorts(configuration, undefined),
      openHistory: () => ({
        served: async () => false,
        lastServed: async () => ({ status: 'never' }),
        firstDigest: async () => ({ digest: null }),
        whyUnknown: '',
      }),
    })
    return documentOf({ weighed: given, now: NOW, here: 'here', warnings: [] })
  } finally {
    await ports.close()
  }
}

test('a promotion is weighed as in a checkout with one comparison and at most three queries, and again with none', async () => {
  const world = await openWorld({ versions: ['1.0.0', '1.1.0'] })
  const branch = await world.opensPromotion('1.1.0')
  const [base, head] = await Promise.all([shaOf(world.folder, 'main'), shaOf(world.folder, branch)])
  const { github, host, repository } = await githubOver(world.folder)
  github.routes['GraphQL RepositoryNow'] = async () => ({
    body: { data: { repository: await governed(world.folder) } },
  })
  await host.now(REPOSITORY)

  const remote = await weighed(world.folder, repository, base, head)
  const first = [...github.calls]
  await weighed(world.folder, host.open(REPOSITORY), base, head)

  expect(remote).toEqual(await weighed(world.folder, await openCheckout(world.folder), base, head))
  expect(first).toEqual([
    'GraphQL RepositoryNow',
    `GET /repos/acme/models/compare/${base}...${head}`,
    'GraphQL Contents',
    'GraphQL Contents',
  ])
  expect(github.calls.slice(first.length)).toEqual([])
  expect(repository.notes).toEqual([])
})

test('a promotion with its record in the same pull request costs no more, also when base has moved', async () => {
  const world = await openWorld({ versions: ['1.0.0'] })
  const branch = await world.opensPromotion('1.1.0', { with: versionFiles({ set: world.set, version: '1.1.0' }) })
  await world.commit('something else', { path: 'notes.txt', content: 'moved\n' })
  const [base, head] = await Promise.all([shaOf(world.folder, 'main'), shaOf(world.folder, branch)])
  const { github, repository } = await githubOver(world.folder)

  const remote = await weighed(world.folder, repository, base, head)

  expect(remote).toEqual(await weighed(world.folder, await openCheckout(world.folder), base, head))
  expect(remote.changes.map(({ kind }) => kind)).toContain('promotion')
  expect(github.calls.filter(isContent).length).toBeLessThanOrEqual(3)
})

test('both sides changed a path of ours: the same conflict as in a checkout', async () => {
  const world = await openWorld({ versions: ['1.0.0', '1.1.0'] })
  const branch = await world.opensPromotion('1.1.0')
  await world.commit('somebody else', manifestFile(world.set, '1.1.0'))
  const [base, head] = await Promise.all([shaOf(world.folder, 'main'), shaOf(world.folder, branch)])
  const { repository } = await githubOver(world.folder)

  const remote = await weighed(world.folder, repository, base, head)

  expect(remote).toEqual(await weighed(world.folder, await openCheckout(world.folder), base, head))
  expect(JSON.stringify(remote.verdict)).toContain('has changed on both sides since the branch was cut')
})

test('a change without files of ours costs the comparison and no query', async () => {
  const world = await openWorld()
  const branch = await world.opens('prose', { path: 'README.md', content: '# hello\n' })
  const [base, head] = await Promise.all([shaOf(world.folder, 'main'), shaOf(world.folder, branch)])
  const { github, host, repository } = await githubOver(world.folder)
  github.routes['GraphQL RepositoryNow'] = async () => ({
    body: { data: { repository: await governed(world.folder) } },
  })
  await host.now(REPOSITORY)
  github.calls.length = 0

  const changed = await repository.diff(await repository.mergeBase(base, head), head)

  expect(changed.map(({ path, status }) => [path, status])).toEqual([['README.md', 'added']])
  expect(github.calls).toEqual([`GET /repos/acme/models/compare/${base}...${head}`])
})

async function governed(folder: string) {
  const sha = await shaOf(folder, 'main')
  const text = await git(folder, ['show', `${sha}:.github/weighbridge.yml`])
  const oid = await shaOf(folder, `${sha}:.github/weighbridge.yml`)
  return {
    defaultBranchRef: { name: 'main', target: { oid: sha } },
    configuration: { __typename: 'Blob', oid, isBinary: false, isTruncated: false, text },
    ledger: null,
  }
}

test('renames, links, modes, folders and files that are no text are read as Git holds them', async () => {
  const world = await openWorld({ versions: ['1.0.0', '1.1.0'] })
  await world.git('switch', '--quiet', '--create', 'odd')
  await world.git('mv', `models/${world.set}/versions/1.1.0.yml`, `models/${world.set}/versions/1.2.0.yml`)
  const config = join(world.folder, 'policies/link.yml')
  symlinkSync('production.yml', config)
  await world.commit(
    'odd files',
    { path: 'models/latin.yml', content: Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]) },
    { path: 'models/zero.yml', content: Buffer.from([0x61, 0x00, 0x62]) },
    { path: 'models/large.yml', content: 'x'.repeat(600_000) },
    { path: 'deploy/production/deep/er/and/er/x.yml', content: 'a: 1\n' },
  )
  rmSync(config)
  await world.git('checkout', '--quiet', '--force', 'main')
  const [base, head] = await Promise.all([shaOf(world.folder, 'main'), shaOf(world.folder, 'odd')])
  const { github, repository } = await githubOver(world.folder)
  const checkout = await openCheckout(world.folder)
  for (const bytes of [Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]), Buffer.from([0x61, 0x00, 0x62])]) {
    const answer = blobAnswer(bytes)
    github.routes[`GET /repos/acme/models/git/blobs/${answer.body.sha}`] = () => answer
  }

  const changed = await repository.diff(await repository.mergeBase(base, head), head)
  const [theirs, ours] = [await checkout.snapshot(head), await repository.snapshot(head)]
  const paths = [...changed.map(({ path }) => path), 'nothing/here.yml', 'models']

  expect([...changed]).toEqual([...(await checkout.diff(base, head))])
  const [expected, read] = [await theirs.read(paths), await ours.read(paths)]
  expect([...read.keys()].sort()).toEqual([...expected.keys()].sort())
  for (const [path, file] of expected)
    expect([
      path,
      read.get(path)?.mode,
      read.get(path)?.bytes.length,
      Buffer.from(read.get(path)!.bytes).toString('hex').slice(0, 99),
    ]).toEqual([
      path,
      file.mode,
      file.bytes.length,
      file.bytes.length > 256 * 1024
        ? '00'.repeat(600_000).slice(0, 99)
        : Buffer.from(file.bytes).toString('hex').slice(0, 99),
    ])
  for (const folder of ['deploy', 'policies', `models/${world.set}/versions`, 'none', 'policies/link.yml'])
    expect([folder, await ours.list(folder)]).toEqual([folder, await theirs.list(folder)])
})

test('a commit that GitHub does not show yet is no commit without files (S37)', async () => {
  const world = await openWorld()
  const { github, repository } = await githubOver(world.folder)
  const unseen = 'f'.repeat(40)

  const reading = (await repository.snapshot(unseen)).read(['policies/production.yml'])

  await expect(reading).rejects.toMatchObject({ name: 'HostFailure', retryable: true })
  await expect(reading).rejects.toThrow('GitHub does not show the commit ffffffffffff')
  expect(github.calls).toEqual(['GraphQL Contents'])
})

test('what is too much for one query is asked in smaller ones, and the check says so', async () => {
  const world = await openWorld()
  const files = Array.from({ length: 60 }, (_, at) => ({ path: `policies/p${at}.yml`, content: `a: ${at}\n` }))
  await world.commit('many', ...files)
  const { github, repository, base } = await githubOver(world.folder)
  github.routes['GraphQL Contents'] = ({ body }) =>
    Object.keys(body.variables).length > 40
      ? { body: { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'too much' }] } }
      : (null as never)

  const read = await (await repository.snapshot(base)).read(files.map(({ path }) => path))

  expect(read.size).toBe(60)
  expect(repository.notes).toEqual(['1 more queries: 60 files', '2 more queries: GitHub would not answer 50 at once'])
})

test('three hundred paths are as many as GitHub lists: a comparison that long is not believed', async () => {
  const { github, host } = openRecorded()
  const [base, head, sha] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]
  const files = Array.from({ length: 300 }, (_, at) => ({ filename: `${at}.txt`, status: 'added', sha }))
  github.routes[`GET /repos/acme/models/compare/${base}...${head}`] = () => ({
    body: { merge_base_commit: { sha: base }, files },
  })
  const repository: RemoteRepository = host.open(REPOSITORY)

  await expect(repository.mergeBase(base, head)).rejects.toThrow('GitHub lists no more')
})

test('first-parent history is the checkout’s, and a side branch that was undone before its merge is not in it', async () => {
  const world = await openWorld({ versions: ['1.0.0', '1.1.0'] })
  await world.git('switch', '--quiet', '--create', 'side')
  await world.commit('serve', manifestFile(world.set, '1.1.0'))
  await world.commit('back', manifestFile(world.set, '1.0.0'), { path: 'more.txt', content: 'x' })
  await world.git('switch', '--quiet', 'main')
  await world.git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'merge', '--quiet', '--no-ff', '-m', 'merge', 'side')
  const { repository, base } = await githubOver(world.folder)
  const checkout = await openCheckout(world.folder)

  for (const needle of ['1.1.0', '1.0.0'])
    expect(await repository.history(base, 'deploy/production', needle)).toEqual(
      await checkout.history(base, 'deploy/production', needle),
    )
  expect(await repository.history(base, 'deploy/production', '1.1.0')).toEqual([])
})
