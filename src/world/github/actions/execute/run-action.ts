import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { evaluateCondition, evaluateText } from '../evaluate.ts'
import { listOf, mapOf, textOf, type WrittenMap } from '../written.ts'
import { refuse, runCommand, type StepRun } from './run-script.ts'
import { type ActionUse, evaluationIn, type Scope } from './step-scope.ts'

export interface FoundAction {
  readonly action: WrittenMap
  readonly folder: string
  readonly inputs: Readonly<Record<string, string>>
  readonly use: ActionUse
}

/** Actions may use actions, but not without end. */
const DEEPEST = 10

/** Its steps see each other and its inputs, and nothing of the job's steps. */
export async function runComposite(outer: Scope, { action, folder, inputs, use }: FoundAction): Promise<StepRun> {
  const { room } = outer
  const depth = (outer.action?.depth ?? 0) + 1
  if (depth > DEEPEST) return refuse(room, `Composite actions go deeper than ${DEEPEST}`)
  const scope: Scope = {
    room,
    steps: new Map(),
    action: { inputs, folder, depth },
    env: { ...outer.env, ...use.env },
    hasFailed: false,
    runInner: outer.runInner,
  }
  await outer.runInner(scope, listOf(mapOf(action.runs).steps).map(mapOf))
  const by = evaluationIn(scope)
  const outputs = Object.entries(mapOf(action.outputs)).map(
    ([key, one]) => [key, evaluateText(mapOf(one).value, by)] as const,
  )
  const end = scope.hasFailed ? 'failure' : room.stop.reason === null ? 'success' : 'cancelled'
  return { end, outputs: Object.fromEntries(outputs) }
}

/** Its main program, with what it left to be done after the job's own steps. */
export async function runNode(scope: Scope, found: FoundAction): Promise<StepRun> {
  const runs = mapOf(found.action.runs)
  const env = { ...scope.env, ...found.use.env, ...inputVariables(found.inputs), GITHUB_ACTION_PATH: found.folder }
  const program = (name: string, extra: Readonly<Record<string, string>> = {}) =>
    runCommand(scope.room, {
      command: process.execPath,
      args: [join(found.folder, name)],
      folder: '.',
      env: { ...env, ...extra },
      timeoutMs: found.use.timeoutMs,
      name: found.use.name,
    })
  const before = textOf(runs.pre)
  if (before !== null) await program(before)
  const main = textOf(runs.main) ?? ''
  if (!existsSync(join(found.folder, main))) return refuse(scope.room, `File not found: '${join(found.folder, main)}'`)
  const ended = await program(main)
  const post = textOf(runs.post)
  if (post !== null)
    scope.room.posts.push({
      name: `Post ${found.use.name}`,
      run: async () => {
        const state = Object.entries(ended.state ?? {}).map(([name, value]) => [`STATE_${name}`, value])
        if (evaluateCondition(runs['post-if'] ?? 'always()', evaluationIn(scope)))
          await program(post, Object.fromEntries(state))
      },
    })
  return ended
}

function inputVariables(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}
