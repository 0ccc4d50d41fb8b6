import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { JobOrder, ScriptedJob } from '../../../src/world/github/github-state.ts'
import { HERE, oneJob, openActions } from './support/actions-office.ts'

const MINUTE_MS = 60_000
const steps = "steps: [{ run: 'true' }]"
const workflow = (jobs: string, more = '') =>
  `name: Train\non:\n  workflow_dispatch: { inputs: { id: { type: string } } }\n${more}jobs:\n${jobs}`

test('a matrix of three runs at most two at once, and each is named after its values', async () => {
  let atOnce = 0
  const { dispatch, world, conclusion } = await openActions({
    workflow: workflow(
      `  train:\n    runs-on: ubuntu-latest\n    strategy: { max-parallel: 2, matrix: { rate: [0.1, 0.2], seed: [1, 2], exclude: [{ rate: 0.2, seed: 2 }], include: [{ rate: 0.2, kind: big }] } }\n    ${steps}\n`,
    ),
    runner: { script: () => ({ durationMs: MINUTE_MS }) },
  })

  const run = await dispatch()
  for (let minute = 0; minute < 4; minute++) {
    await world.passes(MINUTE_MS / 2)
    atOnce = Math.max(atOnce, world.actions.jobs.filter((job) => job.status === 'in_progress').length)
    await world.passes(MINUTE_MS / 2)
  }

  expect(atOnce).toBe(2)
  expect(world.actions.jobs.map((job) => job.name)).toEqual(['train (0.1, 1)', 'train (0.1, 2)', 'train (0.2, 1, big)'])
  expect(await conclusion(run)).toBe('success')
})

test('the first failure of a matrix ends the others, unless it is told to go on', async () => {
  const script = ({ job }: JobOrder): ScriptedJob =>
    job.matrix?.n === 1 ? { conclusion: 'failure', durationMs: MINUTE_MS } : { durationMs: 5 * MINUTE_MS }
  const matrix = (more: string) =>
    workflow(`  train:\n    runs-on: ubuntu-latest\n    strategy: { ${more}matrix: { n: [1, 2] } }\n    ${steps}\n`)
  const fast = await openActions({ workflow: matrix(''), runner: { script } })
  const slow = await openActions({ workflow: matrix('fail-fast: false, '), runner: { script } })

  await fast.runs()
  await slow.runs()

  expect(fast.world.actions.jobs.map((job) => job.conclusion)).toEqual(['failure', 'cancelled'])
  expect(slow.world.actions.jobs.map((job) => job.conclusion)).toEqual(['failure', 'success'])
})

test('257 combinations are too many', async () => {
  const list = JSON.stringify(Array.from({ length: 257 }, (_, n) => n))
  const { runs, annotations, conclusion } = await openActions({
    workflow: workflow(
      `  train:\n    runs-on: ubuntu-latest\n    strategy: { matrix: { n: ${list} } }\n    ${steps}\n`,
    ),
    runner: { script: () => ({}) },
  })

  expect(await conclusion(await runs())).toBe('failure')
  expect(await annotations('train')).toEqual(['Strategy produces 257 jobs, at most 256 are allowed'])
})

test('two runs of one concurrency group never run together, and of the waiting ones the newest stays', async () => {
  const { dispatch, world } = await openActions({
    workflow: workflow(
      `  train:\n    runs-on: ubuntu-latest\n    ${steps}\n`,
      `concurrency: gpu\nrun-name: \${{ inputs.id }}\n`,
    ),
    runner: { script: () => ({ durationMs: MINUTE_MS }) },
  })
  const standing = () => world.actions.runs.map((run) => `${run.displayTitle} ${run.conclusion ?? run.status}`)

  for (const id of ['first', 'second', 'third']) await dispatch({ id })
  await world.settles()
  expect(standing()).toEqual(['first in_progress', 'second cancelled', 'third pending'])
  await world.settles(MINUTE_MS)
  expect(standing()).toEqual(['first success', 'second cancelled', 'third in_progress'])
  await world.settles(MINUTE_MS)

  expect(standing().at(-1)).toBe('third success')
})

test('a group that cancels what runs gives way to the newest', async () => {
  const { dispatch, world } = await openActions({
    workflow: workflow(
      `  train:\n    runs-on: ubuntu-latest\n    ${steps}\n`,
      `concurrency: { group: 'g-\${{ github.ref }}', cancel-in-progress: true }\n`,
    ),
    runner: { script: () => ({ durationMs: MINUTE_MS }) },
  })

  await dispatch()
  await world.settles(1000)
  await dispatch()
  await world.actions.settle()

  expect(world.actions.runs.map((run) => run.conclusion)).toEqual(['cancelled', 'success'])
})

test('jobs wait for those they need, and conditions see how those ended', async () => {
  const { runs, world } = await openActions({
    workflow: workflow(
      [
        `  bad: { runs-on: ubuntu-latest, ${steps} }`,
        `  after: { needs: bad, runs-on: ubuntu-latest, ${steps} }`,
        `  mend: { needs: bad, if: failure(), runs-on: ubuntu-latest, ${steps} }`,
        `  tell: { needs: [after, mend], if: "always() && needs.after.result == 'skipped'", runs-on: ubuntu-latest, ${steps} }`,
        `  forgiven: { runs-on: ubuntu-latest, continue-on-error: true, ${steps} }\n`,
      ].join('\n'),
    ),
    runner: { script: ({ job }) => ({ conclusion: ['bad', 'forgiven'].includes(job.key) ? 'failure' : 'success' }) },
  })

  await runs()

  expect(Object.fromEntries(world.actions.jobs.map((job) => [job.key, job.conclusion]))).toEqual({
    bad: 'failure',
    after: 'skipped',
    mend: 'success',
    tell: 'success',
    forgiven: 'failure',
  })
})

test('a job that takes longer than it may is cancelled, and its annotation says how long it had', async () => {
  const { runs, world, annotations, job } = await openActions({
    workflow: workflow(`  train:\n    runs-on: ubuntu-latest\n    timeout-minutes: 7\n    ${steps}\n`),
    runner: { name: 'box', script: () => ({ durationMs: 60 * MINUTE_MS }) },
  })

  await runs()

  expect(job('train').conclusion).toBe('cancelled')
  expect((job('train').completedAt ?? 0) - (job('train').startedAt ?? 0)).toBe(7 * MINUTE_MS)
  expect(await annotations('train')).toContain(
    'The job running on runner box has exceeded the maximum execution time of 7 minutes.',
  )
  expect(world.actions.runs[0]?.conclusion).toBe('cancelled')
})

test('failed jobs are run again, what succeeded is kept, and the attempts are told apart', async () => {
  const { runs, bot, world } = await openActions({
    workflow: workflow(
      `  claim: { runs-on: ubuntu-latest, ${steps} }\n  train: { needs: claim, runs-on: ubuntu-latest, ${steps} }\n`,
    ),
    runner: {
      script: ({ run, job }) => ({ conclusion: job.key === 'train' && run.attempt === 1 ? 'failure' : 'success' }),
    },
  })
  const run_id = await runs()

  await bot.rest.actions.reRunWorkflowFailedJobs({ ...HERE, run_id })
  await world.actions.settle()

  const { data } = await bot.rest.actions.getWorkflowRun({ ...HERE, run_id })
  expect(data).toMatchObject({ run_attempt: 2, conclusion: 'success' })
  const jobs = async (attempt_number: number) =>
    (await bot.rest.actions.listJobsForWorkflowRunAttempt({ ...HERE, run_id, attempt_number })).data.jobs
  expect((await jobs(1)).map((job) => `${job.name} ${job.conclusion}`)).toEqual(['claim success', 'train failure'])
  expect((await jobs(2)).map((job) => `${job.name} ${job.conclusion}`)).toEqual(['claim success', 'train success'])
  expect((await jobs(2))[0]?.started_at).toBe((await jobs(1))[0]?.started_at)
})

test('a scripted job holds until somebody finishes it, and its outputs reach the next job', async () => {
  const { dispatch, world, job } = await openActions({
    workflow: workflow(
      `  train: { runs-on: gpu, ${steps}, outputs: { auc: x } }\n  weigh: { needs: train, name: "weigh \${{ needs.train.outputs.auc }}", runs-on: gpu, ${steps} }\n`,
    ),
    runner: {
      labels: ['gpu'],
      script: ({ job: of }) => ({ durationMs: of.key === 'train' ? Number.POSITIVE_INFINITY : 0 }),
    },
  })
  await dispatch()
  await world.settles(MINUTE_MS)
  expect(job('train').status).toBe('in_progress')

  await world.actions.finish('train', { outputs: { auc: '0.91' } })
  await world.actions.settle()

  expect(job('weigh 0.91').conclusion).toBe('success')
})

/** A job that writes its process's id and that of a child which leaves its group, and then sleeps. */
async function sleeping(graceMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const script = `|\n          echo $$ > ${folder}/pid\n          setsid sleep 300 &\n          echo $! > ${folder}/stray\n          sleep 300\n`
  const office = await openActions({
    workflow: oneJob(script, `      - if: always()\n        run: touch ${folder}/always\n`),
    runner: { graceMs },
  })
  const run = await office.dispatch()
  const pids = () => ['pid', 'stray'].map((name) => Number(readFileSync(join(folder, name), 'utf8')))
  const ready = () =>
    ['pid', 'stray'].every((name) => existsSync(join(folder, name)) && readFileSync(join(folder, name), 'utf8') !== '')
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 10))
  return { ...office, run, pids, cleanedUp: () => existsSync(join(folder, 'always')) }
}

function isAlive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z')
  } catch {
    return false
  }
}

test("a cancelled job's process is gone, and what it left running with it", async () => {
  const { bot, run, pids, world, conclusion, cleanedUp, annotations } = await sleeping(200)
  expect(pids().map(isAlive)).toEqual([true, true])

  const answer = await bot.rest.actions.cancelWorkflowRun({ ...HERE, run_id: run })
  await world.actions.settle()

  expect(answer.status).toBe(202)
  expect(await conclusion(run)).toBe('cancelled')
  expect(pids().map(isAlive)).toEqual([false, false])
  expect(await annotations('train')).toEqual(['The operation was canceled.'])
  // what asked to run whatever happens did
  expect(cleanedUp()).toBe(true)
  await expect(bot.rest.actions.cancelWorkflowRun({ ...HERE, run_id: run })).rejects.toMatchObject({ status: 409 })
})

test('what runs whatever happens is left in peace by a cancellation, and ended by a forced one', async () => {
  const { bot, dispatch, world, job, conclusion } = await openActions({
    workflow: oneJob(
      'sleep 300',
      `      - { name: stays, if: always(), run: sleep 300 }\n  quick: { runs-on: ubuntu-latest, ${steps} }\n`,
    ),
    runner: { graceMs: 200 },
  })
  const run_id = await dispatch()
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await until(() => world.actions.jobs[0]?.steps[1]?.status === 'in_progress')

  await bot.rest.actions.cancelWorkflowRun({ ...HERE, run_id })
  await until(() => job('train').steps[2]?.status === 'in_progress')
  world.github.running.actions.advance()
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(job('train').steps[2]?.status).toBe('in_progress')
  await bot.rest.actions.forceCancelWorkflowRun({ ...HERE, run_id })
  await world.actions.settle()

  expect(await conclusion(run_id)).toBe('cancelled')
})

test('a preempted job ends with the annotation GitHub writes, and nothing of it runs on', async () => {
  const { run, pids, world, conclusion, cleanedUp, annotations } = await sleeping(200)

  await world.actions.preempt('train')

  expect(await conclusion(run)).toBe('failure')
  expect(await annotations('train')).toEqual([
    'The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.',
    'Process completed with exit code 143.',
  ])
  expect(pids().map(isAlive)).toEqual([false, false])
  expect(cleanedUp()).toBe(false)
})

test('a runner that is lost leaves a failed job that says so', async () => {
  const { dispatch, world, job, annotations } = await openActions({
    workflow: oneJob("'true'"),
    runner: { name: 'box', script: () => ({ durationMs: Number.POSITIVE_INFINITY }) },
  })
  await dispatch()
  await world.settles()

  await world.actions.lose('train')

  expect(job('train').conclusion).toBe('failure')
  expect(await annotations('train')).toEqual([expect.stringMatching(/^The self-hosted runner: box lost communication/)])
})
