import type { ChangedFiles, PullHandle } from '../pull-handle.ts'
import type { RepositoryHandle } from '../repository-handle.ts'
import { changesOf, resolved } from './checkout-files.ts'
import type { FailingCalls } from './failing-calls.ts'
import type { FileChanges, Step } from './scenario.ts'

/** What the steps of a scenario act on. */
export interface Stage {
  readonly repository: RepositoryHandle
  readonly pulls: Map<string, PullHandle>
  readonly failing: FailingCalls
  /** The user's checkout, and the ref that the scenario began from. */
  readonly checkout: string
  readonly ref: string
  passes(ms: number): Promise<void>
  /** Delivers the last webhook of an event once more. */
  redeliver(event: string): Promise<void>
}

type Acts = { readonly [Name in keyof Step]-?: (stage: Stage, input: NonNullable<Step[Name]>) => Promise<unknown> }

const ACTS: Omit<Acts, 'expects'> = {
  opens: open,
  pushes: async (stage, { pull, by, files }) => {
    const handle = pullNamed(stage, pull)
    return handle.push(await changed(stage, files, handle.head), by)
  },
  commits: async (stage, { by, files, branch = stage.repository.defaultBranch }) =>
    stage.repository.commit(await changed(stage, files, branch), { by, branch }),
  approves: (stage, { pull, by }) => pullNamed(stage, pull).approve(by),
  requests_changes: (stage, { pull, by }) => pullNamed(stage, pull).requestChanges(by),
  comments: (stage, { pull, by, text }) => pullNamed(stage, pull).comment(text, by),
  merges: (stage, { pull, by, method }) => pullNamed(stage, pull).mergedBy(by, method),
  queues: (stage, { pull, by }) => pullNamed(stage, pull).queuedBy(by),
  closes: (stage, { pull, by }) => pullNamed(stage, pull).closedBy(by),
  time_passes: (stage, text) => stage.passes(durationMs(text)),
  delivers_twice: (stage, { event }) => stage.redeliver(event),
  call_fails: async (stage, call) => stage.failing.add(call),
}

/** Does what a step says; expectations are not acts. */
export async function actStep(stage: Stage, step: Step): Promise<void> {
  for (const [name, input] of Object.entries(step)) {
    if (name === 'expects') continue
    const act = ACTS[name as keyof typeof ACTS] as (stage: Stage, input: unknown) => Promise<unknown>
    await act(stage, input)
  }
}

async function open(stage: Stage, { branch, by, files = {}, ref, base, title, draft }: NonNullable<Step['opens']>) {
  const target = base ?? stage.repository.defaultBranch
  const fromRef = ref === undefined ? {} : await changesOf(stage.checkout, stage.ref, ref)
  const pull = await stage.repository.opensPull({
    branch,
    by,
    files: { ...fromRef, ...(await changed(stage, files, target)) },
    base: target,
    isDraft: draft ?? false,
    ...(title === undefined ? {} : { title }),
  })
  stage.pulls.set(branch, pull)
}

function changed(stage: Stage, files: FileChanges, at: string): Promise<ChangedFiles> {
  return resolved(stage.checkout, files, (path) => stage.repository.file(path, at))
}

/** The pull request of a branch; the reader of scenarios has checked that it is there. */
export function pullNamed({ pulls }: Pick<Stage, 'pulls'>, branch: string): PullHandle {
  const pull = pulls.get(branch)
  if (pull === undefined) throw new RangeError(`no pull request of ${branch} was opened`)
  return pull
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 0)
}
