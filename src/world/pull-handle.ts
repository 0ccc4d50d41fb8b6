import { createComment } from './github/acts/comment.ts'
import { closePull, editPull, markReady, reopenPull } from './github/acts/edit-pull.ts'
import { mergePull } from './github/acts/merge-pull.ts'
import { pushFiles } from './github/acts/push.ts'
import { enqueuePull } from './github/acts/queue-pull.ts'
import { submitReview } from './github/acts/review.ts'
import type { CheckRun, GitHubState, WorldComment } from './github/github-state.ts'
import { commentsOf, issueOf, pullOf, runsOn } from './github/state/find.ts'
import { actorOf, type WorldContext } from './world-context.ts'

/** Files by path: text or bytes, null removes. */
export type ChangedFiles = Readonly<Record<string, string | Uint8Array | null>>

/** A check as people see it on a pull request. */
export interface ShownCheck {
  readonly name: string
  /** Slug of the app that wrote it. */
  readonly app: string
  readonly status: CheckRun['status']
  readonly conclusion: CheckRun['conclusion']
  readonly title: string
  readonly summary: string
  readonly text: string
  readonly annotations: CheckRun['annotations']
  readonly actions: CheckRun['actions']
  readonly externalId: string
  readonly detailsUrl: string | null
}

export interface ShownComment {
  readonly author: string
  readonly body: string
  readonly isMinimised: boolean
}

/** A pull request in the hands of a story: what people do with it, and what they see. */
export interface PullHandle {
  readonly number: number
  /** SHA of its head now. */
  readonly head: string
  readonly state: 'open' | 'closed' | 'merged'
  /** The commit that landed. */
  readonly mergeCommit: string | null
  /** The latest run of each name on the head, whoever wrote it. */
  readonly checks: readonly ShownCheck[]
  check(name: string): ShownCheck | undefined
  readonly comments: readonly ShownComment[]
  /** Pushes to its branch; gives the new head. */
  push(files: ChangedFiles, by: string): Promise<string>
  approve(by: string): Promise<void>
  requestChanges(by: string): Promise<void>
  comment(body: string, by: string): Promise<void>
  mergedBy(by: string, method?: 'merge' | 'squash' | 'rebase'): Promise<string>
  queuedBy(by: string): Promise<void>
  closedBy(by: string): Promise<void>
  reopenedBy(by: string): Promise<void>
  /** Aims at another base. */
  retargetedBy(by: string, base: string): Promise<void>
  readyBy(by: string): Promise<void>
}

export function pullHandle(context: WorldContext, repository: number, number: number): PullHandle {
  const { github } = context
  const { state } = github
  const at = { repository, number }
  const pull = () => pullOf(state, repository, number)
  const does = async <Value>(by: string, act: (actor: ReturnType<typeof actorOf>) => Promise<Value>): Promise<Value> =>
    context.act(() => act(actorOf(context, by)))
  const review = (event: 'APPROVE' | 'REQUEST_CHANGES') => async (by: string) =>
    void (await does(by, (actor) =>
      submitReview(github, actor, { ...at, event, body: event === 'APPROVE' ? '' : 'not yet' }),
    ))
  const checks = () => shownChecks(state, repository, pull().head.sha)
  return {
    number,
    get head() {
      return pull().head.sha
    },
    get state() {
      return pull().mergedAt !== null ? 'merged' : issueOf(state, repository, number).state
    },
    get mergeCommit() {
      return pull().mergedAt === null ? null : pull().mergeCommit
    },
    get checks() {
      return checks()
    },
    check: (name) => checks().find((one) => one.name === name),
    get comments() {
      return commentsOf(state, repository, number).map((comment) => shownComment(state, comment))
    },
    push: (files, by) =>
      does(by, (actor) => {
        const { repository: home, ref } = pull().head
        return pushFiles(github, actor, { repository: home ?? repository, branch: ref, files })
      }),
    approve: review('APPROVE'),
    requestChanges: review('REQUEST_CHANGES'),
    comment: async (body, by) => void (await does(by, (actor) => createComment(github, actor, { ...at, body }))),
    mergedBy: async (by, method = 'merge') =>
      (await does(by, (actor) => mergePull(github, actor, { ...at, method, sha: pull().head.sha }))).sha,
    queuedBy: async (by) => void (await does(by, (actor) => enqueuePull(github, actor, at))),
    closedBy: async (by) => void (await does(by, (actor) => closePull(github, actor, at))),
    reopenedBy: async (by) => void (await does(by, (actor) => reopenPull(github, actor, at))),
    retargetedBy: async (by, base) => void (await does(by, (actor) => editPull(github, actor, { ...at, base }))),
    readyBy: async (by) => void (await does(by, (actor) => markReady(github, actor, at))),
  }
}

/** Latest run of each name and app on a commit. */
export function shownChecks(state: GitHubState, repository: number, sha: string): readonly ShownCheck[] {
  const latest = new Map<string, CheckRun>()
  for (const run of runsOn(state, repository, sha)) {
    const known = latest.get(`${run.app} ${run.name}`)
    if (known === undefined || run.id > known.id) latest.set(`${run.app} ${run.name}`, run)
  }
  return [...latest.values()].map(({ name, app, status, conclusion, output, annotations, actions, ...run }) => ({
    name,
    app: state.apps.get(app)?.slug ?? '',
    status,
    conclusion,
    title: output.title ?? '',
    summary: output.summary ?? '',
    text: output.text ?? '',
    annotations,
    actions,
    externalId: run.externalId,
    detailsUrl: run.detailsUrl,
  }))
}

export function shownComment(state: GitHubState, { author, body, minimised }: WorldComment): ShownComment {
  return { author: state.accounts.get(author)?.login ?? 'ghost', body, isMinimised: minimised !== null }
}
