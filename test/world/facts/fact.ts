import type { Octokit } from 'octokit'

/** Something that GitHub does and the world believes. */
export interface Fact {
  readonly id: string
  readonly sentence: string
  /** Where GitHub says so, or the nearest page to it, below docs.github.com. */
  readonly page: string
  /** `open`: from memory or hearsay, until the live API has been asked. */
  readonly status: 'documented' | 'open'
  /** null: nothing of the world depends on it yet, or the API cannot show it. */
  readonly test: ((api: FactApi) => Promise<void>) | null
}

export interface FactPull {
  readonly number: number
  readonly id: string
  readonly branch: string
  readonly head: string
}

type Protection = Parameters<Octokit['rest']['repos']['updateBranchProtection']>[0]

/**
 * Everything that a fact may use, all of it through the published API, so that the same file asks the world and the live
 * GitHub. Two people and an app share a scratch repository; nobody touches its default branch's protection.
 */
export interface FactApi {
  readonly here: { readonly owner: string; readonly repo: string }
  /** Administers the repository. */
  readonly ada: Octokit
  /** May write. */
  readonly bob: Octokit
  /** The app's installation. */
  readonly bot: Octokit
  /** The app by its own key. */
  readonly itself: Octokit
  readonly appId: number
  /** A new branch with these files on top of another, the default branch unless named. */
  branch(
    files?: Files,
    options?: { readonly from?: string; readonly by?: Octokit },
  ): Promise<{ name: string; sha: string }>
  /** A commit on a branch, made on its tip. */
  push(branch: string, files: Files, by?: Octokit): Promise<string>
  /** A base branch of its own, protected like this. */
  base(protection?: Partial<Protection>): Promise<string>
  pull(options?: { readonly files?: Files; readonly base?: string; readonly draft?: boolean }): Promise<FactPull>
  /** Writes the app's check run and gives its id. */
  check(sha: string, conclusion: Conclusion | null, name?: string): Promise<number>
  /** Status of the refusal; 200 when it was none. */
  statusOf(call: Promise<unknown>): Promise<number>
  /** Types of the GraphQL errors; none when there were none. */
  errorsOf(call: Promise<unknown>): Promise<readonly string[]>
  /** Asks until GitHub knows whether a pull request can be merged. */
  mergeable(number: number): Promise<boolean>
  /** Asks until a workflow's run is over. */
  ended(run: number): Promise<void>
}

export type Files = Readonly<Record<string, string>>
export type Conclusion = 'success' | 'failure' | 'neutral' | 'skipped' | 'action_required' | 'cancelled' | 'timed_out'
