import type { WorldPull } from '../../../github-state.ts'
import { nodeId } from '../../../node-id.ts'
import { accountOfEmail, issueOf, pullsOf } from '../../../state/find.ts'
import { repositoryPage } from '../../../webhooks/bodies/repository-body.ts'
import { connection } from '../connection.ts'
import type { Fields, GraphqlCall } from '../graphql-call.ts'
import {
  type BlobThing,
  type EntryThing,
  type GitActorThing,
  objectThing,
  pullThing,
  type RefThing,
  repositoryThing,
  type TreeThing,
  userThing,
} from '../things.ts'

/** GitHub's GraphQL cuts a text here, whatever its size. */
const MOST_TEXT_BYTES = 512_000

export const refFields: Fields<RefThing> = {
  id: ({ within, ref }) => nodeId('Ref', within, ref),
  name: ({ ref }) => ref.replace(/^refs\/(heads|tags)\//, '').replace(/^refs\//, ''),
  prefix: ({ ref }) => /^refs\/(heads|tags)\//.exec(ref)?.[0] ?? 'refs/',
  repository: ({ within }, _, call) => repositoryThing(call, within),
  target: ({ within, tip }, _, call) => objectThing(call, within, tip),
  // of this repository's own branch: a fork's branch of the same name is another ref
  associatedPullRequests: ({ within, ref }, { states, ...args }, call) => {
    const wanted = states as readonly string[] | null | undefined
    const all = pullsOf(call.github.state, within)
      .filter((pull) => pull.head.repository === within && `refs/heads/${pull.head.ref}` === ref)
      .filter((pull) => wanted == null || wanted.includes(stateOf(call, pull)))
      .map((pull) => pullThing(call, within, pull.number))
    return connection('associatedPullRequests', all, args)
  },
}

function stateOf({ github }: GraphqlCall, { repository, number, mergedAt }: WorldPull): string {
  return mergedAt === null ? issueOf(github.state, repository, number).state.toUpperCase() : 'MERGED'
}

export const treeFields: Fields<TreeThing> = {
  id: ({ within, sha }) => nodeId('Tree', within, sha),
  oid: ({ sha }) => sha,
  abbreviatedOid: ({ sha }) => sha.slice(0, 7),
  repository: ({ within }, _, call) => repositoryThing(call, within),
  // a folder's entries come whole, without pages
  entries: async ({ within, sha, at }, _, { github }) =>
    ((await github.storage.tree(within, sha)) ?? []).map(
      (one): EntryThing => ({
        __typename: 'TreeEntry',
        within,
        at: at === '' ? one.name : `${at}/${one.name}`,
        octal: one.mode,
        sha: one.oid,
      }),
    ),
}

export const treeEntryFields: Fields<EntryThing> = {
  name: ({ at }) => at.slice(at.lastIndexOf('/') + 1),
  path: ({ at }) => at,
  mode: ({ octal }) => Number.parseInt(octal, 8),
  type: ({ octal }) => (octal === '040000' ? 'tree' : octal === '160000' ? 'commit' : 'blob'),
  oid: ({ sha }) => sha,
  extension: ({ at }) => /\.[^./]+$/.exec(at)?.[0] ?? '',
  repository: ({ within }, _, call) => repositoryThing(call, within),
  size: async ({ within, octal, sha }, _, { github }) =>
    octal === '040000' || octal === '160000' ? 0 : ((await github.storage.blob(within, sha))?.length ?? 0),
  // a submodule's commit lies in another repository
  object: ({ within, octal, sha, at }, _, call) => (octal === '160000' ? null : objectThing(call, within, sha, at)),
}

export const blobFields: Fields<BlobThing> = {
  id: ({ within, sha }) => nodeId('Blob', within, sha),
  oid: ({ sha }) => sha,
  abbreviatedOid: ({ sha }) => sha.slice(0, 7),
  byteSize: ({ bytes }) => bytes.length,
  isBinary: ({ bytes }) => isBinary(bytes),
  isTruncated: ({ bytes }) => !isBinary(bytes) && bytes.length > MOST_TEXT_BYTES,
  text: ({ bytes }) => (isBinary(bytes) ? null : bytes.subarray(0, MOST_TEXT_BYTES).toString('utf8')),
  repository: ({ within }, _, call) => repositoryThing(call, within),
}

export const gitActorFields: Fields<GitActorThing> = {
  name: ({ person }) => person.name,
  email: ({ person }) => person.email,
  date: ({ person }) => new Date(person.at * 1000).toISOString().replace('.000Z', 'Z'),
  user: ({ person }, _, call) => userThing(call, accountOfEmail(call.github.state, person.email)?.id ?? null),
}

/** As Git sees it: a zero byte near the beginning. */
function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8000).includes(0)
}

/** Where people look at a commit. */
export function commitPage(call: Parameters<typeof repositoryThing>[0], within: number, sha: string): string {
  return `${repositoryPage(call.github.state, repositoryThing(call, within).of)}/commit/${sha}`
}
