import { expect, test } from 'vitest'
import type { VirtualClock } from '../../../src/world/clock.ts'
import { createOrganisation, createUser, setMember } from '../../../src/world/github/acts/create-account.ts'
import { createRepository } from '../../../src/world/github/acts/create-repository.ts'
import { issueUserToken } from '../../../src/world/github/acts/issue-token.ts'
import { worldFetch } from '../../../src/world/github/api/world-fetch.ts'
import { openBrowser } from '../../support/browser.ts'
import { openSmallWorld } from '../api/small-world.ts'

const MANIFEST = {
  name: 'scales',
  url: 'https://example.org/scales',
  hook_attributes: { url: 'https://scales.example.org/hook', active: true },
  redirect_url: 'http://127.0.0.1:3000/created?from=github',
  public: false,
  default_permissions: { checks: 'write', contents: 'read', issues: 'read' },
  default_events: ['push', 'check_run', 'issue_comment', 'repository'],
}
const NEW = 'https://github.com/settings/apps/new'

test('a manifest becomes an app in two pages, and its code tells the keys once', async () => {
  const { send, post, ada, world } = await place()

  const form = await post(NEW, MANIFEST, 'state=s%261')
  const back = await ada.press(form, 'Create GitHub App for ada', { name: 'Our scales' }).catch(whereTo)
  const to = new URL(String(back))
  const convert = () =>
    send(`https://api.github.com/app-manifests/${to.searchParams.get('code')}/conversions`, { method: 'POST' })
  const first = await convert()
  const second = await convert()

  expect(form.status).toBe(200)
  expect(`${to.origin}${to.pathname}`).toBe('http://127.0.0.1:3000/created')
  expect([to.searchParams.get('from'), to.searchParams.get('state')]).toEqual(['github', 's&1'])
  expect([first.status, second.status]).toEqual([201, 404])
  const app = (await first.json()) as { id: number; webhook_secret: string; client_secret: string }
  expect(app).toMatchObject({
    slug: 'our-scales',
    html_url: 'https://github.com/apps/our-scales',
    owner: { login: 'ada' },
    permissions: { metadata: 'read', checks: 'write', contents: 'read', issues: 'read' },
    events: MANIFEST.default_events,
    pem: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----/),
    client_id: expect.stringMatching(/^Iv/),
  })
  expect(new Set([app.webhook_secret, app.client_secret, to.searchParams.get('code')]).size).toBe(3)
  expect(world.github.state.apps.get(app.id)?.webhook?.url).toBe('https://scales.example.org/hook')
})

test('a code is good for an hour', async () => {
  const { send, post, ada, world } = await place()
  const back = await ada.press(await post(NEW, MANIFEST), 'Create GitHub App for ada').catch(whereTo)
  const code = new URL(String(back)).searchParams.get('code')

  await (world.github.clock as VirtualClock).advance(3_600_000)
  const late = await send(`https://api.github.com/app-manifests/${code}/conversions`, { method: 'POST' })

  expect(late.status).toBe(404)
})

test.each([
  ['no JSON', 'name: scales', 'Invalid input'],
  ['no address to come back to', { ...MANIFEST, redirect_url: undefined }, 'Redirect url must be a valid URL'],
  [
    'a permission that there is not',
    { ...MANIFEST, default_permissions: { ...MANIFEST.default_permissions, weights: 'read' } },
    'Default permission records resource is not included in the list',
  ],
  [
    'an event that comes unasked',
    { ...MANIFEST, default_events: ['installation'] },
    'Default events unsupported: installation',
  ],
  [
    'events without their permission',
    { ...MANIFEST, default_permissions: {}, default_events: ['push', 'check_run', 'repository'] },
    'Default events are not supported by permissions: push and check_run',
  ],
  [
    'comments without issues, though pull requests would be told of',
    { ...MANIFEST, default_permissions: { pull_requests: 'write' }, default_events: ['issue_comment'] },
    'Default events are not supported by permissions: issue_comment',
  ],
  [
    'a webhook on this machine',
    { ...MANIFEST, hook_attributes: { url: 'http://localhost:3000/hook' } },
    'reachable over the public Internet (localhost)',
  ],
] as const)('a manifest with %s is refused with 422, and nothing is registered', async (_, manifest, error) => {
  const { post, world } = await place()
  const before = world.github.state.apps.size

  const page = await post(NEW, manifest)

  expect(page.status).toBe(422)
  expect(page.text).toContain('Invalid GitHub App configuration')
  expect(page.text.replaceAll('&#39;', "'")).toContain(error)
  expect([page.forms.length, world.github.state.apps.size]).toEqual([0, before])
})

test('a name that is taken is told on the way, and the code is never made', async () => {
  const { post, ada, world } = await place()

  const page = await ada.press(await post(NEW, MANIFEST), 'Create GitHub App for ada', { name: 'Weighbridge' })

  expect([page.status, page.text]).toEqual([422, expect.stringContaining('Weighbridge is already taken')])
  expect(world.github.state.manifestCodes.size).toBe(0)
})

test('an app of an organisation is for its owners to make, and whoever is not signed in is sent to sign in', async () => {
  const { post, as, send } = await place()
  const there = 'https://github.com/organizations/acme/settings/apps/new'

  const owner = await post(there, MANIFEST)
  const member = await post(there, MANIFEST, '', as('bob'))
  const nobody = await send(there, { method: 'POST', body: 'manifest={}', redirect: 'manual' })

  expect([owner.status, owner.forms[0]?.button]).toEqual([200, 'Create GitHub App for acme'])
  expect(owner.forms[0]?.action).toBe('/organizations/acme/settings/apps')
  expect([member.status, nobody.status]).toEqual([404, 302])
  expect(nobody.headers.get('location')).toMatch(/^https:\/\/github\.com\/login\?return_to=/)
})

test('a private app goes nowhere but to its owner, and is told which repository it was given', async () => {
  const { post, ada, as, world } = await place()
  const { github } = world
  const other = createOrganisation(github, { login: 'other' })
  const carl = createUser(github, { login: 'carl' })
  for (const user of [world.ada.id, carl.id]) setMember(github, { organisation: other.id, user, role: 'admin' })
  await createRepository(github, world.actor(world.ada), { owner: world.organisation.id, name: 'second' })
  await ada
    .press(
      await post('https://github.com/organizations/acme/settings/apps/new', MANIFEST),
      'Create GitHub App for acme',
    )
    .catch(whereTo)
  const install = 'https://github.com/apps/scales/installations/new'

  const page = await ada.open(install)
  await ada.press(page, 'Install on acme/models')
  await github.settled()
  const again = await ada.press(page, 'Install on acme/models')
  const strangers = await as('carl').open(install)

  expect(page.forms.map((form) => form.button)).toEqual([
    'Install on acme/models',
    'Install on acme/second',
    'Install on all repositories of acme',
  ])
  expect(strangers.forms).toEqual([])
  expect(again.status).toBe(422)
  const app = [...github.state.apps.values()].find((one) => one.slug === 'scales')
  expect([...github.state.installations.values()].filter((one) => one.app === app?.id)).toMatchObject([
    { account: world.organisation.id, repositories: [world.repository] },
  ])
  const told = [...github.state.deliveries.values()].filter((one) => one.app === app?.id)
  expect(told.map((one) => [one.event, one.action, one.url])).toEqual([
    ['installation', 'created', 'https://scales.example.org/hook'],
  ])
  expect(JSON.parse(told[0]?.requestBody ?? '').repositories).toMatchObject([{ full_name: 'acme/models' }])
})

async function place() {
  const world = await openSmallWorld()
  const send = worldFetch(world.github)
  const as = (login: string) => {
    const { id = 0 } = [...world.github.state.accounts.values()].find((one) => one.login === login) ?? {}
    return openBrowser(elsewhere(send), {
      'https://github.com': `logged_in=yes; user_session=${issueUserToken(world.github, id).token}`,
    })
  }
  const ada = as('ada')
  /** A page of somebody's own with the manifest on it, and its button pressed. */
  const post = (to: string, manifest: unknown, query = '', by = ada) => {
    const content = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
    const form = { action: `${to}?${query}`, fields: [['manifest', content] as const], button: 'go' }
    return by.press(
      { url: 'http://127.0.0.1:3000/', status: 200, text: '', headers: new Headers(), forms: [form] },
      'go',
    )
  }
  return { world, send, as, ada, post }
}

/** What the browser would open outside of GitHub. */
class Elsewhere extends Error {}

function elsewhere(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const url = String(input)
    if (url.startsWith('https://github.com/settings/installations') || /\/settings\/installations\/\d+$/.test(url))
      return new Response('installed')
    if (!url.startsWith('https://github.com')) throw new Elsewhere(url)
    return send(input, init)
  }
}

function whereTo(error: unknown): string {
  if (error instanceof Elsewhere) return error.message
  throw error
}
