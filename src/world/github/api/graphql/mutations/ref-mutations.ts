import { commitOnBranch } from '../../../acts/commit-on-branch.ts'
import { createRef, deleteRef, type RefUpdate, updateRefs } from '../../../acts/move-ref.ts'
import { Refusal } from '../../../github-state.ts'
import { readNodeId } from '../../../node-id.ts'
import { findRepository } from '../../../state/find.ts'
import { maySee } from '../../allow.ts'
import { type Args, type Fields, type GraphqlCall, needs, notResolved } from '../graphql-call.ts'
import { commitThing } from '../things.ts'
import { refThing } from '../types/repository-fields.ts'
import { echo, inputOf, lost, repositoryMeant } from './mutation.ts'

export const refMutations: Fields<unknown> = {
  createCommitOnBranch,
  createRef: async (_, args, call) => {
    const { repositoryId, name, oid } = inputOf<{ repositoryId: string; name: string; oid: string }>(args)
    const { id } = repositoryMeant(call, repositoryId)
    needs(call, id, 'contents', 'write')
    await createRef(call.github, call.actor, { repository: id, ref: name, sha: oid })
    return { ...echo(args), ref: await refThing(call, id, name) }
  },
  deleteRef: async (_, args, call) => {
    const { refId } = inputOf<{ refId: string }>(args)
    const known = readNodeId(refId)
    if (known?.kind !== 'Ref') throw lost(refId)
    const repository = Number(known.parts[0])
    needs(call, repository, 'contents', 'write')
    await deleteRef(call.github, call.actor, { repository, ref: known.parts[1] ?? '' })
    return echo(args)
  },
  updateRefs: async (_, args, call) => {
    const { repositoryId, refUpdates } = inputOf<{ repositoryId: string; refUpdates: readonly RefUpdate[] }>(args)
    const { id } = repositoryMeant(call, repositoryId)
    needs(call, id, 'contents', 'write')
    await updateRefs(call.github, call.actor, { repository: id, updates: refUpdates })
    return echo(args)
  },
}

interface CommitInput {
  readonly branch: {
    readonly id?: string
    readonly repositoryNameWithOwner?: string
    readonly branchName?: string
  }
  readonly expectedHeadOid: string
  readonly message: { readonly headline: string; readonly body?: string | null }
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[] | null
    readonly deletions?: readonly { readonly path: string }[] | null
  } | null
}

async function createCommitOnBranch(_: unknown, args: Args, call: GraphqlCall) {
  const { branch, expectedHeadOid, message, fileChanges } = inputOf<CommitInput>(args)
  const place = branchMeant(call, branch)
  needs(call, place.repository, 'contents', 'write')
  const additions = (fileChanges?.additions ?? []).map(({ path, contents }) => ({ path, bytes: decoded(contents) }))
  const { sha } = await commitOnBranch(call.github, call.actor, {
    ...place,
    expectedHeadOid,
    headline: message.headline,
    ...(message.body == null ? {} : { body: message.body }),
    additions,
    deletions: (fileChanges?.deletions ?? []).map(({ path }) => path),
  })
  return {
    ...echo(args),
    commit: await commitThing(call, place.repository, sha),
    ref: await refThing(call, place.repository, `refs/heads/${place.branch}`),
  }
}

/** By the ref's id, or by the names of repository and branch. */
function branchMeant(
  call: GraphqlCall,
  { id, repositoryNameWithOwner, branchName }: CommitInput['branch'],
): { readonly repository: number; readonly branch: string } {
  if (id !== undefined) {
    const known = readNodeId(id)
    if (known?.kind !== 'Ref') throw lost(id)
    return { repository: Number(known.parts[0]), branch: (known.parts[1] ?? '').replace('refs/heads/', '') }
  }
  const found = findRepository(call.github.state, repositoryNameWithOwner ?? '')
  if (found === null || !maySee(call.github, call.actor, found.repository)) {
    throw notResolved(`a Repository with the name '${repositoryNameWithOwner}'`)
  }
  return { repository: found.repository.id, branch: (branchName ?? '').replace(/^refs\/heads\//, '') }
}

function decoded(contents: string): Buffer {
  if (/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(contents)) return Buffer.from(contents, 'base64')
  throw new Refusal(422, 'File contents are not valid Base64.', { type: 'UNPROCESSABLE' })
}
