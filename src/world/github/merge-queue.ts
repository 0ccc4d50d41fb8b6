import { announce } from './announce.ts'
import { announcePull, endPull } from './change-pull.ts'
import type { Actor, GitHub } from './github-state.ts'
import { makeMergeCommit } from './merge-commit.ts'
import { requiredChecksPass } from './merge-state.ts'
import { refMoved } from './ref-moved.ts'
import { mergeQueueOn } from './rules.ts'
import { accountOf, findAccount, issueOf, pullOf, repositoryOf, takeId } from './state/find.ts'
import type { QueueEntry } from './state/pulls.ts'
import { simpleCommitBody } from './webhooks/bodies/commit-body.ts'

/** Entries of a branch's queue, first first. */
export function queueOf(github: GitHub, repository: number, baseRef: string): readonly QueueEntry[] {
  return [...github.state.queue.values()].filter((one) => one.repository === repository && one.baseRef === baseRef)
}

/**
 * Brings the merge queues of a repository up to date with everything else.
 *
 * Called whenever something changed that a queue may depend on: a branch moved, a check was written, a pull request was
 * closed. Drops what cannot be merged any more, builds the groups that are missing or stand on something old, and merges
 * from the front what has passed.
 */
export async function reconcileQueue(github: GitHub, repository: number): Promise<void> {
  const bases = new Set<string>()
  for (const entry of github.state.queue.values()) if (entry.repository === repository) bases.add(entry.baseRef)
  for (const base of bases) while (await step(github, repository, base));
}

/** One thing done, or false when there is nothing to do. */
async function step(github: GitHub, repository: number, baseRef: string): Promise<boolean> {
  for (const entry of queueOf(github, repository, baseRef)) {
    const why = leaves(github, entry)
    if (why !== null) return drop(github, entry, why)
  }
  if (await build(github, repository, baseRef)) return true
  return land(github, repository, baseRef)
}

/** Why an entry has to leave the queue; null when it may stay. */
function leaves(github: GitHub, entry: QueueEntry): string | null {
  const pull = pullOf(github.state, entry.repository, entry.pull)
  if (issueOf(github.state, entry.repository, entry.pull).state === 'closed') return 'MANUAL'
  if (pull.head.sha !== entry.pullHead) return 'UNKNOWN_REMOVAL_REASON'
  if (entry.group === null) return null
  const checks = requiredChecksPass(github, entry.repository, entry.baseRef, entry.group.headSha)
  return checks === 'failing' ? 'CI_FAILURE' : null
}

/** Builds the first group that is missing or no longer stands on what lands before it. */
async function build(github: GitHub, repository: number, baseRef: string): Promise<boolean> {
  const limit = mergeQueueOn(repositoryOf(github.state, repository), baseRef)?.max_entries_to_build ?? 1
  let below = await github.storage.tip(repository, `refs/heads/${baseRef}`)
  for (const entry of queueOf(github, repository, baseRef).slice(0, limit)) {
    if (below === null) return drop(github, entry, 'MANUAL')
    if (entry.group?.baseSha !== below) {
      if (entry.group !== null) await destroy(github, entry, 'invalidated')
      return buildGroup(github, entry, below)
    }
    below = entry.group.headSha
  }
  return false
}

async function buildGroup(github: GitHub, entry: QueueEntry, baseSha: string): Promise<boolean> {
  const { state } = github
  const { repository, baseRef } = entry
  const method = mergeQueueOn(repositoryOf(state, repository), baseRef)?.merge_method.toLowerCase() ?? 'merge'
  const actor: Actor = { kind: 'user', account: accountOf(state, entry.enqueuedBy) }
  const pull = pullOf(state, repository, entry.pull)
  const headSha = await makeMergeCommit(github, actor, pull, { base: baseSha, method: method as 'merge' })
  if (headSha === null) return drop(github, entry, 'MERGE_CONFLICT')
  const ref = `refs/heads/gh-readonly-queue/${baseRef}/pr-${entry.pull}-${baseSha}`
  const next: QueueEntry = { ...entry, state: 'AWAITING_CHECKS', group: { ref, baseSha, headSha } }
  state.queue.set(entry.id, next)
  await moveOwn(github, repository, ref, headSha)
  await announceGroup(github, next, 'checks_requested')
  return true
}

/** Merges from the front what has passed; in `HEADGREEN` a passing entry carries those before it. */
async function land(github: GitHub, repository: number, baseRef: string): Promise<boolean> {
  const entries = queueOf(github, repository, baseRef)
  const rules = mergeQueueOn(repositoryOf(github.state, repository), baseRef)
  const isGreen = entries.map(
    (one) => one.group !== null && requiredChecksPass(github, repository, baseRef, one.group.headSha) === 'passing',
  )
  const greens = rules?.grouping_strategy === 'HEADGREEN' ? isGreen.lastIndexOf(true) + 1 : prefix(isGreen)
  const landing = entries.slice(0, Math.min(greens, rules?.max_entries_to_merge ?? 1))
  const last = landing.at(-1)?.group
  const from = landing[0]?.group?.baseSha
  if (last == null || from === undefined) return false
  const bot = queueBot(github)
  const change = { ref: `refs/heads/${baseRef}`, from, to: last.headSha }
  if (!(await github.storage.update(repository, [change]))) return false
  const numbers = landing.map((one) => one.pull)
  for (const entry of landing) github.state.queue.delete(entry.id)
  await refMoved(github, bot, { repository, change, kind: 'merge_queue_merge', landing: numbers })
  for (const entry of landing) {
    const merged = entry.group?.headSha ?? last.headSha
    await endPull(github, bot, pullOf(github.state, repository, entry.pull), merged)
    await destroy(github, entry, 'merged')
  }
  return true
}

function prefix(flags: readonly boolean[]): number {
  const stop = flags.indexOf(false)
  return stop < 0 ? flags.length : stop
}

/** Takes an entry out; the groups behind it are built anew. */
export async function drop(github: GitHub, entry: QueueEntry, reason: string): Promise<true> {
  github.state.queue.delete(entry.id)
  if (entry.group !== null) await destroy(github, entry, 'dequeued')
  const pull = pullOf(github.state, entry.repository, entry.pull)
  await announcePull(github, queueBot(github), pull, 'dequeued', { reason })
  return true
}

async function destroy(
  github: GitHub,
  entry: QueueEntry,
  reason: 'merged' | 'invalidated' | 'dequeued',
): Promise<void> {
  if (entry.group === null) return
  await announceGroup(github, entry, 'destroyed', reason)
  await moveOwn(github, entry.repository, entry.group.ref, null)
}

async function moveOwn(github: GitHub, repository: number, ref: string, to: string | null): Promise<void> {
  const from = await github.storage.tip(repository, ref)
  if (from === to || !(await github.storage.update(repository, [{ ref, from, to }]))) return
  await refMoved(github, queueBot(github), { repository, change: { ref, from, to } })
}

async function announceGroup(
  github: GitHub,
  entry: QueueEntry,
  action: 'checks_requested' | 'destroyed',
  reason?: string,
): Promise<void> {
  const { group, repository } = entry
  if (group === null) return
  await announce(github, queueBot(github), {
    event: 'merge_group',
    action,
    repository,
    body: async () => {
      const commit = await github.storage.commit(repository, group.headSha)
      return {
        ...(reason === undefined ? {} : { reason }),
        merge_group: {
          head_sha: group.headSha,
          head_ref: group.ref,
          base_sha: group.baseSha,
          base_ref: `refs/heads/${entry.baseRef}`,
          head_commit: commit === null ? null : simpleCommitBody(commit),
        },
      }
    },
  })
}

/** Who moves branches for a queue. */
function queueBot(github: GitHub): Actor {
  const login = 'github-merge-queue[bot]'
  const known = findAccount(github.state, login)
  if (known !== null) return { kind: 'user', account: known }
  const account = {
    id: takeId(github.state),
    login,
    type: 'Bot' as const,
    name: null,
    email: null,
    isSiteAdmin: false,
    createdAt: github.clock.now(),
  }
  github.state.accounts.set(account.id, account)
  return { kind: 'user', account }
}
