import type { GitHub, HeardEvent } from '../github-state.ts'
import { keyOf } from '../state/find.ts'
import type { Start } from './run-start.ts'
import { makeTestMerge } from './test-merge.ts'

/** A pull request runs what its test merge with the base says; one that cannot be merged runs nothing. */
export async function pullStart(github: GitHub, event: HeardEvent): Promise<Start | null> {
  const body = (await event.body()) as { readonly number: number; readonly pull_request: { readonly title: string } }
  const pull = github.state.pulls.get(keyOf(event.repository, body.number))
  const sha = pull === undefined ? null : await makeTestMerge(github, pull)
  if (pull === undefined || sha === null) return null
  const { repository } = event
  return {
    repository,
    ref: `refs/pull/${pull.number}/merge`,
    headBranch: pull.head.ref,
    headSha: pull.head.sha,
    sha,
    // a fork that is gone is still none of ours
    headRepository: pull.head.repository ?? 0,
    title: body.pull_request.title,
    branch: pull.base.ref,
    paths: async () => {
      const base = await github.storage.mergeBase(repository, pull.base.sha, pull.head.sha)
      return (await github.storage.diff(repository, base, pull.head.sha)).map((one) => one.path)
    },
  }
}
