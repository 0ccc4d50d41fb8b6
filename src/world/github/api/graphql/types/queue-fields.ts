import type { QueueEntry } from '../../../github-state.ts'
import { queueOf } from '../../../merge-queue.ts'
import { nodeId } from '../../../node-id.ts'
import { mergeQueueOn } from '../../../rules.ts'
import { repositoryOf } from '../../../state/find.ts'
import { timeText } from '../../../webhooks/bodies/account-body.ts'
import { connection } from '../connection.ts'
import { type Fields, type GraphqlCall, needs } from '../graphql-call.ts'
import {
  accountThing,
  commitThing,
  type EntryOfQueueThing,
  pullThing,
  type QueueThing,
  repositoryThing,
} from '../things.ts'

export const mergeQueueFields: Fields<QueueThing> = {
  id: ({ within, branch }) => nodeId('MergeQueue', within, branch),
  repository: ({ within }, _, call) => repositoryThing(call, within),
  entries: ({ within, branch }, args, { github }) =>
    connection('entries', queueOf(github, within, branch).map(queueEntryThing), args),
}

export const mergeQueueEntryFields: Fields<EntryOfQueueThing> = {
  id: ({ entry }) => nodeId('MergeQueueEntry', entry.id),
  position: ({ entry }, _, { github }) =>
    queueOf(github, entry.repository, entry.baseRef).findIndex((one) => one.id === entry.id) + 1,
  state: ({ entry }) => entry.state,
  enqueuedAt: ({ entry }) => timeText(entry.enqueuedAt),
  enqueuer: ({ entry }, _, call) => accountThing(call, entry.enqueuedBy),
  pullRequest: ({ entry }, _, call) => pullThing(call, entry.repository, entry.pull),
  headCommit: ({ entry }, _, call) => commitThing(call, entry.repository, entry.group?.headSha ?? null),
  baseCommit: ({ entry }, _, call) => commitThing(call, entry.repository, entry.group?.baseSha ?? null),
  mergeQueue: ({ entry }, _, call) => queueThing(call, entry.repository, entry.baseRef),
  jump: () => false,
  solo: () => false,
}

/** null where no queue is asked for. */
export function queueThing(call: GraphqlCall, within: number, branch: string): QueueThing | null {
  if (mergeQueueOn(repositoryOf(call.github.state, within), branch) === null) return null
  needs(call, within, 'merge_queues')
  return { __typename: 'MergeQueue', within, branch }
}

export function queueEntryThing(entry: QueueEntry): EntryOfQueueThing
export function queueEntryThing(entry: QueueEntry | undefined): EntryOfQueueThing | null
export function queueEntryThing(entry: QueueEntry | undefined): EntryOfQueueThing | null {
  return entry === undefined ? null : { __typename: 'MergeQueueEntry', entry }
}
