import type { GitHub } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { signatureOf } from '../../signature.ts'
import { accountOfEmail, repositoryOf } from '../../state/find.ts'
import type { GitCommit, GitPerson } from '../../storage/git-storage.ts'
import { accountBody, timeText } from './account-body.ts'
import { repositoryPage, repositoryUrl } from './repository-body.ts'

/** A commit as `check_suite.head_commit` and `merge_group.head_commit` show it. */
export function simpleCommitBody(commit: GitCommit) {
  const person = (one: GitPerson) => ({ name: one.name, email: one.email })
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timeText(commit.committer.at * 1000),
    author: person(commit.author),
    committer: person(commit.committer),
  }
}

/** A commit in a `push` event, with the paths that it changed against its first parent. */
export async function pushCommitBody(github: GitHub, repository: number, commit: GitCommit, isDistinct: boolean) {
  const files = await github.storage.changedPaths(repository, commit.parents[0] ?? null, commit.sha)
  const paths = (status: string) => files.filter((file) => file.status === status).map((file) => file.path)
  const person = (one: GitPerson) => {
    const account = accountOfEmail(github.state, one.email)
    return { name: one.name, email: one.email, ...(account === null ? {} : { username: account.login }) }
  }
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: isDistinct,
    message: commit.message,
    timestamp: timeText(commit.committer.at * 1000),
    url: `${repositoryPage(github.state, repositoryOf(github.state, repository))}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  }
}

/** A commit as the commits API and `status` events show it. */
export function commitBody(github: GitHub, repositoryId: number, commit: GitCommit) {
  const { state } = github
  const repository = repositoryOf(state, repositoryId)
  const [url, page] = [repositoryUrl(state, repository), repositoryPage(state, repository)]
  const person = (one: GitPerson) => ({ name: one.name, email: one.email, date: timeText(one.at * 1000) })
  const account = (one: GitPerson) => {
    const found = accountOfEmail(state, one.email)
    return found === null ? null : accountBody(state, found)
  }
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', repositoryId, commit.sha),
    commit: {
      author: person(commit.author),
      committer: person(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: verificationBody(github, commit),
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${page}/commit/${sha}` })),
  }
}

function verificationBody(github: GitHub, commit: GitCommit) {
  const signature = signatureOf(github.state, commit)
  if (signature === null)
    return { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }
  return {
    verified: signature.isValid,
    reason: signature.isValid ? 'valid' : 'unknown_key',
    signature: commit.signature,
    payload: commit.signedPayload,
    verified_at: signature.isValid ? timeText(commit.committer.at * 1000) : null,
  }
}
