/** The run of GitHub Actions that a process belongs to. */
export interface ActionsRun {
  /** File name, `train.yml`. */
  readonly workflow: string
  readonly id: number
  readonly attempt: number
}

/** Read from the environment that the runner sets; null outside of a run. */
export function actionsRun(env: NodeJS.ProcessEnv = process.env): ActionsRun | null {
  const workflow = /\/\.github\/workflows\/([^/@]+)@/.exec(env.GITHUB_WORKFLOW_REF ?? '')?.[1]
  const [id, attempt] = [Number(env.GITHUB_RUN_ID), Number(env.GITHUB_RUN_ATTEMPT ?? 1)]
  const isRun = workflow !== undefined && Number.isSafeInteger(id) && id > 0 && Number.isSafeInteger(attempt)
  return isRun ? { workflow, id, attempt: Math.max(attempt, 1) } : null
}
