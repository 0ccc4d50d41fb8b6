import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rerun } from '../../../src/world/github/actions/end-run.ts'
import { openStory, type Story, type StoryOptions } from '../../support/github-world.ts'
import { modelFile } from '../../support/registry-files.ts'
import { as } from '../../support/story-acts.ts'
import { answerIn, answersIn, opensIssue, says, speaks } from '../../support/story-talk.ts'
import {
  BUDGET,
  closesIssue,
  dispatches,
  failure,
  type HeavyJob,
  preemptedTimes,
  runsTrainings,
  TRAINER_ROLES,
  TRAINING_FILES,
} from '../../support/training-runs.ts'

const HOUR = 3_600_000

async function openTraining(heavyJob?: (story: Story) => HeavyJob, options: StoryOptions = {}) {
  const { configuration, files, people, ...more } = options
  const story = await openStory({
    configuration: { roles: TRAINER_ROLES, training: BUDGET, ...configuration },
    files: { ...TRAINING_FILES, ...files },
    people: { tess: { teams: ['science'] }, ...people },
    requires: null,
    ...more,
  })
  const runs = runsTrainings(story.world, story.store, heavyJob?.(story))
  const issue = await opensIssue(story, 'tess', 'A better model')
  await story.settles()
  return { story, runs, issue }
}

const MINUTE = 60_000

/** Lets scripted time pass, with the app's own looks on the way. */
async function passes(story: Story, ms: number, step = 2 * MINUTE) {
  for (let left = ms; left > 0; left -= step) await story.passes(Math.min(left, step))
}

/** The first one computes what the others find, and machines are slow at times. */
const TIMEOUT = { timeout: 120_000 }

describe('/train', TIMEOUT, () => {
  test('a comment becomes a run on a GPU, a candidate pull request and a settled budget', async () => {
    const { story, runs, issue } = await openTraining()

    await says(story, 'tess', issue, '/train adult learning_rate=0.02')
    await story.settles(HOUR)

    const [pull] = story.repository.pulls
    expect(runs.heavy).toHaveLength(1)
    expect(answerIn(story, issue)).toMatch(/^<!-- .* -->\n`\/train adult learning_rate=0.02`/)
    expect(answerIn(story, issue)).toContain('**Done: adult 1.5.0**')
    expect(answerIn(story, issue)).toContain('Candidate pull request: #2')
    expect(await story.ledger.kinds()).toEqual(['dispatched', 'ended', 'registered', 'looked'])
    expect(await story.ledger.budget()).toMatchObject({ spent: [{ gpu_seconds: 600, runs: 1 }] })
    expect(pull?.state).toBe('open')
    expect(story.repository.pulls).toHaveLength(1)
    expect(bodyOf(story, 2)).toMatch(/`roc_auc` \| 0.8908 \| 0.9112/)
    expect(bodyOf(story, 2)).toContain('/promote adult@1.5.0 production')
  })

  test('a run whose machine is taken away goes on from its last checkpoint, at most three times in a row', async () => {
    const { story, runs, issue } = await openTraining(({ store }) => preemptedTimes(store, 1))

    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    expect(runs.heavy.map((tag) => tag.slice(-2))).toEqual(['.1', '.2'])
    expect(await story.ledger.kinds()).toEqual(['dispatched', 'ended', 'dispatched', 'ended', 'registered', 'looked'])
    expect(answerIn(story, issue)).toContain('Done: adult 1.5.0')
    const attempts = (await story.ledger.budget())?.runs ?? []
    expect(attempts.map(({ registered }) => registered?.version)).toEqual([undefined, '1.5.0'])
  })

  test('one that is taken away every time is given up after the third', async () => {
    const { story, runs, issue } = await openTraining(({ store }) => preemptedTimes(store, 99))

    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    expect(runs.heavy).toHaveLength(3)
    expect(answerIn(story, issue)).toContain('Preempted, and not resumed: it was preempted 3 times in a row')
    expect(await story.ledger.budget()).toMatchObject({ spent: [{ gpu_seconds: 900, runs: 3 }] })
  })

  test('a run that fails shows its reason and the end of its log, without what looks like a secret', async () => {
    const { story, issue } = await openTraining(() => () => ({
      conclusion: 'failure',
      durationMs: MINUTE,
      steps: [{ name: 'Train', conclusion: 'failure' }],
      annotations: [failure('no access with token ghp_abcdefghij0123456789')],
      log: 'loading <b>data</b> @acme/all\ntoken ghp_0123456789abcdefghij\nCUDA out of memory',
    }))

    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    const answer = answerIn(story, issue)
    expect(answer).toContain('Failed: job train, step Train: no access with')
    expect(answer).toContain('CUDA out of memory')
    expect(answer).not.toContain('ghp_')
    expect(JSON.stringify(await story.ledger.budget())).not.toContain('ghp_')
    expect(story.repository.pulls).toEqual([])
  })

  test('a run that never ends is cancelled after its limit, and what it reserved is free again (C28)', async () => {
    const { story, issue } = await openTraining(() => () => ({
      durationMs: Number.POSITIVE_INFINITY,
      log: 'epoch 3/20, loss is not getting smaller',
    }))
    await says(story, 'tess', issue, '/train adult')

    await passes(story, 2 * HOUR, 10 * MINUTE)

    const budget = await story.ledger.budget()
    expect(story.world.actions.runs.every(({ status }) => status === 'completed')).toBe(true)
    expect(budget?.runs[0]?.ended).toMatchObject({ conclusion: 'timed-out' })
    expect(answerIn(story, issue)).toContain('Stopped: ')
    expect(answerIn(story, issue)).toContain('loss is not getting smaller')
  })

  test('a run that no runner takes is ended after a day (C28)', async () => {
    const { story, issue } = await openTraining(undefined, {
      configuration: { training: { ...BUDGET, runners: ['none'] } },
    })
    await says(story, 'tess', issue, '/train adult runner=none')

    await passes(story, 24 * HOUR, HOUR)

    expect((await story.ledger.budget())?.runs[0]?.ended).toMatchObject({ conclusion: 'timed-out', gpu_seconds: 0 })
    expect(answerIn(story, issue)).toContain('no runner took it within 23 hours')
  })

  test('/cancel ends what the thread started, and the budget is what was really used', async () => {
    const { story, issue } = await openTraining(() => () => ({ durationMs: Number.POSITIVE_INFINITY }))
    await says(story, 'tess', issue, '/train adult')
    await story.passes(5 * MINUTE)

    await says(story, 'tess', issue, '/cancel')
    await story.settles(HOUR)

    const budget = await story.ledger.budget()
    expect(budget?.runs[0]?.ended).toMatchObject({ conclusion: 'cancelled' })
    expect(budget?.runs[0]?.ended?.gpu_seconds).toBeLessThan(600)
    expect(
      answersIn(story, issue)
        .map(({ body }) => body)
        .join('\n'),
    ).toContain('Cancelled: cancelled by tess')
  })

  test('somebody without the role cancels nothing, and starts nothing', async () => {
    const { story, runs, issue } = await openTraining(() => () => ({ durationMs: Number.POSITIVE_INFINITY }))
    await says(story, 'tess', issue, '/train adult')
    await story.passes(MINUTE)

    await says(story, 'dana', issue, '/cancel\n\n/train adult epochs=3')

    expect(answerIn(story, issue)).toContain('trainer')
    expect(runs.heavy).toHaveLength(1)
    expect((await story.ledger.budget())?.runs[0]?.ended).toBeNull()
  })

  test('closing the issue cancels what it started (S49)', async () => {
    const { story, issue } = await openTraining(() => () => ({ durationMs: Number.POSITIVE_INFINITY }))
    await says(story, 'tess', issue, '/train adult')
    await story.passes(MINUTE)

    await story.after(closesIssue(story, 'tess', issue))
    await story.settles(HOUR)

    expect((await story.ledger.budget())?.runs[0]?.ended).toMatchObject({ conclusion: 'cancelled' })
  })

  test('a hundred /train in a minute start no run too many, and say why (S49)', async () => {
    // nothing is proposed: it is about runs, and candidates take time to be compared
    const { story, runs, issue } = await openTraining(() => () => ({ durationMs: 10 * MINUTE }), {
      configuration: { training: { ...BUDGET, runs_per_user_per_day: 3, parallel_runs: 2 } },
    })

    for (let n = 0; n < 10; n++)
      await speaks(
        story,
        'tess',
        issue,
        Array.from({ length: 10 }, (_, k) => `/train adult seed=${10 * n + k}`).join('\n'),
      )
    await story.settles()
    await story.settles(2 * HOUR)

    const budget = await story.ledger.budget()
    const spent = budget?.spent.reduce((sum, row) => sum + row.gpu_seconds, 0)
    expect(runs.heavy).toHaveLength(2)
    expect(spent).toBe(600 * runs.heavy.length)
    expect(
      answersIn(story, issue)
        .map(({ body }) => body)
        .join('\n'),
    ).toMatch(/of 3 runs today|of 2 runs are open/)
  })

  test('a run with our title that the ledger knows nothing of is ended', async () => {
    const { story, issue } = await openTraining(
      () => (of) => (of.request.model === 'adult' ? { durationMs: Number.POSITIVE_INFINITY } : {}),
    )
    await says(story, 'tess', issue, '/train fresh')
    await story.settles(HOUR)
    const [ours] = story.world.actions.runs
    const request = { ...JSON.parse(String(ours?.inputs.request)), model: 'adult' }
    const inputs = { request: JSON.stringify(request), correlation: `wb-${'0'.repeat(20)}.1` }
    await story.after(dispatches(story, 'weighbridge[bot]', 'train.yml', inputs))

    await passes(story, 30 * MINUTE, 5 * MINUTE)

    expect(story.world.actions.runs.at(-1)).toMatchObject({ status: 'completed', conclusion: 'cancelled' })
  })

  test('an app that has lost its memory goes on from the ledger alone', async () => {
    const { story, runs, issue } = await openTraining()
    await says(story, 'tess', issue, '/train fresh')
    await story.passes(MINUTE)
    for (const end of ['', '-wal', '-shm']) rmSync(join(story.home.path, `inbox.sqlite${end}`), { force: true })

    await story.restarts()
    await passes(story, HOUR, 10 * MINUTE)

    expect(story.world.actions.runs).toHaveLength(1)
    expect(runs.heavy).toHaveLength(1)
    expect(story.repository.pulls).toHaveLength(1)
    expect(
      answersIn(story, issue)
        .map(({ body }) => body)
        .join(),
    ).toContain('Done: fresh 1.0.0')
    expect(answersIn(story, issue)).toHaveLength(1)
  })

  test('two that end at the same moment get a number each, and a pull request each', async () => {
    const { story, issue } = await openTraining()

    await says(story, 'tess', issue, '/train fresh seed=1\n/train fresh seed=2\n/train fresh seed=3')
    await story.settles(2 * HOUR)

    const runs = (await story.ledger.budget())?.runs ?? []
    const versions = runs.map(({ registered }) => registered?.version)
    expect(versions.toSorted()).toEqual(['1.0.0', '1.0.1', '1.0.2'])
    expect(story.repository.pulls).toHaveLength(3)
  })

  test('the same training is offered instead of done twice, unless it is asked for again', async () => {
    const { story, runs, issue } = await openTraining()
    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    await says(story, 'tess', issue, '/train adult epochs=20')

    expect(answerIn(story, issue)).toMatch(
      /trained exactly this in \[run (\d+)\]\(http\S+\/acme\/risk\/actions\/runs\/\1\) and became version `1.5.0`/,
    )
    expect(runs.heavy).toHaveLength(1)

    const [candidate] = story.repository.pulls
    const path = 'models/adult/versions/1.5.0.yml'
    const record = (await story.repository.file(path, candidate?.head ?? '')) ?? ''
    await story.after(story.repository.commit({ [path]: record }, { by: 'keeper' }))
    await says(story, 'tess', issue, '/train adult')
    expect(answerIn(story, issue)).toContain('trained exactly this in [run ')
    await story.after(story.repository.commit({ 'train.py': 'other' }, { by: 'keeper' }))
    await says(story, 'tess', issue, '/train adult')
    expect(runs.heavy).toHaveLength(2)

    for (const command of ['/train adult epochs=21', '/tune adult trials=2']) {
      await story.restarts()
      story.world.github.forgetCalls()
      await says(story, 'tess', issue, command)
      expect(answerIn(story, issue)).toContain('The last run of adult took 10 minutes.')
      expect(callsBeforeWork(story).length).toBeLessThanOrEqual(8)
    }
  })

  test('what cannot be looked at for long is told, and a run that was started again meanwhile is not believed', async () => {
    let isDown = true
    const { story, issue } = await openTraining(undefined, {
      network: (send) => async (input, init) => {
        const request = new Request(input, init)
        if (isDown && request.url.includes('/artifacts')) throw new TypeError('fetch failed')
        return send(request)
      },
    })
    await says(story, 'tess', issue, '/train adult')
    await passes(story, HOUR)
    expect(answerIn(story, issue)).toContain('Following it failed several times; it is tried again')

    await story.after(startsAgain(story, 'dana'))
    isDown = false
    await passes(story, HOUR, 10 * MINUTE)

    expect(answerIn(story, issue)).toContain('run was started again: this is its attempt 2')
    expect(story.repository.pulls).toEqual([])
  })

  test('what the repository does not allow is refused with what would be right', async () => {
    const parameters = { seed: { type: 'integer', default: 1 } }
    const { story, issue } = await openTraining(undefined, {
      files: { 'models/seedy/model.yml': modelFile('adult', { training: { parameters } }, 'seedy').content.toString() },
    })

    await says(
      story,
      'tess',
      issue,
      ['learning_rate=5 depth=3', 'runner=dgx'].map((words) => `/train adult ${words}\n\n`).join('') +
        '/train adlt\n\n/train seedy seed=3',
    )

    const answer = answerIn(story, issue)
    expect(answer).toContain('Parameters here: learning_rate, epochs')
    expect(answer).toContain('5 is outside 0.001 to 1')
    expect(answer).toContain('runner dgx is not allowed. Runners: gpu')
    expect(answer).toContain('Did you mean adult?')
    expect(answer).toContain('seed is a word of /train itself, and a parameter in model.yml: rename it there.')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('a pull request from a fork trains nothing (S22)', async () => {
    const { story } = await openTraining()
    const fork = await story.repository.forkedBy('dana')
    const pull = await story.after(fork.opensPull({ branch: 'evil', files: { 'train.sh': 'rm -rf /' }, by: 'dana' }))

    await says(story, 'tess', pull.number, '/train adult')

    expect(story.world.actions.runs).toEqual([])
    expect(answerIn(story, pull.number)).toContain('fork')
  })

  test('a push between the comment and the dispatch starts nothing (S24)', async () => {
    const { story, runs, issue } = await openTraining()
    story.before('graphql RepositoryNow', () => story.repository.commit({ 'train.py': 'other' }))

    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    expect(answerIn(story, issue)).toMatch(/Not started: main moved on to `\w+` before `\w+` was dispatched; ask again/)
    expect(story.world.actions.runs).toEqual([])
    expect(runs.heavy).toEqual([])
    expect((await story.ledger.budget())?.runs[0]?.ended).toMatchObject({ conclusion: 'refused', gpu_seconds: 0 })
  })

  test('a run that starts at another commit after all is cancelled and not believed (S25)', async () => {
    const { story, runs, issue } = await openTraining()
    story.before('actions/create-workflow-dispatch', () => story.repository.commit({ 'train.py': 'other' }))

    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    expect(answerIn(story, issue)).toMatch(/its run is not believed: it runs commit/)
    expect(runs.heavy).toEqual([])
    expect(story.repository.pulls).toEqual([])
  })

  test('a run that somebody else dispatches with our looks is never believed, and takes nothing of ours (S25)', async () => {
    const { story, runs, issue } = await openTraining(() => () => ({ durationMs: Number.POSITIVE_INFINITY }))
    await says(story, 'tess', issue, '/train adult')
    const [ours] = story.world.actions.runs

    await story.after(dispatches(story, 'dana', 'train.yml', ours?.inputs ?? {}))
    await passes(story, 10 * MINUTE)

    const budget = await story.ledger.budget()
    expect(story.world.actions.runs).toHaveLength(2)
    expect(runs.heavy).toHaveLength(1)
    expect(budget?.runs).toHaveLength(1)
    expect(budget?.runs[0]?.ended).toBeNull()
  })

  test('a dispatch whose answer is lost is found by its title, and not made twice', async () => {
    const { story, runs, issue } = await openTraining(undefined, { network: losingDispatches(1) })

    await says(story, 'tess', issue, '/train adult')
    await story.settles(HOUR)

    expect(story.world.actions.runs).toHaveLength(1)
    expect(runs.heavy).toHaveLength(1)
    expect(answerIn(story, issue)).toContain('Done: adult 1.5.0')
  })

  test('a dispatch that is made twice all the same reaches one GPU, and the other run ends at its claim', async () => {
    const { story, runs, issue } = await openTraining(undefined, { network: losingDispatches(1), lagging: 60_000 })

    await says(story, 'tess', issue, '/train adult')
    await passes(story, 6 * MINUTE, 15_000)
    await passes(story, HOUR, 10 * MINUTE)

    expect(story.world.actions.runs).toHaveLength(2)
    expect(runs.heavy).toHaveLength(1)
    expect(story.repository.pulls).toHaveLength(1)
    expect(await story.ledger.budget()).toMatchObject({ spent: [{ gpu_seconds: 600, runs: 1 }] })
  })
})

/** What a command asks of GitHub until its reservation stands in the ledger, and to say so; its follower begins then. */
function callsBeforeWork({ world }: Story): readonly string[] {
  const names = world.github.calls.map(({ operation }) => String(operation))
  return [...names.slice(0, names.indexOf('graphql Commit') + 1), 'issues/create-comment']
}

/** Somebody who may write presses "Re-run all jobs". */
async function startsAgain(story: Story, by: string): Promise<void> {
  const [run] = story.world.actions.runs
  await rerun(story.world.github.running, as(story, by), run?.id ?? 0, 'all')
}

/** The dispatch is taken, and its answer never comes. */
function losingDispatches(times: number): NonNullable<StoryOptions['network']> {
  let left = times
  return (send) => async (input, init) => {
    const request = new Request(input, init)
    const answer = await send(request)
    if (!request.url.endsWith('/dispatches') || left-- <= 0) return answer
    throw new TypeError('fetch failed')
  }
}

function bodyOf({ world }: Story, number: number): string {
  const issue = [...world.github.state.issues.values()].find((one) => one.number === number)
  return issue?.body ?? ''
}
