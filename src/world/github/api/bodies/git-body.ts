import { nodeId } from '../../node-id.ts'
import type { GitCommit } from '../../storage/git-storage.ts'
import { commitBody } from '../../webhooks/bodies/commit-body.ts'
import { repositoryUrl } from '../../webhooks/bodies/repository-body.ts'
import type { RestCall } from '../rest-call.ts'

/** A commit as Git's own object. */
export function gitCommitBody({ github, repository }: RestCall, commit: GitCommit) {
  const { sha, node_id, html_url, parents, commit: inner } = commitBody(github, repository.id, commit)
  const { url, author, committer, message, tree, verification } = inner
  return { sha, node_id, url, html_url, author, committer, message, tree, parents, verification }
}

export async function refBody({ github, repository }: RestCall, ref: string, sha: string) {
  const base = `${repositoryUrl(github.state, repository)}/git`
  const type = (await github.storage.object(repository.id, sha))?.type ?? 'commit'
  return {
    ref,
    node_id: nodeId('Ref', repository.id, ref),
    url: `${base}/${ref}`,
    object: { sha, type, url: `${base}/${type}s/${sha}` },
  }
}
