import { type GitHubState, Refusal } from '../github-state.ts'
import type { CheckRun, CheckSuite } from './checks.ts'
import type { WorldAccount, WorldApp, WorldInstallation } from './people.ts'
import type { WorldComment, WorldIssue, WorldPull, WorldReview } from './pulls.ts'
import type { WorldRepository } from './repositories.ts'

/** Who stands in for an account that was deleted. */
const GHOST: WorldAccount = {
  id: 10137,
  login: 'ghost',
  type: 'User',
  name: 'Deleted user',
  email: null,
  isSiteAdmin: false,
  createdAt: 0,
}

/** Id of GitHub's own app that runs workflows, as it is on github.com. */
export const ACTIONS_APP = 15368

export function takeId(state: GitHubState): number {
  state.nextId += 1
  return state.nextId
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

export function accountOf(state: GitHubState, id: number): WorldAccount {
  return state.accounts.get(id) ?? GHOST
}

/** Logins are the same in small and capital letters. */
export function findAccount(state: GitHubState, login: string): WorldAccount | null {
  const wanted = login.toLowerCase()
  for (const account of state.accounts.values()) if (account.login.toLowerCase() === wanted) return account
  return null
}

export function repositoryOf(state: GitHubState, id: number): WorldRepository {
  const repository = state.repositories.get(id)
  if (repository === undefined) throw notFound()
  return repository
}

export function fullName(state: GitHubState, repository: WorldRepository): string {
  return `${accountOf(state, repository.owner).login}/${repository.name}`
}

/** By `owner/name` in any case; the name of before a rename still finds it, unless another took it. */
export function findRepository(
  state: GitHubState,
  name: string,
): { readonly repository: WorldRepository; readonly isFormerName: boolean } | null {
  const wanted = name.toLowerCase()
  for (const repository of state.repositories.values())
    if (fullName(state, repository).toLowerCase() === wanted) return { repository, isFormerName: false }
  const former = state.repositories.get(state.formerNames.get(wanted) ?? -1)
  return former === undefined ? null : { repository: former, isFormerName: true }
}

export function keyOf(repository: number, number: number): string {
  return `${repository}#${number}`
}

export function issueOf(state: GitHubState, repository: number, number: number): WorldIssue {
  const issue = state.issues.get(keyOf(repository, number))
  if (issue === undefined) throw notFound()
  return issue
}

export function pullOf(state: GitHubState, repository: number, number: number): WorldPull {
  const pull = state.pulls.get(keyOf(repository, number))
  if (pull === undefined) throw notFound()
  return pull
}

export function pullsOf(state: GitHubState, repository: number): readonly WorldPull[] {
  return [...state.pulls.values()].filter((pull) => pull.repository === repository)
}

export function openPullsOf(state: GitHubState, repository: number): readonly WorldPull[] {
  return pullsOf(state, repository).filter((pull) => issueOf(state, repository, pull.number).state === 'open')
}

export function issuesOf(state: GitHubState, repository: number): readonly WorldIssue[] {
  return [...state.issues.values()].filter((issue) => issue.repository === repository)
}

export function reviewsOf(state: GitHubState, repository: number, number: number): readonly WorldReview[] {
  return [...state.reviews.values()].filter((one) => one.repository === repository && one.number === number)
}

export function commentsOf(state: GitHubState, repository: number, number: number): readonly WorldComment[] {
  return [...state.comments.values()].filter((one) => one.repository === repository && one.number === number)
}

export function runsOn(state: GitHubState, repository: number, sha: string): readonly CheckRun[] {
  return [...state.runs.values()].filter((run) => run.repository === repository && run.headSha === sha)
}

export function suitesOn(state: GitHubState, repository: number, sha: string): readonly CheckSuite[] {
  return [...state.suites.values()].filter((suite) => suite.repository === repository && suite.headSha === sha)
}

/** The latest run of each (suite, name), as lists show them with `filter: latest`. */
export function latestRuns(state: GitHubState, repository: number, sha: string): readonly CheckRun[] {
  const latest = new Map<string, CheckRun>()
  for (const run of runsOn(state, repository, sha)) latest.set(`${run.suite} ${run.name}`, run)
  return [...latest.values()]
}

export function appOf(state: GitHubState, id: number): WorldApp {
  const app = state.apps.get(id)
  if (app === undefined) throw notFound()
  return app
}

export function installationOf(state: GitHubState, app: number, account: number): WorldInstallation | null {
  for (const one of state.installations.values()) if (one.app === app && one.account === account) return one
  return null
}

export function coversRepository(installation: WorldInstallation, repository: WorldRepository): boolean {
  if (installation.account !== repository.owner) return false
  return installation.repositories === 'all' || installation.repositories.includes(repository.id)
}

export function installationRepositories(
  state: GitHubState,
  installation: WorldInstallation,
): readonly WorldRepository[] {
  return [...state.repositories.values()].filter((repository) => coversRepository(installation, repository))
}

/** Who a commit's e-mail belongs to; anybody can write any e-mail into a commit. */
export function accountOfEmail(state: GitHubState, email: string): WorldAccount | null {
  const own = /^(?:(\d+)\+)?([^@]+)@users\.noreply\.github\.com$/i.exec(email)
  if (own?.[1] !== undefined) return state.accounts.get(Number(own[1])) ?? null
  if (own?.[2] !== undefined) return findAccount(state, own[2])
  const wanted = email.toLowerCase()
  for (const account of state.accounts.values()) if (account.email?.toLowerCase() === wanted) return account
  return null
}
