import { announcePull } from '../change-pull.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { drop, queueOf, reconcileQueue } from '../merge-queue.ts'
import { mergeObstacles } from '../merge-rules.ts'
import { mergeQueueOn } from '../rules.ts'
import { issueOf, pullOf, repositoryOf, takeId } from '../state/find.ts'
import type { QueueEntry } from '../state/pulls.ts'
import { accountBehind } from '../state/roles.ts'

/**
 * Puts a pull request at the end of its base's merge queue.
 *
 * @throws {Refusal} 422 without a queue, when the head is another, or when its own rules are not met
 */
export function enqueuePull(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly number: number; readonly expectedHeadOid?: string | null },
): Promise<QueueEntry> {
  return github.turn(input.repository, async () => {
    const { state } = github
    const pull = pullOf(state, input.repository, input.number)
    const baseRef = pull.base.ref
    if (mergeQueueOn(repositoryOf(state, input.repository), baseRef) === null)
      throw new Refusal(422, `${baseRef} has no merge queue`)
    if (input.expectedHeadOid != null && input.expectedHeadOid !== pull.head.sha)
      throw new Refusal(422, 'Head branch was modified. Review and try again.', { type: 'STALE_DATA' })
    if (issueOf(state, input.repository, input.number).state === 'closed' || pull.isDraft)
      throw new Refusal(422, 'Pull request is not open, or is a draft')
    if (queueOf(github, input.repository, baseRef).some((one) => one.pull === pull.number))
      throw new Refusal(422, 'Pull request is already in the merge queue')
    const obstacles = await mergeObstacles(github, actor, pull, { toEnqueue: true })
    if (obstacles.length > 0) throw new Refusal(422, obstacles.map((one) => one.message).join('\n'))
    const entry: QueueEntry = {
      id: takeId(state),
      repository: input.repository,
      baseRef,
      pull: pull.number,
      pullHead: pull.head.sha,
      enqueuedBy: accountBehind(actor).id,
      enqueuedAt: github.clock.now(),
      state: 'QUEUED',
      group: null,
    }
    state.queue.set(entry.id, entry)
    await announcePull(github, actor, pull, 'enqueued')
    await reconcileQueue(github, input.repository)
    return state.queue.get(entry.id) ?? entry
  })
}

export function dequeuePull(
  github: GitHub,
  _actor: Actor,
  input: { readonly repository: number; readonly number: number },
): Promise<void> {
  return github.turn(input.repository, async () => {
    const entry = [...github.state.queue.values()].find(
      (one) => one.repository === input.repository && one.pull === input.number,
    )
    if (entry === undefined) throw new Refusal(422, 'Pull request is not in the merge queue')
    await drop(github, entry, 'MANUAL')
    await reconcileQueue(github, input.repository)
  })
}
