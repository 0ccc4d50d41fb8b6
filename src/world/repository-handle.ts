import { addRuleset } from './github/acts/change-repository.ts'
import { createComment } from './github/acts/comment.ts'
import { forkRepository } from './github/acts/create-repository.ts'
import { openPull } from './github/acts/open-pull.ts'
import { pushFiles } from './github/acts/push.ts'
import { createIssue } from './github/acts/write-issue.ts'
import type { RulesetRule } from './github/github-state.ts'
import { commentsOf, fullName, pullsOf, repositoryOf } from './github/state/find.ts'
import { type ChangedFiles, type PullHandle, pullHandle, type ShownComment, shownComment } from './pull-handle.ts'
import { actorOf, KEEPER, type WorldContext } from './world-context.ts'

export interface NewPull {
  readonly branch: string
  readonly files: ChangedFiles
  readonly by: string
  /** Default: the default branch. */
  readonly base?: string
  /** Branch that it starts from; default: the base. */
  readonly from?: string
  readonly title?: string
  readonly body?: string
  readonly isDraft?: boolean
}

export interface Requirements {
  /** Default: the app of this world; null takes a check from anybody. */
  readonly app?: number | null
  /** Branches must be up to date. */
  readonly strict?: boolean
  /** Approvals. */
  readonly reviews?: number
  readonly mergeQueue?: boolean
  readonly branch?: string
  /** The app of this world may pass by. */
  readonly appMayBypass?: boolean
  /** Owners of the organisation may, as the keeper is one. */
  readonly ownersMayBypass?: boolean
}

/** A repository in the hands of a story. */
export interface RepositoryHandle {
  readonly id: number
  /** `acme/models`; another one after a rename. */
  readonly fullName: string
  readonly defaultBranch: string
  readonly pulls: readonly PullHandle[]
  pull(number: number): PullHandle
  /** What a `git push` of these files would do; gives the new commit. */
  commit(
    files: ChangedFiles,
    options?: { readonly by?: string; readonly branch?: string; readonly message?: string },
  ): Promise<string>
  opensPull(pull: NewPull): Promise<PullHandle>
  /** Gives its number. */
  opensIssue(title: string, by: string): Promise<number>
  /** Under an issue or a pull request. */
  comment(number: number, body: string, by: string): Promise<void>
  /** Oldest first. */
  comments(number: number): readonly ShownComment[]
  /** A ruleset: these checks must pass before anything lands. */
  requires(checks: readonly string[], requirements?: Requirements): Promise<void>
  forkedBy(login: string): Promise<RepositoryHandle>
  /** SHA of a branch. */
  tip(branch?: string): Promise<string | null>
  /** A file's text on a branch or at a commit. */
  file(path: string, at?: string): Promise<string | null>
  /** Paths of all files on a branch or at a commit. */
  paths(at?: string): Promise<readonly string[]>
}

/** Where pull requests of a repository go: into itself, or from a fork into the one that it was forked from. */
interface Aim {
  readonly repository: number
  /** `dana:` before the branch of a fork. */
  readonly prefix: string
}

export function repositoryHandle(
  context: WorldContext,
  id: number,
  aim: Aim = { repository: id, prefix: '' },
): RepositoryHandle {
  const { github } = context
  const { state, storage } = github
  const record = () => repositoryOf(state, id)
  const push = (
    by: string,
    input: { readonly branch: string; readonly files: ChangedFiles; readonly message?: string; readonly from?: string },
  ) => context.act(() => pushFiles(github, actorOf(context, by), { repository: id, ...input }))
  const tip = (branch = record().defaultBranch) => storage.tip(id, `refs/heads/${branch}`)
  const commitAt = async (at = record().defaultBranch) => (/^[0-9a-f]{40}$/.test(at) ? at : tip(at))
  return {
    id,
    get fullName() {
      return fullName(state, record())
    },
    get defaultBranch() {
      return record().defaultBranch
    },
    get pulls() {
      return pullsOf(state, id).map(({ number }) => pullHandle(context, id, number))
    },
    pull: (number) => pullHandle(context, id, number),
    commit: (files, { by = KEEPER, branch = record().defaultBranch, message } = {}) =>
      push(by, { branch, files, ...(message === undefined ? {} : { message }) }),
    async opensPull(pull) {
      const { base = repositoryOf(state, aim.repository).defaultBranch, by, branch } = pull
      await push(by, { branch, files: pull.files, from: pull.from ?? base })
      return opened(context, aim.repository, { ...pull, base, head: aim.prefix + branch })
    },
    async opensIssue(title, by) {
      const actor = actorOf(context, by)
      return (await context.act(() => createIssue(github, actor, { repository: id, title }))).number
    },
    async comment(number, body, by) {
      await context.act(() => createComment(github, actorOf(context, by), { repository: id, number, body }))
    },
    comments: (number) => commentsOf(state, id, number).map((comment) => shownComment(state, comment)),
    requires: (checks, requirements = {}) => protect(context, id, checks, requirements),
    async forkedBy(login) {
      const actor = actorOf(context, login)
      const fork = await context.act(() => forkRepository(github, actor, { repository: id }))
      return repositoryHandle(context, fork.id, { repository: id, prefix: `${login}:` })
    },
    tip,
    async file(path, at) {
      const sha = await commitAt(at)
      const entry = sha === null ? null : await storage.entry(id, sha, path)
      return entry === null ? null : ((await storage.blob(id, entry.oid))?.toString() ?? null)
    },
    async paths(at) {
      const sha = await commitAt(at)
      const commit = sha === null ? null : await storage.commit(id, sha)
      return commit === null ? [] : (await storage.list(id, commit.tree)).map(({ path }) => path)
    },
  }
}

async function opened(
  context: WorldContext,
  repository: number,
  { by, title, body, isDraft = false, base, head }: NewPull & { readonly base: string; readonly head: string },
): Promise<PullHandle> {
  const input = {
    repository,
    base,
    head,
    title: title ?? head,
    isDraft,
    ...(body === undefined ? {} : { body }),
  }
  const pull = await context.act(() => openPull(context.github, actorOf(context, by), input))
  return pullHandle(context, repository, pull.number)
}

async function protect(
  context: WorldContext,
  repository: number,
  checks: readonly string[],
  {
    app = context.app?.id ?? null,
    strict = false,
    reviews = 0,
    mergeQueue = false,
    branch,
    appMayBypass = false,
    ownersMayBypass = false,
  }: Requirements,
): Promise<void> {
  const rules = [checksRule(checks, app, strict), ...reviewsRule(reviews), ...queueRule(mergeQueue)]
  const own = { actor_id: context.app?.id ?? null, actor_type: 'Integration', bypass_mode: 'pull_request' } as const
  const owners = { actor_id: null, actor_type: 'OrganizationAdmin', bypass_mode: 'always' } as const
  const bypass = [...(appMayBypass ? [own] : []), ...(ownersMayBypass ? [owners] : [])]
  await context.act(() =>
    addRuleset(context.github, repository, {
      name: `what ${branch ?? 'the default branch'} requires`,
      include: [branch === undefined ? '~DEFAULT_BRANCH' : `refs/heads/${branch}`],
      bypass,
      rules,
    }),
  )
}

function checksRule(checks: readonly string[], app: number | null, strict: boolean): RulesetRule {
  const required = checks.map((context) => ({ context, ...(app === null ? {} : { integration_id: app }) }))
  return {
    type: 'required_status_checks',
    parameters: { strict_required_status_checks_policy: strict, required_status_checks: required },
  }
}

function reviewsRule(count: number): readonly RulesetRule[] {
  if (count === 0) return []
  const parameters = {
    required_approving_review_count: count,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
  }
  return [{ type: 'pull_request', parameters }]
}

function queueRule(isOn: boolean): readonly RulesetRule[] {
  if (!isOn) return []
  const parameters = {
    merge_method: 'MERGE',
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 0,
    check_response_timeout_minutes: 60,
  } as const
  return [{ type: 'merge_queue', parameters }]
}
