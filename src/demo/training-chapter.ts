import { fileURLToPath } from 'node:url'
import { writeFiles } from '../adapters/checkout/new-repository.ts'
import { ROLL_UP } from '../checks/check-names.ts'
import type { PullHandle, ShownCheck } from '../world/pull-handle.ts'
import type { RepositoryHandle } from '../world/repository-handle.ts'
import { storeFiles } from './adult-registry.ts'
import { APPROVER, AUTHOR, type DemoWorld, PROMOTER, TRAINER } from './demo-world.ts'
import { trainingFiles } from './training-files.ts'

const REPOSITORY = 'acme/census'
const ACTION = { 'weighbridge/weighbridge': fileURLToPath(new URL('../../', import.meta.url)) }

/** The app looks at a run every two minutes, should nobody tell it. */
const LOOKS_AGAIN_MS = 600_000

/** A comment, and what the app has answered to it in the end. */
export interface Said {
  readonly by: string
  readonly command: string
  readonly answer: string
}

/** A pull request of the app, as it stands in the end. */
export interface OwnPull {
  readonly pull: PullHandle
  readonly title: string
  readonly checks: readonly ShownCheck[]
  readonly approvedBy: string | null
}

export interface ToldChapter {
  /** Somebody without the role, then the trainer. */
  readonly refused: Said
  readonly trained: Said
  readonly run: {
    readonly title: string
    readonly jobs: readonly { readonly name: string; readonly conclusion: string }[]
  }
  readonly candidate: OwnPull | null
  readonly asked: Said | null
  readonly promotion: OwnPull | null
  /** Version that production serves in the end, as its manifest says. */
  readonly serves: string
  readonly asTold: boolean
}

/**
 * Training in comments: dana may not, tess may; a runner of this machine trains for real; the candidate is weighed and
 * recorded; pat asks for its promotion, erin approves it, and the app merges it.
 */
export async function tellTraining(demo: DemoWorld): Promise<ToldChapter> {
  const repository = await openCensus(demo)
  const issue = await repository.opensIssue('A fresher model', TRAINER)
  const says = async (by: string, command: string): Promise<Said> => {
    await repository.comment(issue, command, by)
    await demo.settles(LOOKS_AGAIN_MS)
    return { by, command, answer: repository.comments(issue).at(-1)?.body ?? '' }
  }
  const refused = await says(AUTHOR, '/train adult epochs=30')
  const trained = await says(TRAINER, '/train adult epochs=30')
  const candidate = await ownPull(demo, repository)
  const version = /(\d+\.\d+\.\d+)/.exec(candidate?.title ?? '')?.[1] ?? null
  const asked = version === null ? null : await says(PROMOTER, `/promote adult@${version} production`)
  const promotion = asked === null ? null : await ownPull(demo, repository, candidate?.pull.number)
  const serves = await servedBy(repository)
  const came = { refused, trained, run: runOf(demo), candidate, asked, promotion, serves }
  return { ...came, asTold: cameOutAsTold(came, version) }
}

/** Another repository of the same people, in which training is set up. */
async function openCensus({ world, storeOf, settles }: DemoWorld): Promise<RepositoryHandle> {
  const files = (await trainingFiles()).map(({ path, content }) => [path, content])
  const repository = await world.repository(REPOSITORY, { files: Object.fromEntries(files) })
  await repository.requires([ROLL_UP])
  await writeFiles(storeOf(REPOSITORY), await storeFiles())
  world.actions.variables(REPOSITORY, { STORE: `${storeOf(REPOSITORY)}/.weighbridge/store` })
  world.actions.runner({ actions: ACTION })
  await settles()
  return repository
}

/** The newest pull request; where only a person's word is missing, erin gives it. */
async function ownPull(demo: DemoWorld, repository: RepositoryHandle, after = 0): Promise<OwnPull | null> {
  const pull = repository.pulls.findLast(({ number }) => number > after)
  if (pull === undefined) return null
  const waits = pull.state === 'open' && pull.check(ROLL_UP)?.conclusion === 'action_required'
  if (waits) {
    await pull.approve(APPROVER)
    await demo.settles()
  }
  if (pull.state === 'open' && pull.check(ROLL_UP)?.conclusion === 'success') {
    await pull.mergedBy(APPROVER)
    await demo.settles()
  }
  const { title } = demo.world.github.state.issues.get(`${repository.id}#${pull.number}`) ?? { title: '' }
  return { pull, title, checks: pull.checks, approvedBy: waits ? APPROVER : null }
}

function runOf({ world }: DemoWorld): ToldChapter['run'] {
  const { runs, jobs } = world.actions
  const run = runs.findLast(({ event }) => event === 'workflow_dispatch')
  const own = jobs.filter((job) => job.run === run?.id)
  return {
    title: run?.displayTitle ?? '',
    jobs: own.map(({ name, conclusion }) => ({ name, conclusion: conclusion ?? '' })),
  }
}

async function servedBy(repository: RepositoryHandle): Promise<string> {
  const manifest = (await repository.file('deploy/production/adult.yml')) ?? ''
  return /weighbridge\.dev\/version: "?([^"\n]+)/.exec(manifest)?.[1] ?? ''
}

function cameOutAsTold(came: Omit<ToldChapter, 'asTold'>, version: string | null): boolean {
  const { refused, run, candidate, promotion, serves } = came
  return (
    refused.answer.includes('role trainer') &&
    run.jobs.every(({ conclusion }) => conclusion === 'success') &&
    candidate?.pull.state === 'merged' &&
    promotion?.pull.state === 'merged' &&
    version !== null &&
    serves === version
  )
}
