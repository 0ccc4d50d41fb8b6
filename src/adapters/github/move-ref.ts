import { z } from 'zod'
import type { Side } from './side.ts'

const UPDATE = `
mutation MoveRef($repository: ID!, $ref: GitRefname!, $before: GitObjectID!, $after: GitObjectID!) {
  updateRefs(
    input: { repositoryId: $repository, refUpdates: [{ name: $ref, beforeOid: $before, afterOid: $after, force: true }] }
  ) {
    clientMutationId
  }
}`

export interface RefMove {
  /** The repository's node id. */
  readonly repository: string
  /** `refs/heads/...` */
  readonly ref: string
  readonly before: string
  /** Zeros delete it. */
  readonly after: string
}

/** Moves a ref, wherever it goes to, but only from the commit that it was seen at; whoever lost an answer looks. */
export async function moveRef({ calls }: Side, operation: string, move: RefMove): Promise<void> {
  const answer = z.object({ updateRefs: z.object({}) })
  await calls.mutate({ operation, document: UPDATE, variables: { ...move }, answer }, false)
}
