import type { WorldPull } from '../../github-state.ts'
import { type MergeStateStatus, mergeableNow, mergeStateStatus } from '../../merge-state.ts'
import { pullOf } from '../../state/find.ts'
import type { GraphqlCall } from './graphql-call.ts'

interface Knowledge {
  readonly mergeable: boolean | null
  readonly status: MergeStateStatus
}

const asked = new WeakMap<GraphqlCall, Map<number, Promise<Knowledge>>>()

/** What GitHub knows about merging, asked once a query: asking is what makes it find out. */
export function mergeKnowledge(call: GraphqlCall, pull: WorldPull): Promise<Knowledge> {
  const known = asked.get(call) ?? new Map<number, Promise<Knowledge>>()
  asked.set(call, known)
  const answer = known.get(pull.id) ?? askFor(call, pull)
  known.set(pull.id, answer)
  return answer
}

async function askFor({ github }: GraphqlCall, { repository, number }: WorldPull): Promise<Knowledge> {
  const mergeable = await mergeableNow(github, repository, number)
  const status = await mergeStateStatus(github, pullOf(github.state, repository, number), mergeable)
  return { mergeable, status }
}
