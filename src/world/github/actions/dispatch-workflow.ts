import { announce } from '../announce.ts'
import { type Actor, type GitHub, Refusal, type WorkflowRun, type WorldWorkflow } from '../github-state.ts'
import { notFound, repositoryOf } from '../state/find.ts'
import { dispatchInputs } from './dispatch-inputs.ts'
import { registerDefault, workflowsOf } from './register-workflow.ts'
import { startRun } from './start-run.ts'
import { triggerOf, type WorkflowFile, workflowAt } from './workflow-file.ts'

export interface Dispatch {
  readonly repository: number
  /** Its id, or the name of its file. */
  readonly workflow: string
  /** A branch or a tag, in full or not. */
  readonly ref: string
  readonly inputs: Readonly<Record<string, unknown>>
}

/** By id, or by the name of a file that is on the default branch. */
export async function workflowNamed(github: GitHub, repository: number, name: string): Promise<WorldWorkflow> {
  await registerDefault(github, repository)
  const found = workflowsOf(github, repository).find(
    (one) => String(one.id) === name || one.path === `.github/workflows/${name}` || one.path === name,
  )
  if (found === undefined) throw notFound()
  return found
}

/**
 * Starts a workflow by hand.
 *
 * @throws {Refusal} 404 for a workflow that the default branch does not have; 422 for a ref that is neither branch nor
 * tag, a file at it that cannot be started by hand, and inputs that it does not declare, misses or cannot take
 */
export function dispatchWorkflow(github: GitHub, actor: Actor, input: Dispatch): Promise<WorkflowRun> {
  return github.actions.inTurn(async () => {
    const { repository } = input
    const workflow = await workflowNamed(github, repository, input.workflow)
    if (workflow.state !== 'active')
      throw new Refusal(422, `Cannot trigger a 'workflow_dispatch' on a disabled workflow`)
    await mustBeDefault(github, workflow)
    const { ref, sha } = await refNamed(github, repository, input.ref)
    const file = await startable(github, workflow, sha)
    const inputs = dispatchInputs(triggerOf(file, 'workflow_dispatch') ?? {}, input.inputs)
    const payload = { inputs, ref, workflow: workflow.path }
    await announce(github, actor, { event: 'workflow_dispatch', action: null, repository, body: () => payload })
    const run = await startRun(github, actor, {
      repository,
      file,
      event: 'workflow_dispatch',
      payload,
      inputs,
      ref,
      headBranch: ref.replace(/^refs\/(?:heads|tags)\//, ''),
      headSha: sha,
      sha,
      title: file.name,
    })
    github.actions.advance()
    return run
  })
}

async function mustBeDefault(github: GitHub, { repository, path }: WorldWorkflow): Promise<void> {
  const { defaultBranch } = repositoryOf(github.state, repository)
  const tip = await github.storage.tip(repository, `refs/heads/${defaultBranch}`)
  if (tip === null || (await github.storage.entry(repository, tip, path)) === null) throw notFound()
}

async function refNamed(github: GitHub, repository: number, name: string): Promise<{ ref: string; sha: string }> {
  const refs = /^refs\/(?:heads|tags)\//.test(name) ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`]
  for (const ref of refs) {
    const tip = await github.storage.tip(repository, ref)
    const sha = tip === null ? null : await peeled(github, repository, tip)
    if (sha !== null) return { ref, sha }
  }
  throw new Refusal(422, `No ref found for: ${name}`)
}

/** The commit behind an annotated tag. */
async function peeled(github: GitHub, repository: number, oid: string): Promise<string | null> {
  const object = await github.storage.object(repository, oid)
  if (object?.type !== 'tag') return oid
  return /^object ([0-9a-f]{40})$/m.exec(object.bytes.toString('utf8'))?.[1] ?? null
}

async function startable(github: GitHub, workflow: WorldWorkflow, sha: string): Promise<WorkflowFile> {
  const file = await workflowAt(github, workflow.repository, sha, workflow.path)
  if (file === null) throw new Refusal(422, `Workflow does not exist at this ref: ${workflow.path}`)
  if (file.problems.length > 0) throw new Refusal(422, `failed to parse workflow: ${file.problems.join('\n')}`)
  if (triggerOf(file, 'workflow_dispatch') === null)
    throw new Refusal(422, `Workflow does not have 'workflow_dispatch' trigger`)
  return file
}
