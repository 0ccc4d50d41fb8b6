import { expect, test } from 'vitest'
import { run } from '../../src/action/run-claim.ts'
import type { World } from '../../src/world/world.ts'
import { dispatch, openActionWorld, template } from '../support/action-world.ts'

const CORRELATION = 'wb-0123456789abcdef0123'

const SHA = 'c'.repeat(40)

function requestAt(sha: string | null): string {
  return JSON.stringify({
    format: 1,
    command: 'train',
    correlation: CORRELATION,
    attempt: 1,
    model: 'adult',
    sha,
    runner: 'gpu',
    limit_minutes: 30,
    checkpoints: 'file:.weighbridge/store/adult/checkpoints/wb/',
    parameters: { epochs: 3 },
    seed: 7,
    resume_from: null,
  })
}

const openTraining = async () => {
  const world = await openActionWorld({ 'train.yml': template('train.yml') })
  world.actions.runner({ labels: ['gpu'], script: () => ({ conclusion: 'success', durationMs: 60_000 }) })
  return world
}

const ended = (world: World) =>
  world.actions.runs.map((run) => {
    const jobs = world.actions.jobs.filter((job) => job.run === run.id)
    return [run.conclusion, ...jobs.map((job) => `${job.key} ${job.conclusion} ${job.outputs.claimed ?? ''}`.trim())]
  })

test('of a dispatch that was sent twice one run reaches the GPU, and the other ends green', async () => {
  const world = await openTraining()
  const request = requestAt(await (await world.repository('acme/models')).tip())
  const inputs = { request, correlation: `${CORRELATION}.1` }

  await dispatch(world, { by: 'ada', workflow: 'train.yml', inputs })
  await dispatch(world, { by: 'ada', workflow: 'train.yml', inputs })
  await world.actions.settle()
  // somebody else's of the same title is nobody's rival
  await dispatch(world, { by: 'ben', workflow: 'train.yml', inputs })
  await world.actions.settle()

  expect(ended(world)).toEqual([
    ['success', 'claim success true', 'train success'],
    ['success', 'claim success false', 'train skipped'],
    ['success', 'claim success true', 'train success'],
  ])
})

test('a run that is not what the app asked for never reaches the GPU, and says why', async () => {
  const request = requestAt(SHA)
  const ENV = {
    GITHUB_SHA: SHA,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW_REF: 'acme/models/.github/workflows/train.yml@refs/heads/main',
    GITHUB_REPOSITORY: 'acme/models',
    GITHUB_API_URL: 'https://api.github.com',
  }
  const claim = (inputs: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}, runs: object | null = null) => {
    const all = { request, correlation: `${CORRELATION}.1`, ...inputs }
    const given = new Map(Object.entries(all).map(([name, value]) => [name, [value]]))
    const answer = async () => new Response(JSON.stringify(runs), { status: runs === null ? 403 : 200 })
    const step = {
      env: { ...ENV, ...env },
      folder: '/',
      log: () => undefined,
      fetch: answer,
      wait: async () => undefined,
    }
    return run({ name: 'claim', token: 'x', failOn: 'held', inputs: given }, step)
  }
  const listed = (id: number, title: string) => ({ id, display_title: title, created_at: 'x', actor: { id: 1 } })
  const runs = (...all: object[]) => ({ total_count: all.length, workflow_runs: all })

  await expect(claim({ correlation: `${CORRELATION}.2` })).rejects.toThrow('inputs request and correlation disagree')
  await expect(claim({ request: requestAt('a'.repeat(40)) })).rejects.toThrow('the branch moved in between')
  await expect(claim({ request: '{"format": 2}' })).rejects.toThrow('input request is none of the app')
  await expect(claim({ request: 'no JSON' })).rejects.toThrow('input request is none of the app')
  await expect(claim({}, { GITHUB_EVENT_NAME: 'push' })).rejects.toThrow('started by push, not by a dispatch')
  await expect(claim({}, { GITHUB_RUN_ATTEMPT: '2' })).rejects.toThrow('started again is not believed')
  await expect(claim({})).rejects.toMatchObject({ mend: expect.stringContaining('actions: read') })
  await expect(claim({}, {}, runs(listed(7, 'train adult'), listed(8, `x ${CORRELATION}.1`)))).rejects.toThrow(
    'GitHub does not list this run',
  )
  expect(await claim({}, {}, runs(listed(7, `x ${CORRELATION}.1`), listed(6, `x ${CORRELATION}.10`)))).toMatchObject({
    outputs: { claimed: 'true' },
  })
})
