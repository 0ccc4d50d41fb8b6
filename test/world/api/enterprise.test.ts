import { expect, test } from 'vitest'
import { apiSession } from '../../../src/world/github/api/api-session.ts'
import { serveGitHub } from '../../../src/world/github/http-server.ts'
import { HERE, openSmallWorld } from './small-world.ts'

const ENTERPRISE = {
  settings: { apiUrl: 'https://ghe.example/api/v3', htmlUrl: 'https://ghe.example', signsWebCommits: false },
}

test('Enterprise Server answers below /api/v3, tells its version, and holds to its own description', async () => {
  const world = await openSmallWorld(ENTERPRISE)
  const number = await world.opensPull('candidate', { 'a.txt': 'a' })
  const bot = world.asApp()

  const pull = await bot.rest.pulls.get({ ...HERE, pull_number: number })
  const answer = await bot.graphql('{ repository(owner: "acme", name: "models") { pullRequest(number: 1) { title } } }')

  expect(pull.headers['x-github-enterprise-version']).toBe('3.19.0')
  expect(pull.data.url).toBe(`https://ghe.example/api/v3/repos/acme/models/pulls/${number}`)
  expect(answer).toEqual({ repository: { pullRequest: { title: 'candidate' } } })
  expect(apiSession(world.github).contractBreaks).toEqual([])
})

test('Enterprise Server does not sign what an app commits, unless its operator turned that on', async () => {
  const world = await openSmallWorld(ENTERPRISE)
  const bot = world.asApp()
  const main = await bot.rest.git.getRef({ ...HERE, ref: 'heads/main' })
  const parent = await bot.rest.git.getCommit({ ...HERE, commit_sha: main.data.object.sha })

  const made = await bot.rest.git.createCommit({
    ...HERE,
    message: 'm',
    tree: parent.data.tree.sha,
    parents: [parent.data.sha],
  })

  expect(made.data.verification).toMatchObject({ verified: false, reason: 'unsigned' })
})

test('the same GitHub answers over HTTP, to anybody who speaks it', async () => {
  const world = await openSmallWorld()
  const server = await serveGitHub(world.github)
  const [token] = [...world.github.state.tokens.keys()]
  expect(token).toBeUndefined()

  const meta = await fetch(`${server.url}/meta`)
  const nobody = await fetch(`${server.url}/repos/acme/models`)
  const nothing = await fetch(`${server.url}/nowhere`)
  await server.close()

  expect(await meta.json()).toEqual({ verifiable_password_authentication: false })
  expect([meta.status, nobody.status, nothing.status]).toEqual([200, 404, 404])
  expect(meta.headers.get('x-github-request-id')).toMatch(/^WB00:/)
})
