import type { GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf, fullName, issuesOf } from '../../state/find.ts'
import type { WorldRepository } from '../../state/repositories.ts'
import { accountBody, timeText } from './account-body.ts'

export function repositoryUrl(state: GitHubState, repository: WorldRepository): string {
  return `${state.settings.apiUrl}/repos/${fullName(state, repository)}`
}

export function repositoryPage(state: GitHubState, repository: WorldRepository): string {
  return `${state.settings.htmlUrl}/${fullName(state, repository)}`
}

/** A repository as the API and most events show it; `push` events write some of its times differently. */
export function repositoryBody(state: GitHubState, repository: WorldRepository) {
  const page = repositoryPage(state, repository)
  const openIssues = issuesOf(state, repository.id).filter((issue) => issue.state === 'open').length
  const forks = [...state.repositories.values()].filter((one) => one.parent === repository.id).length
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: fullName(state, repository),
    private: repository.isPrivate,
    owner: accountBody(state, accountOf(state, repository.owner)),
    html_url: page,
    description: repository.description,
    fork: repository.parent !== null,
    ...linksOf(repositoryUrl(state, repository)),
    created_at: timeText(repository.createdAt),
    updated_at: timeText(repository.updatedAt),
    pushed_at: timeText(repository.pushedAt),
    git_url: `${page.replace(/^https?/, 'git')}.git`,
    ssh_url: `git@github.com:${fullName(state, repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.isPrivate ? 'private' : 'public',
    forks,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
  }
}

/** As inside of a workflow run: what the schemas of its API and its events both know. */
export function minimalRepositoryBody(state: GitHubState, repository: WorldRepository) {
  return {
    ...shortRepositoryBody(state, repository),
    owner: accountBody(state, accountOf(state, repository.owner)),
    html_url: repositoryPage(state, repository),
    description: repository.description,
    fork: repository.parent !== null,
    ...linksOf(repositoryUrl(state, repository)),
  }
}

/** As inside `pull_request.head.repo`, with how it may be merged. */
export function pullRepositoryBody(state: GitHubState, repository: WorldRepository) {
  return {
    ...repositoryBody(state, repository),
    allow_squash_merge: repository.mergeMethods.squash,
    allow_merge_commit: repository.mergeMethods.merge,
    allow_rebase_merge: repository.mergeMethods.rebase,
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
  }
}

/** As in the lists of `installation` events. */
export function shortRepositoryBody(state: GitHubState, repository: WorldRepository) {
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: fullName(state, repository),
    private: repository.isPrivate,
  }
}

/** As in the pull requests of a check. */
export function tinyRepositoryBody(state: GitHubState, repository: WorldRepository) {
  return { id: repository.id, url: repositoryUrl(state, repository), name: repository.name }
}

function linksOf(url: string) {
  return {
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  }
}
