import { createSign, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createUser } from '../../../src/world/github/acts/create-account.ts'
import { createRepository } from '../../../src/world/github/acts/create-repository.ts'
import { deleteInstallation } from '../../../src/world/github/acts/install-app.ts'
import { handle } from '../../../src/world/github/api/handle.ts'
import { KEYS } from './app-keys.ts'
import { HERE, openSmallWorld, type SmallWorld } from './small-world.ts'

const OTHERS = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

interface Claims {
  readonly from?: number
  readonly to?: number
  readonly key?: string
  readonly app?: number
}

/** A JWT whose times are seconds from now, on the world's clock. */
function jwt(world: SmallWorld, { from = -30, to = 300, key = KEYS.privateKey, app = world.app }: Claims): string {
  const now = Math.floor(world.github.clock.now() / 1000)
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${text({ alg: 'RS256', typ: 'JWT' })}.${text({ iss: app, iat: now + from, exp: now + to })}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key).toString('base64url')}`
}

async function statusFor(world: SmallWorld, authorization: string): Promise<number> {
  const url = 'https://api.github.com/app'
  return (await handle(world.github, { method: 'GET', url, headers: { authorization }, body: Buffer.alloc(0) })).status
}

test.each<[string, Claims, number]>([
  ['its own key', {}, 200],
  ["somebody else's key", { key: OTHERS.privateKey }, 401],
  ['a time that is over', { from: -700, to: -100 }, 401],
  ['more than ten minutes ahead', { to: 3_600 }, 401],
  ['a beginning in the future', { from: 300, to: 500 }, 401],
  ['the name of an app that there is not', { app: 1 }, 401],
])('a JWT by %s', async (_, claims, status) => {
  const world = await openSmallWorld()

  expect(await statusFor(world, `Bearer ${jwt(world, claims)}`)).toBe(status)
})

test('a JWT whose text was changed after it was signed, or whose signature was taken off, opens nothing', async () => {
  const world = await openSmallWorld()
  const [head, , signature] = jwt(world, {}).split('.')
  const [, other] = jwt(world, { to: 200 }).split('.')

  expect(await statusFor(world, `Bearer ${head}.${other}.${signature}`)).toBe(401)
  expect(await statusFor(world, `Bearer ${head}.${other}.`)).toBe(401)
  expect(await statusFor(world, 'Bearer nonsense')).toBe(401)
})

test('an installation sees nothing private of another owner, by name, by id or by node', async () => {
  const world = await openSmallWorld()
  const eve = createUser(world.github, { login: 'eve' })
  const files = { 'secret.txt': 'hidden' }
  const secret = await createRepository(world.github, world.actor(eve), {
    owner: eve.id,
    name: 'secret',
    isPrivate: true,
    files,
  })
  const bot = world.asApp()
  const { data } = await world.as(eve).rest.repos.get({ owner: 'eve', repo: 'secret' })

  await expect(bot.rest.repos.get({ owner: 'eve', repo: 'secret' })).rejects.toMatchObject({ status: 404 })
  await expect(bot.request(`GET /repositories/${secret.id}`)).rejects.toMatchObject({ status: 404 })
  await expect(
    bot.graphql('query Node($id: ID!) { node(id: $id) { id } }', { id: data.node_id }),
  ).rejects.toMatchObject({
    errors: [{ type: 'NOT_FOUND' }],
  })
  await expect(bot.graphql('{ repository(owner: "eve", name: "secret") { id } }')).rejects.toMatchObject({
    errors: [{ type: 'NOT_FOUND' }],
  })
})

test('a token ends with its installation', async () => {
  const world = await openSmallWorld()
  const bot = world.asApp()
  await bot.rest.repos.get(HERE)

  await deleteInstallation(world.github, world.actor(world.ada), world.installation)

  await expect(bot.rest.repos.get(HERE)).rejects.toMatchObject({ status: 401 })
})
