import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createComment } from '../../../src/world/github/acts/comment.ts'
import { createIssue } from '../../../src/world/github/acts/write-issue.ts'
import { accountOf, commentsOf, findAccount } from '../../../src/world/github/state/find.ts'
import type { World } from '../../../src/world/world.ts'
import { configuration, storeFiles } from '../../support/story-registry.ts'
import {
  BUDGET,
  type HeavyJob,
  preemptedTimes,
  runsTrainings,
  TRAINER_ROLES,
  TRAINING_FILES,
  trained,
} from '../../support/training-runs.ts'
import { FILES, REPOSITORY, type Tale } from './swept-app.ts'

const store = () => join(FILES, REPOSITORY)

/** Tables and artifacts of the training stories, where the app looks for them. */
export function keepTrainingStore(): void {
  for (const { path, content } of storeFiles()) {
    mkdirSync(dirname(join(store(), path)), { recursive: true })
    writeFileSync(join(store(), path), content)
  }
}

/** Heavy jobs that began, for each world by the dispatch that they belong to. */
const begun = new WeakMap<World, readonly string[]>()

function training(command: string, heavyJob: () => HeavyJob): Tale {
  return {
    files: { ...TRAINING_FILES, ...configuration({ roles: TRAINER_ROLES, training: BUDGET }) },
    people: { tess: ['science'] },
    tell: async (repository, settled, world) => {
      begun.set(world, runsTrainings(world, store(), heavyJob()).heavy)
      const { running, state } = world.github
      const tess = findAccount(state, 'tess')
      if (tess === null) throw new Error('tess is not there')
      const actor = { kind: 'user', account: tess } as const
      const { number } = await createIssue(running, actor, { repository: repository.id, title: 'A better model' })
      await settled()
      await createComment(running, actor, { repository: repository.id, number, body: command })
      await settled()
    },
    also: (world) => seenOf(world),
  }
}

/** What people see of a training, whatever its run's number is. */
function seenOf(world: World) {
  const { state } = world.github
  const { id } = [...state.repositories.values()].find(({ name }) => name === 'risk') ?? { id: 0 }
  const numberless = (text: string) =>
    text.replace(/actions\/runs\/\d+/g, 'actions/runs/N').replace(/id: \d{3,}/g, 'id: N')
  const open = world.actions.runs.filter(({ status }) => status !== 'completed')
  const issues = [...state.issues.values()].filter(({ repository }) => repository === id)
  return {
    answers: commentsOf(state, id, 1)
      .filter(({ app }) => app === world.app.id)
      .map(({ body }) => numberless(body)),
    heavy: [...(begun.get(world) ?? [])].sort(),
    open: open.length,
    seconds: secondsOf(world),
    bodies: issues
      .filter(({ isPull }) => isPull)
      .map(({ author, body }) => `${accountOf(state, author).login}: ${numberless(body ?? '')}`),
    checks: [
      ...new Set(
        [...state.runs.values()]
          .filter(({ app, name }) => app === world.app.id && name.startsWith('weighbridge / training'))
          .toSorted((a, b) => a.id - b.id)
          .map(({ name, status, conclusion }) => `${name}: ${conclusion ?? status}`),
      ),
    ].slice(-1),
  }
}

/** What the heavy jobs really took. */
function secondsOf(world: World): number {
  const heavy = world.actions.jobs.filter(({ name }) => name !== 'claim')
  return heavy.reduce(
    (sum, { startedAt, completedAt }) =>
      sum + (startedAt === null || completedAt === null ? 0 : (completedAt - startedAt) / 1000),
    0,
  )
}

export const TRAINING_TALES = {
  'train to candidate pull request': training('/train adult learning_rate=0.02', () =>
    trained(store(), { minutes: 1 }),
  ),
  'preempted once, then trained': training('/train adult', () => preemptedTimes(store(), 1)),
  tune: training('/tune adult trials=3 parallel=3 search=halving', () => trained(store(), { minutes: 1 })),
} as const satisfies Readonly<Record<string, Tale>>
