import { createHash } from 'node:crypto'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { RunArtifact } from '../../../src/ports/workflow-run.ts'
import type { NewRunner } from '../../../src/world/actions-handle.ts'
import { hostInWorld } from './host-in-world.ts'
import { type Answer, openRecorded, REPOSITORY } from './recorded-github.ts'

const HERE = '/repos/acme/models'
const DISPATCH = `POST ${HERE}/actions/workflows/train.yml/dispatches`
const ASKED = { workflow: 'train.yml', ref: 'main', inputs: { request: '{}', correlation: 'wb-1.1' } }
const STORAGE = 'https://productionresultssa7.blob.core.windows.net'
const LOST = new TypeError('fetch failed', {
  cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
})

describe('a dispatch', () => {
  test('tells which run it became, where GitHub says so; an edition that does not is asked alike', async () => {
    const { github, host } = openRecorded()
    const answers: Answer[] = [
      { body: { workflow_run_id: 30, run_url: 'https://a', html_url: 'https://a' } },
      { status: 204 },
      { body: { something: 'else' } },
    ]
    github.routes[DISPATCH] = () => answers.shift() ?? { status: 500 }
    const workflows = host.workflows(REPOSITORY)

    const got = [
      await workflows.dispatch(ASKED),
      await workflows.dispatch({ ...ASKED, workflow: '.github/workflows/train.yml' }),
      await workflows.dispatch(ASKED),
    ]

    expect(got.map((one) => one.is === 'accepted' && one.runId)).toEqual([30, null, null])
    expect(github.asked[0]?.body).toEqual({ ref: 'main', inputs: ASKED.inputs, return_run_details: true })
    expect(github.calls).toEqual([DISPATCH, DISPATCH, DISPATCH])
  })

  test('is repeated without a key that an edition refuses, because that started nothing', async () => {
    const { github, host } = openRecorded()
    github.routes[DISPATCH] = ({ body }) =>
      body.return_run_details === undefined
        ? { status: 204 }
        : { status: 422, body: { message: 'Invalid request.\n\n"return_run_details" is not a permitted key.' } }

    expect(await host.workflows(REPOSITORY).dispatch(ASKED)).toEqual({ is: 'accepted', runId: null })
    expect(github.calls).toHaveLength(2)
  })

  test('that GitHub refuses is told in its words, and another failure is thrown', async () => {
    const { github, host } = openRecorded()
    const { dispatch } = host.workflows(REPOSITORY)
    for (const [status, message] of [
      [404, 'Not Found'],
      [422, 'Unexpected inputs provided: ["request"]'],
      [422, "Workflow does not have 'workflow_dispatch' trigger"],
    ] as const) {
      github.routes[DISPATCH] = () => ({ status, body: { message } })
      expect(await dispatch(ASKED)).toEqual({ is: 'refused', because: message })
    }
    github.routes[DISPATCH] = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } })
    await expect(dispatch(ASKED)).rejects.toMatchObject({ status: 403, isAmbiguous: false })
  })

  test('whose answer was lost is said to be ambiguous and never sent again (S08)', async () => {
    const { github, host } = openRecorded()
    for (const lost of [LOST, { status: 502, body: {} }, { status: 500, body: {} }]) {
      github.calls.length = 0
      github.routes[DISPATCH] = () => lost
      await expect(host.workflows(REPOSITORY).dispatch(ASKED)).rejects.toMatchObject({ isAmbiguous: true })
      expect(github.calls).toEqual([DISPATCH])
    }
  })
})

describe('what a run left behind', () => {
  const LOGS = `GET ${HERE}/actions/jobs/9/logs`
  const ZIP = `GET ${HERE}/actions/artifacts/5/zip`
  const archive = Buffer.from(zipSync({ 'proposal.json': new TextEncoder().encode('{}\n') }))
  const digest = `sha256:${createHash('sha256').update(archive).digest('hex')}`
  const ARTIFACT: RunArtifact = {
    id: 5,
    name: 'weighbridge-proposal',
    sizeBytes: archive.length,
    digest,
    isExpired: false,
  }

  /** GitHub's API, and beside it the storage that it points to. */
  function withStorage(stored: (request: Request) => Response, location = `${STORAGE}/x?sig=secret`, baseUrl?: string) {
    const kept: Request[] = []
    let answered: typeof fetch | null = null
    const fetchBoth: typeof fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url.includes('/repos/') || request.url.includes('access_tokens')) return (answered ?? fetch)(request)
      kept.push(request)
      return stored(request)
    }
    const inner = openRecorded({ ...(baseUrl !== undefined && { baseUrl }) })
    const outer = openRecorded({ fetch: fetchBoth, ...(baseUrl !== undefined && { baseUrl }) })
    answered = inner.answered
    for (const name of [LOGS, ZIP]) inner.github.routes[name] = () => ({ status: 302, headers: { location } })
    return { github: inner.github, workflows: outer.host.workflows(REPOSITORY), kept }
  }

  test('is fetched from GitHub’s storage without our token, and from nowhere else (S46)', async () => {
    const { workflows, kept } = withStorage(() => new Response('a\nb\n'))
    expect(await workflows.logTail(9, 100)).toBe('a\nb\n')
    expect(kept.map(({ url, headers }) => [url, headers.get('authorization')])).toEqual([
      [`${STORAGE}/x?sig=secret`, null],
    ])

    for (const location of [
      'http://productionresultssa7.blob.core.windows.net/x',
      'https://evil.example/x',
      'https://blob.core.windows.net.evil.example/x',
      'https://user:pass@a.blob.core.windows.net/x',
      'https://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      '//localhost/x',
    ]) {
      const other = withStorage(() => new Response('secret'), location)
      await expect(other.workflows.logTail(9, 100)).rejects.toThrow('nothing is asked there')
      expect(other.kept).toEqual([])
    }
  })

  test('lies on an Enterprise Server where its administrator says, by TLS as the server itself', async () => {
    const ghes = 'https://github.acme.example/api/v3'
    const there = withStorage(() => new Response('a\n'), 'https://minio.acme.example/x', ghes)
    there.github.routes[`GET /api/v3${HERE}/actions/jobs/9/logs`] = there.github.routes[LOGS] ?? (() => ({}))
    there.github.routes[`GET /api/v3${HERE}/actions/jobs/8/logs`] = () => ({
      status: 302,
      headers: { location: 'http://minio.acme.example/x' },
    })

    expect(await there.workflows.logTail(9, 100)).toBe('a\n')
    await expect(there.workflows.logTail(8, 100)).rejects.toThrow('nothing is asked there')
  })

  test('is no log where there is none, and a redirect of the storage is not followed', async () => {
    const { github, workflows } = withStorage(() => new Response(null, { status: 404 }))
    expect(await workflows.logTail(9, 100)).toBeNull()
    github.routes[LOGS] = () => ({ status: 404, body: { message: 'Not Found' } })
    expect(await workflows.logTail(9, 100)).toBeNull()

    const turned = withStorage(() => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }))
    await expect(turned.workflows.logTail(9, 100)).rejects.toMatchObject({ status: 302 })
  })

  test('is asked for again by another address when the first has run out', async () => {
    let left = 2
    const { github, workflows } = withStorage(() => new Response('ok\n', { status: left-- > 0 ? 403 : 200 }))

    expect(await workflows.logTail(9, 100)).toBe('ok\n')
    expect(github.calls.filter((call) => call === LOGS)).toHaveLength(3)
  })

  test('is shown by its end: whole lines, characters that were not cut, and no more read than must be', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `2026-11-18T10:00:00Z line ${at} é😀`)
    const log = Buffer.from(`${lines.join('\n')}\n`)
    const ranges: (string | null)[] = []
    const ranged = withStorage(({ headers }) => {
      const range = headers.get('range')
      ranges.push(range)
      const [from = 0, to = 0] = (range ?? 'bytes=0-0').slice(6).split('-').map(Number)
      const part = log.subarray(from, range === null ? undefined : to + 1)
      return new Response(part, {
        status: range === null ? 200 : 206,
        headers: { 'content-length': String(part.length) },
      })
    })

    const tail = (await ranged.workflows.logTail(9, 1000)) ?? ''

    expect(tail.length).toBeLessThanOrEqual(1000)
    expect(tail.startsWith('2026-11-18T10:00:00Z line ')).toBe(true)
    expect(tail.endsWith('line 199999 é😀\n')).toBe(true)
    expect(ranges).toEqual([null, `bytes=${log.length - 3003}-${log.length - 1}`])
    const streamed = withStorage(() => new Response(log))
    expect(await streamed.workflows.logTail(9, 1000)).toBe(tail)
    const single = withStorage(() => new Response(`${'x'.repeat(5000)}end`))
    expect(await single.workflows.logTail(9, 100)).toBe(`${'x'.repeat(97)}end`)
  })

  test('is an artifact of exactly the bytes that GitHub names, and no larger than allowed', async () => {
    const { workflows, kept } = withStorage(() => new Response(archive))
    const limits = { maxBytes: 10_000 }
    expect([...(await workflows.files(ARTIFACT, limits)).keys()]).toEqual(['proposal.json'])
    expect([...(await workflows.files({ ...ARTIFACT, digest: null }, limits)).keys()]).toEqual(['proposal.json'])
    const other = `sha256:${'0'.repeat(64)}`
    await expect(workflows.files({ ...ARTIFACT, digest: other }, limits)).rejects.toThrow(`GitHub names ${other}`)

    const asked = kept.length
    await expect(workflows.files({ ...ARTIFACT, sizeBytes: 10_001 }, limits)).rejects.toThrow('larger than the limit')
    await expect(workflows.files({ ...ARTIFACT, isExpired: true }, limits)).rejects.toThrow('has expired')
    expect(kept).toHaveLength(asked)
    await expect(workflows.files(ARTIFACT, { maxBytes: archive.length - 1 })).rejects.toThrow('larger than the limit')
  })

  test('that never ends is not read to its end', async () => {
    let sent = 0
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            sent += 65_536
            controller.enqueue(new Uint8Array(65_536))
          },
        }),
      )
    const { workflows } = withStorage(endless)

    await expect(workflows.files({ ...ARTIFACT, sizeBytes: 1 }, { maxBytes: 1_000_000 })).rejects.toThrow('larger than')
    expect(sent).toBeLessThan(2_000_000)
  })
})

const TRAIN = `name: train
run-name: train churn \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
      request: { type: string, required: true }
      correlation: { type: string, required: true }
jobs:
  train:
    runs-on: gpu
    steps:
      - run: echo training
`

describe('in the world', () => {
  async function withWorkflow(script: NonNullable<NewRunner['script']>) {
    const opened = await hostInWorld()
    const { models, world, host, repository, does, app } = opened
    await models.commit({ '.github/workflows/train.yml': TRAIN }, { by: 'ann' })
    world.actions.runner({ labels: ['gpu'], script })
    await does(() => app.identity())
    await does(() => host.tip(repository, 'main'))
    world.github.forgetCalls()
    return { ...opened, workflows: host.workflows(repository) }
  }

  test('a run is dispatched by one write, found by its title, followed, and read to its artifact', async () => {
    const { world, models, does, workflows } = await withWorkflow(() => ({
      conclusion: 'failure',
      durationMs: 90_000,
      steps: [{ name: 'train', conclusion: 'failure' }],
      log: 'epoch 1\nepoch 2\nout of memory\n',
      annotations: [{ annotation_level: 'failure', message: 'Process completed with exit code 75.' }],
      artifacts: { 'weighbridge-proposal': { 'proposal.json': '{"a": 1}\n' } },
    }))

    const answer = await does(() => workflows.dispatch(ASKED))

    expect(world.github.writes).toHaveLength(1)
    const [seen] = await does(() => workflows.dispatched({ workflow: 'train.yml', since: '2020-01-01T00:00:00Z' }))
    expect(answer).toEqual({ is: 'accepted', runId: seen?.id })
    expect(seen).toMatchObject({
      title: 'train churn wb-1.1',
      path: '.github/workflows/train.yml',
      event: 'workflow_dispatch',
      headSha: await models.tip(),
      headBranch: 'main',
      attempt: 1,
      actor: { id: world.app.bot.id, isBot: true },
      triggeringActor: { id: world.app.bot.id },
    })
    await world.actions.settle()
    const id = seen?.id ?? 0
    const run = await does(() => workflows.run(id))
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' })
    const [job] = await does(() => workflows.jobs(id))
    expect(job).toMatchObject({ name: 'train', status: 'completed', conclusion: 'failure', labels: ['gpu'] })
    expect(Date.parse(job?.completedAt ?? '') - Date.parse(job?.startedAt ?? '')).toBe(90_000)
    expect(await does(() => workflows.annotations(job?.id ?? 0))).toContainEqual({
      level: 'failure',
      title: null,
      message: 'Process completed with exit code 75.',
    })
    expect(await does(() => workflows.logTail(job?.id ?? 0, 25))).toContain('out of memory')
    const [artifact] = await does(() => workflows.artifacts(id))
    expect(artifact).toMatchObject({ name: 'weighbridge-proposal', isExpired: false, digest: expect.any(String) })
    if (artifact === undefined) throw new Error('no artifact')
    const files = await does(() => workflows.files(artifact, { maxBytes: 10_000 }))
    expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['proposal.json', '{"a": 1}\n'],
    ])
    expect(await does(() => workflows.cancel(id))).toBe(false)
    expect(await does(() => workflows.run(404))).toBeNull()
    expect(world.github.contractBreaks).toEqual([])
  })

  test('a run that goes on is cancelled; one whose path names its ref is of the same file', async () => {
    const { world, does, workflows } = await withWorkflow(() => ({ durationMs: Number.POSITIVE_INFINITY }))
    world.github.state.settings.givesRunDetails = false
    world.github.state.settings.runPathsNameRef = true
    expect(await does(() => workflows.dispatch(ASKED))).toEqual({ is: 'accepted', runId: null })
    await world.passes(10_000)
    const since = '2020-01-01T00:00:00Z'
    const [run] = await does(() => workflows.dispatched({ workflow: 'train.yml', since }))
    expect(run).toMatchObject({ path: '.github/workflows/train.yml', status: 'in_progress', conclusion: null })

    expect(await does(() => workflows.cancel(run?.id ?? 0))).toBe(true)
    await world.actions.settle()

    expect(await does(() => workflows.run(run?.id ?? 0))).toMatchObject({ conclusion: 'cancelled' })
    expect(await does(() => workflows.dispatched({ workflow: 'train.yml', since: '2100-01-01T00:00:00Z' }))).toEqual([])
  })

  test('what cannot be dispatched is refused in GitHub’s words, and nothing starts', async () => {
    const { world, does, workflows } = await withWorkflow(() => ({}))
    const asks = [
      { ...ASKED, workflow: 'none.yml' },
      { ...ASKED, ref: 'none' },
      { ...ASKED, inputs: { other: 'x' } },
    ]
    for (const ask of asks)
      expect(await does(() => workflows.dispatch(ask))).toEqual({ is: 'refused', because: expect.stringMatching(/\w/) })
    expect(world.actions.runs).toEqual([])
  })
})
