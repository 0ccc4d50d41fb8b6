import { convertToDraft, markReady } from '../../../acts/edit-pull.ts'
import { mergePull } from '../../../acts/merge-pull.ts'
import { dequeuePull, enqueuePull } from '../../../acts/queue-pull.ts'
import type { WorldPull } from '../../../github-state.ts'
import { type Fields, needs } from '../graphql-call.ts'
import { accountThing, pullThing } from '../things.ts'
import { queueEntryThing } from '../types/queue-fields.ts'
import { echo, inputOf, pullMeant } from './mutation.ts'

interface MergeInput {
  readonly pullRequestId: string
  readonly expectedHeadOid?: string
  readonly mergeMethod?: 'MERGE' | 'SQUASH' | 'REBASE'
  readonly commitHeadline?: string
  readonly commitBody?: string
}

export const pullMutations: Fields<unknown> = {
  mergePullRequest: async (_, args, call) => {
    const input = inputOf<MergeInput>(args)
    const pull = pullMeant(call, input.pullRequestId)
    needs(call, pull.repository, 'contents', 'write')
    await mergePull(call.github, call.actor, {
      ...named(pull),
      method: (input.mergeMethod ?? 'MERGE').toLowerCase() as 'merge',
      ...(input.expectedHeadOid === undefined ? {} : { sha: input.expectedHeadOid }),
      ...(input.commitHeadline === undefined ? {} : { title: input.commitHeadline }),
      ...(input.commitBody === undefined ? {} : { message: input.commitBody }),
    })
    return {
      ...echo(args),
      actor: call.actor.kind === 'anonymous' ? null : accountThing(call, call.actor.account.id),
      pullRequest: pullThing(call, pull.repository, pull.number),
    }
  },
  enqueuePullRequest: async (_, args, call) => {
    const input = inputOf<{ pullRequestId: string; expectedHeadOid?: string | null }>(args)
    const pull = pullMeant(call, input.pullRequestId)
    needs(call, pull.repository, 'pull_requests', 'write')
    const expectedHeadOid = input.expectedHeadOid ?? null
    const entry = await enqueuePull(call.github, call.actor, { ...named(pull), expectedHeadOid })
    return { ...echo(args), mergeQueueEntry: queueEntryThing(entry) }
  },
  dequeuePullRequest: async (_, args, call) => {
    const { id } = inputOf<{ id: string }>(args)
    const pull = pullMeant(call, id)
    needs(call, pull.repository, 'pull_requests', 'write')
    const entry = [...call.github.state.queue.values()].find(
      (one) => one.repository === pull.repository && one.pull === pull.number,
    )
    await dequeuePull(call.github, call.actor, named(pull))
    return { ...echo(args), mergeQueueEntry: queueEntryThing(entry) }
  },
  convertPullRequestToDraft: async (_, args, call) => {
    const pull = pullMeant(call, inputOf<{ pullRequestId: string }>(args).pullRequestId)
    needs(call, pull.repository, 'pull_requests', 'write')
    await convertToDraft(call.github, call.actor, named(pull))
    return { ...echo(args), pullRequest: pullThing(call, pull.repository, pull.number) }
  },
  markPullRequestReadyForReview: async (_, args, call) => {
    const pull = pullMeant(call, inputOf<{ pullRequestId: string }>(args).pullRequestId)
    needs(call, pull.repository, 'pull_requests', 'write')
    await markReady(call.github, call.actor, named(pull))
    return { ...echo(args), pullRequest: pullThing(call, pull.repository, pull.number) }
  },
}

function named({ repository, number }: WorldPull): { readonly repository: number; readonly number: number } {
  return { repository, number }
}
