import { closePull, editPull, reopenPull } from '../../acts/edit-pull.ts'
import { mergePull } from '../../acts/merge-pull.ts'
import { openPull } from '../../acts/open-pull.ts'
import type { WorldPull } from '../../github-state.ts'
import { mergeableNow, mergeStateStatus } from '../../merge-state.ts'
import { accountOf, issueOf, pullOf, pullsOf } from '../../state/find.ts'
import { commitBody } from '../../webhooks/bodies/commit-body.ts'
import { pullBody, shortPullBody } from '../../webhooks/bodies/pull-body.ts'
import { fileBodies } from '../bodies/file-body.ts'
import { listed, pageOf } from '../paging.ts'
import { created, found, notFound, nothing, ok, type RestCall, type RestHandler } from '../rest-call.ts'

/** Lists of a pull request end here, whatever page is asked for. */
const MOST_FILES = 3_000
const MOST_COMMITS = 250

export const pullRoutes = {
  'pulls/list': (call) => listed(call, chosen(call), (pull) => shortPullBody(call.github.state, pull)),
  'pulls/get': async (call) => ok(await wholeBody(call, pullIn(call))),
  'pulls/create': async (call) => {
    const body = call.body as unknown as NewPullBody
    const pull = await openPull(call.github, call.actor, {
      repository: call.repository.id,
      title: body.title ?? '',
      body: body.body ?? null,
      head: body.head,
      base: body.base,
      isDraft: body.draft ?? false,
      maintainerCanModify: body.maintainer_can_modify ?? true,
    })
    return created(await wholeBody(call, pull))
  },
  'pulls/update': update,
  'pulls/list-files': async (call) => {
    const { github, repository } = call
    const pull = pullIn(call)
    const from = await github.storage.mergeBase(repository.id, pull.base.sha, pull.head.sha)
    const files = (await github.storage.diff(repository.id, from, pull.head.sha)).slice(0, MOST_FILES)
    const { items, headers } = pageOf(call, files)
    return { status: 200, headers, body: await fileBodies(github, { repository, from, to: pull.head.sha }, items) }
  },
  'pulls/list-commits': async (call) => {
    const { github, repository } = call
    const pull = pullIn(call)
    const from = await github.storage.mergeBase(repository.id, pull.base.sha, pull.head.sha)
    const shas = (await github.storage.commitsBetween(repository.id, from, pull.head.sha)).slice(0, MOST_COMMITS)
    const shown = async (sha: string) =>
      commitBody(github, repository.id, found(await github.storage.commit(repository.id, sha)))
    return listed(call, shas, shown)
  },
  'pulls/check-if-merged': (call) => {
    if (pullIn(call).mergedAt === null) throw notFound()
    return nothing()
  },
  'pulls/merge': async (call) => {
    const { sha, merge_method: method, commit_title: title, commit_message: message } = call.body as MergeBody
    const merged = await mergePull(call.github, call.actor, {
      repository: call.repository.id,
      number: pullIn(call).number,
      ...(sha === undefined ? {} : { sha }),
      ...(method === undefined ? {} : { method }),
      ...(title === undefined ? {} : { title }),
      ...(message === undefined ? {} : { message }),
    })
    return ok({ sha: merged.sha, merged: true, message: 'Pull Request successfully merged' })
  },
} satisfies Readonly<Record<string, RestHandler>>

interface NewPullBody {
  readonly title?: string
  readonly body?: string
  readonly head: string
  readonly base: string
  readonly draft?: boolean
  readonly maintainer_can_modify?: boolean
}

interface MergeBody {
  readonly sha?: string
  readonly merge_method?: 'merge' | 'squash' | 'rebase'
  readonly commit_title?: string
  readonly commit_message?: string
}

export function pullIn(call: RestCall): WorldPull {
  return pullOf(call.github.state, call.repository.id, Number(call.params.pull_number))
}

async function wholeBody({ github }: RestCall, pull: WorldPull) {
  const mergeable = await mergeableNow(github, pull.repository, pull.number)
  const now = pullOf(github.state, pull.repository, pull.number)
  const state = (await mergeStateStatus(github, now, mergeable)).toLowerCase()
  return pullBody(github, now, { mergeable, state })
}

/** Open ones unless asked otherwise, newest first. */
function chosen(call: RestCall): readonly WorldPull[] {
  const { github, query, repository } = call
  const { state = 'open', base, head, sort = 'created' } = query
  const direction = query.direction ?? (sort === 'created' ? 'desc' : 'asc')
  const all = pullsOf(github.state, repository.id)
    .filter((pull) => state === 'all' || issueOf(github.state, repository.id, pull.number).state === state)
    .filter((pull) => base === undefined || pull.base.ref === base)
    .filter(
      (pull) => head === undefined || head === `${accountOf(github.state, pull.head.owner).login}:${pull.head.ref}`,
    )
  return direction === 'desc' ? [...all].reverse() : all
}

async function update(call: RestCall) {
  const { github, actor } = call
  const { repository, number } = pullIn(call)
  const { state, title, body, base } = call.body as Readonly<Record<string, string | undefined>>
  await editPull(github, actor, {
    repository,
    number,
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(base === undefined ? {} : { base }),
  })
  if (state === 'closed') await closePull(github, actor, { repository, number })
  if (state === 'open') await reopenPull(github, actor, { repository, number })
  return ok(await wholeBody(call, pullIn(call)))
}
