import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Evaluation } from '../evaluate.ts'
import type { WrittenMap } from '../written.ts'
import type { JobRoom } from './job-room.ts'

export type StepEnd = 'success' | 'failure' | 'cancelled' | 'skipped'

/** `steps.<id>`: what a step left. */
export interface StepRecord {
  readonly outputs: Readonly<Record<string, string>>
  /** Before `continue-on-error`. */
  readonly outcome: StepEnd
  readonly conclusion: StepEnd
}

/** Steps that see each other: those of a job, or those of one composite action. */
export interface Scope {
  readonly room: JobRoom
  readonly steps: Map<string, StepRecord>
  /** Of a composite action: its inputs; null for a job. */
  readonly action: {
    readonly inputs: Readonly<Record<string, string>>
    readonly folder: string
    /** 1 for an action of the job itself. */
    readonly depth: number
  } | null
  /** `env:` of the step that called the action. */
  readonly env: Readonly<Record<string, string>>
  hasFailed: boolean
  /** Runs the steps of an action that is used here. */
  readonly runInner: (inner: Scope, steps: readonly WrittenMap[]) => Promise<void>
}

/** What the step that uses an action says of it. */
export interface ActionUse {
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
  readonly name: string
}

/** What expressions of a step see. */
export function evaluationIn(scope: Scope, stepEnv: Readonly<Record<string, string>> = {}): Evaluation {
  const { room, action } = scope
  const { isCancelled } = room.stop
  const env = { ...Object.fromEntries(room.env), ...scope.env, ...stepEnv }
  const github = room.contexts.github as Readonly<Record<string, unknown>>
  return {
    contexts: {
      ...room.contexts,
      ...(action === null
        ? {}
        : { inputs: action.inputs, github: { ...github, action_path: action.folder }, secrets: {} }),
      env,
      steps: Object.fromEntries(scope.steps),
      job: { status: isCancelled ? 'cancelled' : scope.hasFailed ? 'failure' : 'success' },
    },
    standing: { hasFailed: scope.hasFailed, isCancelled },
    hashFiles: (...patterns) => hashFiles(room.folders.workspace, patterns),
  }
}

/** SHA-256 over the SHA-256 of each file; nothing for no file. */
function hashFiles(workspace: string, patterns: readonly string[]): string {
  const wanted = patterns.filter((one) => !one.startsWith('!'))
  const exclude = patterns.filter((one) => one.startsWith('!')).map((one) => one.slice(1))
  const paths = globSync(wanted, { cwd: workspace, exclude })
    .filter((path) => statSync(join(workspace, path)).isFile())
    .sort()
  if (paths.length === 0) return ''
  const all = createHash('sha256')
  for (const path of paths)
    all.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, path)))
        .digest(),
    )
  return all.digest('hex')
}
