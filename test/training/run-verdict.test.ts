import { expect, test } from 'vitest'
import { dispatchInTitle } from '../../src/training/correlation.ts'
import { runSeconds } from '../../src/training/run-seconds.ts'
import { meaningOfRun } from '../../src/training/run-verdict.ts'
import { correlationOf } from '../adapters/ledger/ledger-world.ts'
import { bob, DISPATCH, job, NOON, run, seen } from './training-world.ts'

const NOW = Date.parse('2026-11-21T12:20:00Z')
const meaning = (...of: Parameters<typeof seen>) => meaningOfRun(DISPATCH, seen(...of), NOW)
const failure = (message: string, title: string | null = null) => ({ level: 'failure' as const, title, message })
const FAILED = { conclusion: 'failure' as const }

test.each([
  ['pushed to a branch, not dispatched', { event: 'push' }, 'it was started by push, not by a dispatch'],
  ['dispatched by a person with a title like ours', { actor: bob, triggeringActor: bob }, 'somebody else started it'],
  ['dispatched by nobody that GitHub names', { actor: null, triggeringActor: null }, 'somebody else started it'],
  ['run again by a person', { triggeringActor: bob, attempt: 2 }, 'somebody else started it'],
  ['run again at all', { attempt: 2 }, 'it was started again: this is its attempt 2'],
  [
    'one of another workflow',
    { path: '.github/workflows/evil.yml' },
    'it is a run of .github/workflows/evil.yml, not of .github/workflows/train.yml',
  ],
  ['of another dispatch', { title: `train churn ${correlationOf(2)}.1` }, 'its title names another dispatch'],
  ['of another attempt', { title: `train churn ${correlationOf(1)}.2` }, 'its title names another dispatch'],
  ['on another branch', { headBranch: 'mine' }, 'it runs on mine, not on main'],
])('a run that was %s is not believed, though it succeeded (S25)', (_, over, because) => {
  expect(meaning(over, {})).toEqual({ is: 'not-ours', because, isToCancel: false })
})

test('a run of ours at another commit than the ledger names is cancelled and not believed (S24)', () => {
  expect(meaning({ headSha: 'f'.repeat(40) }, {})).toEqual({
    is: 'not-ours',
    because: 'it runs commit ffffffffffff, not 4b825dc642cb',
    isToCancel: true,
  })
})

test.each([
  'wb-0123456789abcdef0123.1x',
  'xwb-0123456789abcdef0123.1',
  'wb-0123456789abcdef0123',
  'wb-0123456789ABCDEF0123.1',
  'wb-0123456789abcdef0123.0',
  'wb-0123456789abcdef0123.1 and a title',
])('a title %j names no dispatch', (title) => {
  expect(dispatchInTitle(title)).toBeNull()
})

test('a run that GitHub does not show yet is waited for, and after ten minutes it is lost', () => {
  const absent = { run: null, jobs: [], annotations: new Map() }
  expect(meaningOfRun(DISPATCH, absent, Date.parse(NOON) + 60_000)).toMatchObject({ is: 'queued' })
  expect(meaningOfRun(DISPATCH, absent, Date.parse(NOON) + 600_000)).toMatchObject({ is: 'lost' })
})

test('a run is followed from the queue through its steps', () => {
  const open = { status: 'in_progress', conclusion: null } as const
  expect(meaning({ status: 'queued', conclusion: null }, null)).toMatchObject({ is: 'queued' })
  expect(meaning(open, { status: 'queued', conclusion: null, startedAt: null, completedAt: null })).toEqual({
    is: 'queued',
    because: 'it waits for a runner with self-hosted, gpu',
    since: NOON,
  })
  const steps = [
    { number: 1, name: 'Check out', status: 'completed' as const, conclusion: 'success' as const },
    { number: 2, name: 'Train', status: 'in_progress' as const, conclusion: null },
  ]
  const running = { ...open, completedAt: null, steps }
  expect(meaning(open, running)).toMatchObject({ is: 'running', step: 'Train', elapsedSeconds: 1200, isOverdue: false })
  const late = meaningOfRun(DISPATCH, seen(open, running), Date.parse(NOON) + 71 * 60_000)
  expect(late).toMatchObject({ is: 'running', isOverdue: true })
})

test('a run that ended well took what its heavy job took, and its claim costs nothing', () => {
  expect(meaning({}, {})).toEqual({ is: 'success', because: 'it ended well', job: null, gpuSeconds: 1840 })
})

test('the second run of a doubled dispatch is superseded, not a success', () => {
  const skipped = { conclusion: 'skipped' as const, completedAt: NOON, steps: [] }
  expect(meaning({}, skipped)).toEqual({ is: 'superseded' })
  const noClaim = { run: run(), jobs: [], annotations: new Map() }
  expect(meaningOfRun(DISPATCH, noClaim, NOW)).toMatchObject({
    is: 'failed',
    because: `no job of ${correlationOf(1)}.1 did any work`,
  })
})

test.each([
  ['its script ends with 75', failure('Process completed with exit code 75.')],
  [
    'it says so itself',
    { level: 'warning' as const, title: 'weighbridge-preempted', message: 'spot instance reclaimed' },
  ],
  ['its runner is gone', failure('The self-hosted runner: gpu-3 lost communication with the server.')],
  ['its runner is shut down', failure('The runner has received a shutdown signal. This can happen when ...')],
])('a run is preempted when %s', (_, annotation) => {
  expect(meaning(FAILED, FAILED, [annotation])).toMatchObject({
    is: 'preempted',
    because: annotation.message,
    gpuSeconds: 1840,
  })
})

test.each([
  'Process completed with exit code 1.',
  'Process completed with exit code 175.',
  'exit code 75 was expected',
])('%j is a failure like any other, with job, step and reason', (message) => {
  const steps = [{ number: 3, name: 'Train', status: 'completed' as const, conclusion: 'failure' as const }]
  expect(meaning(FAILED, { ...FAILED, steps }, [failure(message)])).toMatchObject({
    is: 'failed',
    because: `job train, step Train: ${message}`,
    job: { name: 'train' },
  })
})

test('what a person ends on GitHub stays ended, though the script that was interrupted asks to be resumed', () => {
  const cancelled = { conclusion: 'cancelled' as const }
  const asks = failure('interrupted; a checkpoint was kept', 'weighbridge-preempted')
  const ends = failure('Process completed with exit code 75.')
  expect(meaning(cancelled, cancelled, [asks, ends])).toMatchObject({
    is: 'cancelled',
    because: 'somebody cancelled it on GitHub',
  })
  const gone = failure('The runner has received a shutdown signal. This can happen when ...')
  expect(meaning(cancelled, cancelled, [asks, ends, gone])).toMatchObject({ is: 'preempted' })
})

test('a search says how far its trials are, and waits for a runner only since the last one ended', () => {
  const open = { status: 'in_progress', conclusion: null, completedAt: null } as const
  const waits = { status: 'queued', conclusion: null, startedAt: null, completedAt: null, steps: [] } as const
  const look = (...trials: readonly Parameters<typeof job>[1][]) => ({
    run: run({ status: 'in_progress', conclusion: null }),
    jobs: [job('claim'), ...trials.map((over, at) => job(`trial ${at}`, { id: 10 + at, ...over }))],
    annotations: new Map(),
  })
  const tune = { ...DISPATCH, command: 'tune' as const }
  const late = { startedAt: '2026-11-21T13:00:00Z' }
  const now = Date.parse('2026-11-21T13:20:00Z')
  expect(meaningOfRun(tune, look({}, { ...open, ...late }, open, waits), now)).toMatchObject({
    is: 'running',
    jobs: { ended: 1, running: 2 },
    elapsedSeconds: 80 * 60,
    isOverdue: true,
  })
  expect(meaningOfRun(tune, look({}, waits), now)).toMatchObject({ is: 'queued', since: '2026-11-21T12:30:40Z' })
})

test('a run that is over its time, cancelled by us or by somebody, says which', () => {
  const cancelled = { conclusion: 'cancelled' as const }
  const long = failure('The job running on runner gpu-3 has exceeded the maximum execution time of 60 minutes.')
  expect(meaning(cancelled, cancelled, [long])).toMatchObject({ is: 'timed-out' })
  expect(meaning({ conclusion: 'timed_out' }, { conclusion: 'timed_out' })).toMatchObject({ is: 'timed-out' })
  expect(meaning(cancelled, cancelled)).toMatchObject({ is: 'cancelled', because: 'somebody cancelled it on GitHub' })
  const ours = meaningOfRun({ ...DISPATCH, isCancelled: true }, seen(cancelled, cancelled), NOW)
  expect(ours).toMatchObject({ is: 'cancelled', because: 'it was cancelled' })
})

test('a failed claim fails the run, and no GPU was used', () => {
  const claim = job('claim', { conclusion: 'failure' })
  const look = {
    run: run(FAILED),
    jobs: [claim, job('train', { conclusion: 'skipped', steps: [] })],
    annotations: new Map([[1, [failure('github.sha is not request.sha')]]]),
  }
  expect(meaningOfRun(DISPATCH, look, NOW)).toMatchObject({
    is: 'failed',
    because: 'job claim: github.sha is not request.sha',
    gpuSeconds: 0,
  })
})

test('a search in which some trials ended well is a success, with all GPU seconds', () => {
  const look = {
    run: run(FAILED),
    jobs: [job('claim'), job('trial (0)', { id: 3 }), job('trial (1)', { id: 4, ...FAILED })],
    annotations: new Map(),
  }
  const search = { ...DISPATCH, command: 'tune' as const }
  expect(meaningOfRun(search, look, NOW)).toMatchObject({
    is: 'success',
    because: '1 of 2 trials ended well',
    gpuSeconds: 3680,
  })
  expect(meaningOfRun(DISPATCH, look, NOW)).toMatchObject({ is: 'failed' })
})

test('a job that was cancelled in the queue took nothing', () => {
  expect(runSeconds([job('train', { conclusion: 'cancelled', steps: [] })])).toBe(0)
  expect(runSeconds([job('train', { startedAt: '2026-11-21T12:40:00Z' })])).toBe(0)
})
