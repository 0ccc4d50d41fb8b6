import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createComment } from '../../../src/world/github/acts/comment.ts'
import { updateApp } from '../../../src/world/github/acts/create-app.ts'
import { createRepository } from '../../../src/world/github/acts/create-repository.ts'
import { createDeployment, createDeploymentStatus } from '../../../src/world/github/acts/deploy.ts'
import {
  acceptPermissions,
  changeInstallationRepositories,
  deleteInstallation,
  suspendInstallation,
  unsuspendInstallation,
} from '../../../src/world/github/acts/install-app.ts'
import { mergePull } from '../../../src/world/github/acts/merge-pull.ts'
import { renameRepository, transferRepository } from '../../../src/world/github/acts/rename-repository.ts'
import { submitReview } from '../../../src/world/github/acts/review.ts'
import { createCheckRun } from '../../../src/world/github/acts/write-check.ts'
import { createIssue } from '../../../src/world/github/acts/write-issue.ts'
import { createStatus } from '../../../src/world/github/acts/write-status.ts'
import { findRepository } from '../../../src/world/github/state/find.ts'
import { deliveriesOf, httpCourier } from '../../../src/world/github/webhooks/post.ts'
import { redeliver } from '../../../src/world/github/webhooks/redeliver.ts'
import { openOffice, PERMISSIONS, refused } from './support/office.ts'

test('a delivery is signed over its exact bytes with the app’s secret, and names its event and installation', async () => {
  const office = await openOffice()
  await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await office.github.settled()
  const delivery = office.deliveries.find((one) => one.event === 'pull_request')

  const mark = createHmac('sha256', 'a secret')
    .update(delivery?.requestBody ?? '')
    .digest('hex')

  expect(delivery?.requestHeaders).toMatchObject({
    'X-Hub-Signature-256': `sha256=${mark}`,
    'X-GitHub-Event': 'pull_request',
    'X-GitHub-Delivery': delivery?.guid,
  })
  expect(JSON.parse(delivery?.requestBody ?? '')).toMatchObject({
    installation: { id: office.installation.id },
    organization: { login: 'acme' },
    sender: { login: 'ben' },
  })
})

test('a redelivery has the GUID of the first attempt, a line of its own, and the same body', async () => {
  const office = await openOffice()
  office.answers = () => 500
  await createIssue(office.github, office.ben, { repository: office.id, title: 'x' })
  await office.github.settled()
  const [first] = deliveriesOf(office.github.state, office.app.id)
  expect(first).toMatchObject({ statusCode: 500, isRedelivery: false })

  office.answers = () => 202
  await redeliver(office.github, { app: office.app.id, delivery: first?.id ?? 0 })
  await office.github.settled()

  const [second] = deliveriesOf(office.github.state, office.app.id)
  expect(second).toMatchObject({
    guid: first?.guid,
    requestBody: first?.requestBody,
    isRedelivery: true,
    statusCode: 202,
  })
  expect(second?.id).not.toBe(first?.id)
  const other = await office.secondApp('other')
  const foreign = redeliver(office.github, { app: other.app.id, delivery: first?.id ?? 0 })
  expect(await refused(foreign)).toBe('404 Not Found')
})

test('an app that cannot be reached leaves a delivery with status 0', async () => {
  const office = await openOffice()
  office.answers = () => {
    throw new Error('connection refused')
  }
  await createIssue(office.github, office.ben, { repository: office.id, title: 'x' })
  await office.github.settled()

  expect(deliveriesOf(office.github.state, office.app.id)[0]).toMatchObject({
    statusCode: 0,
    status: 'failed to connect',
  })
})

test('an app hears only of what it subscribes to and may read', async () => {
  const office = await openOffice()
  await office.secondApp('deaf', PERMISSIONS, ['push'])
  await office.secondApp('barred', { metadata: 'read', issues: 'read' }, ['push', 'issues', 'merge_group'])
  await office.heard()

  await office.pushes(office.ben, { 'a.yml': '1\n' })
  await createIssue(office.github, office.ben, { repository: office.id, title: 'x' })
  await office.github.settled()

  const heard = (slug: string) =>
    office.deliveries.filter((one) => one.url.includes(slug) && one.event !== 'installation').map((one) => one.event)
  expect(heard('deaf')).toEqual(['push', 'check_suite'])
  expect(heard('barred')).toEqual(['issues'])
})

test('a suspended app hears nothing but that it is suspended', async () => {
  const office = await openOffice()
  await office.heard()

  await suspendInstallation(office.github, office.ada, office.installation.id)
  await office.pushes(office.ben, { 'a.yml': '1\n' })
  await unsuspendInstallation(office.github, office.ada, office.installation.id)
  await office.pushes(office.ben, { 'a.yml': '2\n' })

  expect(await office.heard()).toEqual([
    'installation.suspend',
    'installation.unsuspend',
    'push',
    'check_suite.requested',
  ])
})

test('permissions that an app asks for later wait for the owner', async () => {
  const office = await openOffice()
  const { github } = office
  const reader = await office.secondApp('reader', { metadata: 'read' }, [])
  updateApp(office.github, reader.app.id, { permissions: { metadata: 'read', issues: 'read' }, events: ['issues'] })
  await office.heard()
  const mine = async () => {
    await github.settled()
    return office.deliveries.filter((one) => one.url.includes('reader')).map((one) => one.event)
  }

  await createIssue(office.github, office.ben, { repository: office.id, title: 'x' })
  expect(await mine()).toEqual(['installation'])
  await acceptPermissions(office.github, office.ada, reader.installation)
  await createIssue(office.github, office.ben, { repository: office.id, title: 'y' })

  expect(await mine()).toEqual(['installation', 'installation', 'issues'])
})

test('repositories that are taken away are told, and are silent then; a deleted installation is told last', async () => {
  const office = await openOffice()
  await office.heard()
  const { github, ada, installation } = office

  await changeInstallationRepositories(github, ada, { installation: installation.id, remove: [office.id] })
  await office.pushes(office.ben, { 'a.yml': '1\n' })
  await changeInstallationRepositories(github, ada, { installation: installation.id, add: [office.id] })
  await deleteInstallation(github, ada, installation.id)

  expect(await office.heard()).toEqual([
    'installation_repositories.removed',
    'installation_repositories.added',
    'installation.deleted',
  ])
})

test('a renamed or transferred repository keeps its id, and its old name still finds it until it is taken', async () => {
  const office = await openOffice()
  const { github, ada, id } = office
  await renameRepository(github, ada, { repository: id, name: 'weights' })

  expect(findRepository(github.state, 'acme/models')).toMatchObject({ isFormerName: true, repository: { id } })
  expect(await office.bodies('repository.renamed')).toMatchObject([
    { changes: { repository: { name: { from: 'models' } } }, repository: { name: 'weights', id } },
  ])
  await createRepository(github, ada, { owner: office.organisation.id, name: 'models' })
  expect(findRepository(github.state, 'acme/models')?.repository.id).not.toBe(id)
  await transferRepository(github, ada, { repository: id, owner: ada.account.id })
  expect(findRepository(github.state, 'ada/weights')).toMatchObject({ isFormerName: false, repository: { id } })
})

test('a deployment’s success makes the earlier one of its environment inactive, and each step is told', async () => {
  const office = await openOffice()
  const { github, bot, id } = office
  const deploy = async () => {
    const made = await createDeployment(github, bot, { repository: id, ref: 'main', requiredContexts: [] })
    await createDeploymentStatus(github, bot, { repository: id, deployment: made.id, state: 'success' })
    return made
  }
  const first = await deploy()
  await office.heard()

  await deploy()

  expect(await office.heard()).toEqual(['deployment.created', 'deployment_status.created', 'deployment_status.created'])
  const states = [...github.state.deploymentStatuses.values()].filter((one) => one.deployment === first.id)
  expect(states.map((one) => one.state)).toEqual(['success', 'inactive'])
})

test('a deployment waits for the checks of its commit unless it asks for none', async () => {
  const office = await openOffice()
  const { github, bot, id } = office
  await createCheckRun(github, bot, { repository: id, name: 'ci', headSha: await office.tip(), conclusion: 'failure' })

  expect(await refused(createDeployment(github, bot, { repository: id, ref: 'main' }))).toContain('409 Conflict')
})

test('the ordinary courier posts to the app’s address', async () => {
  const received: { event: unknown; body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    received.push({ event: request.headers['x-github-event'], body: Buffer.concat(chunks).toString() })
    response.writeHead(202).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const office = await openOffice()
  await office.github.settled()
  const [delivery] = office.deliveries
  if (delivery === undefined) throw new Error('nothing was delivered')

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const status = await httpCourier.deliver({ ...delivery, url })
  server.close()

  expect(status).toBe(202)
  expect(received).toEqual([{ event: delivery.event, body: delivery.requestBody }])
})

test('bodies have every property that GitHub’s real bodies of the same event always have', async () => {
  const office = await openOffice()
  const { github, ben, cleo, bot, id } = office
  const pull = await office.opens(ben, 'churn', { 'a.yml': '1\n' })
  await createComment(github, ben, { repository: id, number: pull.number, body: 'hello' })
  await createIssue(github, ben, { repository: id, title: 'x' })
  await createStatus(github, bot, { repository: id, sha: pull.head.sha, state: 'success' })
  await createCheckRun(github, bot, { repository: id, name: 'ci', headSha: pull.head.sha, conclusion: 'success' })
  await submitReview(github, cleo, { repository: id, number: pull.number, event: 'COMMENT', body: 'x' })
  await mergePull(github, cleo, { repository: id, number: pull.number })
  const deployment = await createDeployment(github, bot, { repository: id, ref: 'main', requiredContexts: [] })
  await createDeploymentStatus(github, bot, { repository: id, deployment: deployment.id, state: 'success' })
  await github.settled()

  const missing = new Map<string, readonly string[]>()
  for (const delivery of office.deliveries) {
    const real = alwaysThere(delivery.event, delivery.action)
    if (real === null) continue
    const ours = new Set(pathsOf(JSON.parse(delivery.requestBody)))
    const lacking = [...real].filter((path) => !ours.has(path))
    if (lacking.length > 0) missing.set(`${delivery.event}.${delivery.action}`, lacking)
  }

  expect(Object.fromEntries(missing)).toEqual({})
})

interface Examples {
  readonly name: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}

const real = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json'), 'utf8'),
) as readonly Examples[]

/** Paths of properties that stand in every real body of an event; null when there is none. */
function alwaysThere(event: string, action: string | null): Set<string> | null {
  const examples =
    real.find((one) => one.name === event)?.examples.filter((one) => (one.action ?? null) === action) ?? []
  const [first, ...others] = examples.map((one) => new Set(pathsOf(one)))
  if (first === undefined) return null
  return new Set([...first].filter((path) => others.every((other) => other.has(path))))
}

/** What only some accounts have, or what is anybody's own. */
const APART = ['enterprise', 'milestone', 'permissions', 'payload', 'assignee', 'custom_properties']

/** `check_run.output.title`; what is inside lists, and what only some have, is left out. */
function pathsOf(value: unknown, prefix = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`
    return APART.includes(key) ? [] : [path, ...pathsOf(inner, `${path}.`)]
  })
}
