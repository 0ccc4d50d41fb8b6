import type { GitHub, HeardEvent } from '../github-state.ts'
import { matchesPattern } from '../match-pattern.ts'
import { repositoryOf } from '../state/find.ts'
import { isActions } from './actions-app.ts'
import { pullStart } from './pull-trigger.ts'
import { registerWorkflow, workflowsOf } from './register-workflow.ts'
import type { Start } from './run-start.ts'
import { startRun } from './start-run.ts'
import { triggerOf, type WorkflowFile, workflowsAt } from './workflow-file.ts'
import { listOf, textOf, type WrittenMap } from './written.ts'

/** What pull requests start for without being told which. */
const PULL_TYPES = ['opened', 'synchronize', 'reopened']

/** Starts what an event is for; whether anything was. */
export async function startHeard(github: GitHub, event: HeardEvent): Promise<boolean> {
  const repository = github.state.repositories.get(event.repository)
  // it may have been deleted since; and a fork runs nothing before its owner has switched that on
  if (repository === undefined || repository.parent !== null) return false
  if (event.tip !== null) await learn(github, event)
  // what a job does with its own token starts nothing, so that nothing goes round in circles
  if (isActions(event.actor) || event.actor.kind === 'anonymous') return false
  const start = await startOf(github, event)
  if (start === null) return false
  const files = await workflowsAt(github, event.repository, start.sha)
  const mine = []
  for (const file of files) if (await isFor(github, event, file, start)) mine.push(file)
  if (mine.length === 0) return false
  const payload = await event.body()
  for (const file of mine) await startRun(github, event.actor, { ...start, file, event: event.event, payload })
  return true
}

/** A push to the default branch shows which workflows there are. */
async function learn(github: GitHub, { repository, tip }: HeardEvent): Promise<void> {
  const { defaultBranch } = repositoryOf(github.state, repository)
  if (tip?.sha == null || tip.ref !== `refs/heads/${defaultBranch}`) return
  for (const file of await workflowsAt(github, repository, tip.sha)) registerWorkflow(github, repository, file)
}

async function startOf(github: GitHub, event: HeardEvent): Promise<Start | null> {
  if (event.tip !== null) return pushStart(github, event)
  if (event.event === 'pull_request') return pullStart(github, event)
  const { defaultBranch } = repositoryOf(github.state, event.repository)
  const sha = await github.storage.tip(event.repository, `refs/heads/${defaultBranch}`)
  if (sha === null) return null
  const ref = `refs/heads/${defaultBranch}`
  const at = { repository: event.repository, ref, headBranch: defaultBranch, headSha: sha, sha }
  return { ...at, title: event.event, paths: async () => [], branch: null }
}

async function pushStart(github: GitHub, { repository, tip }: HeardEvent): Promise<Start | null> {
  if (tip?.sha == null) return null
  const { sha, ref } = tip
  const commit = await github.storage.commit(repository, sha)
  if (commit === null || /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(commit.message)) return null
  const branch = ref.replace(/^refs\/(?:heads|tags)\//, '')
  const changed = async () => {
    const parent = commit.parents[0] ?? null
    return (await github.storage.changedPaths(repository, parent, sha)).map((one) => one.path)
  }
  const title = commit.message.split('\n')[0] ?? ''
  return { repository, ref, headBranch: branch, headSha: sha, sha, title, paths: changed, branch }
}

async function isFor(github: GitHub, event: HeardEvent, file: WorkflowFile, start: Start): Promise<boolean> {
  const trigger = triggerOf(file, event.event)
  if (trigger === null) return false
  const known = workflowsOf(github, event.repository).find((one) => one.path === file.path)
  if (known?.state === 'disabled_manually') return false
  const types = texts(trigger.types)
  const wanted = types.length > 0 ? types : event.event === 'pull_request' ? PULL_TYPES : null
  if (wanted !== null && (event.action === null || !wanted.includes(event.action))) return false
  if (event.tip !== null && !isOnRef(trigger, start)) return false
  if (event.event === 'pull_request' && !isListed(trigger, 'branches', start.branch)) return false
  return pathsFit(trigger, start)
}

/** With `branches:` alone no tag is meant, and the other way round. */
function isOnRef(trigger: WrittenMap, { ref, branch }: Start): boolean {
  const isTag = ref.startsWith('refs/tags/')
  const names = (kind: string) => `${kind}` in trigger || `${kind}-ignore` in trigger
  if (isTag) return names('tags') ? isListed(trigger, 'tags', branch) : !names('branches')
  return names('branches') ? isListed(trigger, 'branches', branch) : !names('tags')
}

function isListed(trigger: WrittenMap, kind: 'branches' | 'tags' | 'paths', name: string | null): boolean {
  const wanted = texts(trigger[kind])
  const ignored = texts(trigger[`${kind}-ignore`])
  if (name === null) return true
  if (wanted.length > 0) return fits(wanted, name)
  return !fits(ignored, name)
}

/** The last pattern that fits decides; `!` takes out. */
function fits(patterns: readonly string[], name: string): boolean {
  return patterns.reduce(
    (is, one) => (one.startsWith('!') ? is && !matchesPattern(one.slice(1), name) : is || matchesPattern(one, name)),
    false,
  )
}

async function pathsFit(trigger: WrittenMap, start: Start): Promise<boolean> {
  if (trigger.paths === undefined && trigger['paths-ignore'] === undefined) return true
  const paths = await start.paths()
  return paths.some((path) => isListed(trigger, 'paths', path))
}

function texts(written: WrittenMap[string] | undefined): readonly string[] {
  return listOf(written).map((one) => textOf(one) ?? '')
}
