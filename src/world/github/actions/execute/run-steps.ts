import { BadExpression, evaluate, evaluateCondition, evaluateText } from '../evaluate.ts'
import { mapOf, textOf, type WrittenMap } from '../written.ts'
import { refuse, runScript, type StepRun } from './run-script.ts'
import { evaluationIn, type Scope, type StepEnd } from './step-scope.ts'
import { useAction } from './use-action.ts'

/** Is told of each step of a job; nobody is told of those inside of an action. */
export interface StepWatcher {
  began(index: number): void
  ended(index: number, end: StepEnd): void
}

/** Steps in their order; each looks at those before it, and a failed one leaves only those that asked for it. */
export async function runSteps(scope: Scope, steps: readonly WrittenMap[], watcher: StepWatcher | null): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (scope.room.stop.isGone) return
    watcher?.began(index)
    const end = await runStep(scope, step, index)
    watcher?.ended(index, end)
  }
}

async function runStep(scope: Scope, step: WrittenMap, index: number): Promise<StepEnd> {
  const { log } = scope.room
  log.beginStep()
  const id = textOf(step.id) ?? `__${index}`
  const ended = await attempted(scope, step)
  if (ended === null) {
    scope.steps.set(id, { outputs: {}, outcome: 'skipped', conclusion: 'skipped' })
    return 'skipped'
  }
  const isForgiven = ended.end === 'failure' && (await goesOn(scope, step))
  const conclusion = isForgiven ? 'success' : ended.end
  scope.steps.set(id, { outputs: ended.outputs, outcome: ended.end, conclusion })
  if (conclusion === 'failure') scope.hasFailed = true
  return conclusion
}

/** null when the step's condition says no. */
async function attempted(scope: Scope, step: WrittenMap): Promise<StepRun | null> {
  const { room } = scope
  try {
    const env: Record<string, string> = {}
    // the condition sees the step's own environment too
    for (const [name, value] of Object.entries(mapOf(step.env)))
      env[name] = evaluateText(value, evaluationIn(scope, env))
    const by = evaluationIn(scope, env)
    if (!evaluateCondition(step.if, by)) return null
    const name = titleOf(step, (written) => evaluateText(written, by))
    room.log.write(`##[group]${name}`)
    const minutes = Number(evaluate(step['timeout-minutes'] ?? null, by)) || null
    const timeoutMs = minutes === null ? null : minutes * 60_000
    if (step.uses !== undefined) return await useAction(scope, step, { env, timeoutMs, name })
    const shell = step.shell ?? (scope.action === null ? room.defaults.shell : undefined)
    const folder = step['working-directory'] ?? (scope.action === null ? room.defaults['working-directory'] : undefined)
    return await runScript(room, {
      script: evaluateText(step.run, by),
      shell: shell === undefined ? null : evaluateText(shell, by),
      folder: folder === undefined ? '.' : evaluateText(folder, by),
      env: { ...scope.env, ...actionEnv(scope), ...env },
      timeoutMs,
      name,
    })
  } catch (error) {
    if (error instanceof BadExpression) return refuse(room, error.message)
    throw error
  }
}

function actionEnv({ action }: Scope): Readonly<Record<string, string>> {
  return action === null ? {} : { GITHUB_ACTION_PATH: action.folder }
}

async function goesOn(scope: Scope, step: WrittenMap): Promise<boolean> {
  return evaluate(step['continue-on-error'] ?? false, evaluationIn(scope)) === true
}

/** As GitHub calls a step that has no name. */
export function titleOf(step: WrittenMap, text: (written: WrittenMap[string] | undefined) => string): string {
  if (step.name !== undefined) return text(step.name)
  const said = step.uses === undefined ? text(step.run) : text(step.uses)
  return `Run ${said.trimStart().split('\n')[0] ?? ''}`
}
