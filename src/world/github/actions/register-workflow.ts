import type { GitHub, WorldWorkflow } from '../github-state.ts'
import { repositoryOf, takeId } from '../state/find.ts'
import { type WorkflowFile, workflowsAt } from './workflow-file.ts'

/** A workflow as the repository knows it, from the first time that its file was seen. */
export function registerWorkflow(github: GitHub, repository: number, file: WorkflowFile): WorldWorkflow {
  const { state } = github
  const known = workflowsOf(github, repository).find((one) => one.path === file.path)
  const now = github.clock.now()
  if (known?.name === file.name) return known
  const workflow: WorldWorkflow = {
    id: takeId(state),
    repository,
    path: file.path,
    state: 'active',
    nextRun: 1,
    createdAt: now,
    ...known,
    name: file.name,
    updatedAt: now,
  }
  state.workflows.set(workflow.id, workflow)
  return workflow
}

export function workflowsOf(github: GitHub, repository: number): readonly WorldWorkflow[] {
  return [...github.state.workflows.values()].filter((one) => one.repository === repository)
}

/** Knows the workflows that the default branch has. */
export async function registerDefault(github: GitHub, repository: number): Promise<void> {
  const { defaultBranch } = repositoryOf(github.state, repository)
  const tip = await github.storage.tip(repository, `refs/heads/${defaultBranch}`)
  if (tip === null) return
  for (const file of await workflowsAt(github, repository, tip)) registerWorkflow(github, repository, file)
}
