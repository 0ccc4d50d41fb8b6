import { deleteAccount, updateTeam } from '../../src/world/github/acts/create-account.ts'
import { createApp } from '../../src/world/github/acts/create-app.ts'
import { convertToDraft, updateBranch } from '../../src/world/github/acts/edit-pull.ts'
import { installApp } from '../../src/world/github/acts/install-app.ts'
import { openPull } from '../../src/world/github/acts/open-pull.ts'
import { forcePush, pushFiles } from '../../src/world/github/acts/push.ts'
import { dismissReview, submitReview } from '../../src/world/github/acts/review.ts'
import { requestAction } from '../../src/world/github/acts/write-check.ts'
import { commitTree } from '../../src/world/github/api-commit.ts'
import type { Actor, WorldAccount } from '../../src/world/github/github-state.ts'
import { accountOf, findAccount, reviewsOf, runsOn } from '../../src/world/github/state/find.ts'
import { teamOf } from '../../src/world/github/state/roles.ts'
import type { ChangedFiles, PullHandle } from '../../src/world/pull-handle.ts'
import type { RepositoryHandle } from '../../src/world/repository-handle.ts'
import type { Story } from './github-world.ts'

export function accountNamed({ world }: Story, login: string): WorldAccount {
  const account = findAccount(world.github.state, login)
  if (account === null) throw new Error(`there is no account ${login}`)
  return account
}

export function as(story: Story, login: string): Actor {
  return { kind: 'user', account: accountNamed(story, login) }
}

/** A push by somebody of a commit that may bear another's name, and any message. */
export function pushesAs(
  story: Story,
  by: string,
  of: {
    readonly branch: string
    readonly files: ChangedFiles
    readonly author?: string
    readonly message?: string
    readonly from?: string
  },
): Promise<string> {
  const { author, ...rest } = of
  return pushFiles(story.world.github.running, as(story, by), {
    repository: story.repository.id,
    ...rest,
    ...(author !== undefined && { author: accountNamed(story, author) }),
  })
}

/** `git push --force` of a branch to a commit. */
export function resets(story: Story, by: string, branch: string, to: string): Promise<void> {
  return forcePush(story.world.github.running, as(story, by), { repository: story.repository.id, branch, to })
}

/** The button "Update branch". */
export function updates(story: Story, by: string, { number }: PullHandle): Promise<{ readonly sha: string }> {
  return updateBranch(story.world.github.running, as(story, by), { repository: story.repository.id, number })
}

/** A merge of the base into a branch whose "conflict resolution" holds other files than the merge does. */
export async function mergesBaseWith(
  story: Story,
  by: string,
  { pull, branch, files }: { readonly pull: PullHandle; readonly branch: string; readonly files: ChangedFiles },
): Promise<string> {
  const base = (await story.repository.tip()) ?? ''
  const sha = await mergeCommit(story, by, { parents: [pull.head, base], files })
  await resets(story, by, branch, sha)
  return sha
}

/** A merge into the default branch that somebody made on his own machine, and pushed past the rules. */
export async function mergesByHand(
  story: Story,
  by: string,
  { pull, files = {} }: { readonly pull: PullHandle; readonly files?: ChangedFiles },
): Promise<string> {
  const base = (await story.repository.tip()) ?? ''
  const sha = await mergeCommit(story, by, { parents: [base, pull.head], files })
  await resets(story, by, story.repository.defaultBranch, sha)
  return sha
}

async function mergeCommit(
  story: Story,
  by: string,
  { parents, files }: { readonly parents: readonly [string, string]; readonly files: ChangedFiles },
): Promise<string> {
  const { running } = story.world.github
  const { storage } = running
  const { id } = story.repository
  const merged = await storage.mergeTree(id, ...parents)
  if (merged === null) throw new Error('the branches conflict')
  const changes = new Map<string, { oid: string; mode: string }>()
  for (const [path, content] of Object.entries(files))
    changes.set(path, { oid: await storage.writeBlob(id, Buffer.from(content ?? '')), mode: '100644' })
  const tree = await storage.changeTree(id, merged, changes)
  return commitTree(running, as(story, by), { repository: id, tree, parents, message: 'Merge\n', isWeb: false })
}

export async function dismisses(story: Story, by: string, pull: PullHandle, reviewer: string): Promise<void> {
  const { running, state } = story.world.github
  const { id: repository } = story.repository
  const author = accountNamed(story, reviewer).id
  const review = reviewsOf(state, repository, pull.number).find((one) => one.author === author)
  if (review === undefined) throw new Error(`${reviewer} has not reviewed`)
  await dismissReview(running, as(story, by), { repository, review: review.id, message: 'not any more' })
}

/** An approval of a commit that is not the head any more. */
export async function approvesOld(story: Story, by: string, { number }: PullHandle, commit: string): Promise<void> {
  const { running } = story.world.github
  const { id: repository } = story.repository
  await submitReview(running, as(story, by), { repository, number, event: 'APPROVE', commit })
}

export async function becomesDraft(story: Story, by: string, { number }: PullHandle): Promise<void> {
  await convertToDraft(story.world.github.running, as(story, by), { repository: story.repository.id, number })
}

export function leavesTeam(story: Story, login: string, slug: string): void {
  const { running, state } = story.world.github
  const team = teamOf(state, 'acme', slug)
  if (team === null) throw new Error(`there is no team ${slug}`)
  const { id } = accountNamed(story, login)
  updateTeam(running, team.id, { members: team.members.filter(({ user }) => user !== id) })
}

export function renamesTeam(story: Story, slug: string, to: string): void {
  const { running, state } = story.world.github
  const team = teamOf(state, 'acme', slug)
  if (team === null) throw new Error(`there is no team ${slug}`)
  updateTeam(running, team.id, { slug: to, name: to })
}

/** The account stays the same one, under another login. */
export function renamesAccount(story: Story, login: string, to: string): void {
  const account = accountNamed(story, login)
  story.world.github.state.accounts.set(account.id, { ...account, login: to })
}

export function leavesGitHub(story: Story, login: string): void {
  deleteAccount(story.world.github.running, accountNamed(story, login).id)
}

/** Presses a button of the roll-up that stands on a head. */
export async function presses(story: Story, by: string, { head }: PullHandle, identifier: string): Promise<void> {
  const { running, state } = story.world.github
  const { id: repository }: RepositoryHandle = story.repository
  const run = runsOn(state, repository, head).findLast(({ name }) => name === 'weighbridge')
  if (run === undefined) throw new Error('there is no roll-up')
  await requestAction(running, as(story, by), { repository, run: run.id, identifier })
}

/** Another pull request of a branch as it is: nothing is pushed. */
export async function opensTwin(
  story: Story,
  by: string,
  { branch, base = 'main' }: { readonly branch: string; readonly base?: string },
): Promise<PullHandle> {
  const { running } = story.world.github
  const { id: repository } = story.repository
  const { number } = await openPull(running, as(story, by), { repository, base, head: branch, title: 'the same' })
  await story.settles()
  return story.repository.pull(number)
}

/** The app's installation covers all repositories but this one from now on. */
export function removesFromApp({ world }: Story, { id, fullName }: RepositoryHandle): void {
  const { installations, repositories } = world.github.state
  const installation = installations.get(world.installation(fullName))
  if (installation === undefined) throw new Error(`the app is not installed where ${fullName} is`)
  const others = [...repositories.keys()].filter((one) => one !== id)
  installations.set(installation.id, { ...installation, repositories: others })
}

/** The bot of somebody else's app, which may write here. */
export async function otherBot(story: Story): Promise<Actor> {
  const { running, state } = story.world.github
  const permissions = { issues: 'write', pull_requests: 'write', contents: 'write' } as const
  const keeper = accountNamed(story, 'keeper')
  const app = createApp(running, { owner: keeper.id, name: 'helper', permissions, events: [] })
  const account = accountNamed(story, 'acme').id
  const { id } = await installApp(running, as(story, 'keeper'), { app: app.id, account, repositories: 'all' })
  const bot = accountOf(state, app.bot)
  return { kind: 'installation', account: bot, app, installation: id, permissions, repositories: 'all' }
}

export async function approvesAsApp(story: Story, { number }: PullHandle): Promise<void> {
  const { running } = story.world.github
  await submitReview(running, await otherBot(story), { repository: story.repository.id, number, event: 'APPROVE' })
}

/** A force push of what stands on a branch as one commit of its own: it names nobody else any more. */
export async function rewrites(story: Story, by: Actor, branch: string, files: ChangedFiles): Promise<void> {
  const { running } = story.world.github
  const { id: repository, defaultBranch: from } = story.repository
  const to = await pushFiles(running, as(story, 'keeper'), { repository, branch: 'aside', from, files })
  await forcePush(running, by, { repository, branch, to })
}
