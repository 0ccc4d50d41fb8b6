import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SETS } from '../../support/fixture-sets.ts'
import { openStory, type Story, type StoryOptions } from '../../support/github-world.ts'
import { stored, storedTable } from '../../support/registry-files.ts'
import { answerIn, answersIn, opensIssue, says } from '../../support/story-talk.ts'
import {
  BUDGET,
  type HeavyJob,
  runsTrainings,
  TRAINER_ROLES,
  TRAINING_FILES,
  trained,
} from '../../support/training-runs.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

async function openSearch(heavyJob?: (story: Story) => HeavyJob, options: StoryOptions = {}) {
  const { configuration, ...more } = options
  const story = await openStory({
    configuration: { roles: TRAINER_ROLES, training: BUDGET, ...configuration },
    files: TRAINING_FILES,
    people: { tess: { teams: ['science'] } },
    requires: null,
    ...more,
  })
  const runs = runsTrainings(story.world, story.store, heavyJob?.(story))
  const issue = await opensIssue(story, 'tess', 'A better model')
  await story.settles()
  return { story, runs, issue }
}

describe('/tune', { timeout: 120_000 }, () => {
  test('trials run on many machines, and the best one alone becomes a candidate and sees the exam', async () => {
    const { story, runs, issue } = await openSearch(undefined, {
      configuration: { training: { ...BUDGET, parallel_trials: 2 } },
    })

    await says(story, 'tess', issue, '/tune adult trials=8 parallel=4 search=sobol')
    await story.settles(2 * HOUR)

    const answer = answerIn(story, issue)
    expect(runs.heavy).toHaveLength(8)
    expect(story.repository.pulls).toHaveLength(1)
    expect(await story.ledger.kinds()).toEqual(['dispatched', 'ended', 'registered', 'looked'])
    expect(await story.ledger.budget()).toMatchObject({ spent: [{ gpu_seconds: 4800 }] })
    expect(answer).toContain('(won)')
    expect(answer).toContain('Search: sobol, 2 at once, over learning_rate')
  })

  test('successive halving goes on with the best third of each rung, also after a restart of the app', async () => {
    const { story, runs, issue } = await openSearch()

    await says(story, 'tess', issue, '/tune adult trials=9 parallel=9 search=halving')
    await story.passes(4 * MINUTE)
    expect(answerIn(story, issue)).toContain('this run may take 13')
    expect(answerIn(story, issue)).toContain('Running: 0 of 9 trials have ended, 9 at work, the longest for')
    await story.settles(7 * MINUTE)
    await story.restarts()
    await story.settles(2 * HOUR)

    const answer = answersIn(story, issue)
      .map(({ body }) => body)
      .join('\n')
    expect(runs.heavy).toHaveLength(9 + 3 + 1)
    expect(story.repository.pulls).toHaveLength(1)
    expect((await story.ledger.kinds()).filter((kind) => kind === 'looked')).toHaveLength(1)
    expect(answer).toContain('Done: adult')
  })

  test('a search that has found what is good enough begins no further trial, and its winner is the candidate', async () => {
    const { story, runs, issue } = await openSearch()

    await says(story, 'tess', issue, '/tune adult trials=8 parallel=2 target=0.85')
    for (let minutes = 0; minutes < 30; minutes += 2) await story.passes(2 * MINUTE)

    expect(runs.heavy.length).toBeLessThan(8)
    expect(story.repository.pulls).toHaveLength(1)
    expect(answerIn(story, issue)).toContain('It ended early')
  })

  test('a search that could not be paid for to its end is not begun', async () => {
    const { story, runs, issue } = await openSearch(undefined, {
      configuration: { training: { gpu_hours_per_month: 10, gpu_hours_per_run: 1 } },
    })

    await says(story, 'tess', issue, '/tune adult trials=9 search=halving')

    expect(answerIn(story, issue)).toContain('0 of 10 GPU hours')
    expect(runs.heavy).toEqual([])
  })

  test('trials that were ranked on the exam choose nothing, and no candidate comes of them', async () => {
    const { story, issue } = await openSearch(({ store }) => rankedOn(store, storedTable(SETS.adult.exam).reference))

    await says(story, 'tess', issue, '/tune adult trials=4')
    await story.settles(2 * HOUR)

    expect(answerIn(story, issue)).toContain('the validation data is the exam, which no trial may be chosen by')
    expect(story.repository.pulls).toEqual([])
    expect(await story.ledger.kinds()).toEqual(['dispatched', 'ended'])
  })

  test('a winner that was ranked on rows of the exam in a file of another name is refused before it sees the exam', async () => {
    // row 1 is one of the exam's
    const { file, reference } = stored('data/held-out.csv', 'row_id,label\n1,0\n2,1\n')
    const { story, issue } = await openSearch(({ store }) => {
      writeFileSync(join(store, file.path), file.content)
      return rankedOn(store, reference)
    })

    await says(story, 'tess', issue, '/tune adult trials=2')
    await story.settles(2 * HOUR)

    expect(answerIn(story, issue)).toContain('- validation.data: holds rows of the exam: 50.0 percent by id.')
    expect(story.repository.pulls).toEqual([])
    expect(await story.ledger.kinds()).toEqual(['dispatched', 'ended'])
  })

  test('trials that fail or answer something else than was asked are left out; the others go on', async () => {
    const { story, issue } = await openSearch(({ store }) => {
      const well = trained(store)
      return (of) =>
        of.trial?.trial === 0 ? { conclusion: 'failure', durationMs: MINUTE } : of.trial?.trial === 1 ? {} : well(of)
    })

    await says(story, 'tess', issue, '/tune adult trials=4')
    await story.settles(2 * HOUR)

    expect(answerIn(story, issue).match(/\| failed \|/g)).toHaveLength(2)
    expect(story.repository.pulls).toHaveLength(1)
  })
})

/** Proposals whose validation rows are these. */
function rankedOn(store: string, data: { readonly uri: string; readonly digest: string }): HeavyJob {
  const well = trained(store)
  return (of) => {
    const job = well(of)
    const artifacts = Object.fromEntries(
      Object.entries(job.artifacts ?? {}).map(([name, files]) => {
        const proposal = JSON.parse(String(files['proposal.json']))
        const validation = { ...proposal.validation, data: { ...data, rows: 2 } }
        return [name, { 'proposal.json': JSON.stringify({ ...proposal, validation }) }]
      }),
    )
    return { ...job, artifacts }
  }
}
