import { nodeId } from '../../../node-id.ts'
import { signatureOf } from '../../../signature.ts'
import { pullsOf, suitesOn } from '../../../state/find.ts'
import type { GitPerson } from '../../../storage/git-storage.ts'
import { shownPulls } from '../../carrying-pulls.ts'
import { connection } from '../connection.ts'
import { type Args, type Fields, type GraphqlCall, needs } from '../graphql-call.ts'
import {
  type CommitThing,
  commitThing,
  type EntryThing,
  type GitActorThing,
  pullThing,
  repositoryThing,
} from '../things.ts'
import { rollupOf } from './check-fields.ts'
import { commitPage } from './git-fields.ts'

export const commitFields: Fields<CommitThing> = {
  id: ({ within, git }) => nodeId('Commit', within, git.sha),
  oid: ({ git }) => git.sha,
  abbreviatedOid: ({ git }) => git.sha.slice(0, 7),
  url: ({ within, git }, _, call) => commitPage(call, within, git.sha),
  message: ({ git }) => git.message,
  messageHeadline: ({ git }) => git.message.split('\n')[0] ?? '',
  messageBody: ({ git }) => git.message.split('\n').slice(1).join('\n').trim(),
  authoredDate: ({ git }) => dateOf(git.author),
  committedDate: ({ git }) => dateOf(git.committer),
  committedViaWeb: ({ git }) => git.committer.email === 'noreply@github.com',
  author: ({ git }) => gitActor(git.author),
  committer: ({ git }) => gitActor(git.committer),
  authors,
  repository: ({ within }, _, call) => repositoryThing(call, within),
  tree: ({ within, git }) => ({ __typename: 'Tree', within, sha: git.tree, at: '' }),
  file: async ({ within, git }, { path }, { github }): Promise<EntryThing | null> => {
    const entry = await github.storage.entry(within, git.sha, String(path))
    return entry === null
      ? null
      : { __typename: 'TreeEntry', within, at: String(path), octal: entry.mode, sha: entry.oid }
  },
  // GitHub: "if the calculation is not available, null"; here it always is
  changedFilesIfAvailable: async ({ within, git }, _, { github }) =>
    (await github.storage.diff(within, git.parents[0] ?? null, git.sha)).length,
  parents: async ({ within, git }, args, call) =>
    connection('parents', await Promise.all(git.parents.map((sha) => commitThing(call, within, sha))), args),
  history,
  associatedPullRequests: async ({ within, git }, args, call) => {
    needs(call, within, 'pull_requests')
    const pulls = await shownPulls(call.github, pullsOf(call.github.state, within), git.sha)
    return connection(
      'associatedPullRequests',
      pulls.map((one) => pullThing(call, within, one.number)),
      args,
    )
  },
  checkSuites: ({ within, git }, args, call) => {
    needs(call, within, 'checks')
    const { appId, checkName } = (args.filterBy ?? {}) as { readonly appId?: number; readonly checkName?: string }
    const runs = [...call.github.state.runs.values()]
    const suites = suitesOn(call.github.state, within, git.sha)
      .filter((suite) => appId == null || suite.app === appId)
      .filter((suite) => checkName == null || runs.some((run) => run.suite === suite.id && run.name === checkName))
    return connection(
      'checkSuites',
      suites.map((suite) => ({ __typename: 'CheckSuite', suite })),
      args,
    )
  },
  statusCheckRollup: ({ within, git }, _, call) => rollupOf(call, within, git.sha),
  signature: ({ git }, _, call) => {
    const known = signatureOf(call.github.state, git)
    if (known === null) return null
    return {
      __typename: 'GpgSignature',
      email: git.committer.email,
      isValid: known.isValid,
      wasSignedByGitHub: known.wasSignedByGitHub,
      state: known.isValid ? 'VALID' : 'UNKNOWN_KEY',
      payload: git.signedPayload,
      signature: git.signature ?? '',
      signer: null,
      verifiedAt: null,
    }
  },
}

/** The author and those that the message names as co-authors, each once. */
function authors({ git }: CommitThing, args: Args) {
  const named = [...git.message.matchAll(/^co-authored-by:\s*(.*?)\s*<([^>]+)>\s*$/gim)]
  const others = named.map(([, name = '', email = '']): GitPerson => ({ ...git.author, name, email }))
  const all = new Map([git.author, ...others].map((person) => [person.email.toLowerCase(), person]))
  return connection('authors', [...all.values()].map(gitActor), args)
}

async function history({ within, git }: CommitThing, args: Args, call: GraphqlCall) {
  const path = typeof args.path === 'string' ? { path: args.path } : {}
  const all = (await call.github.storage.history(within, git.sha, path)) as readonly string[]
  const page = connection('history', all, args)
  const nodes = await Promise.all(page.nodes.map((sha) => commitThing(call, within, sha)))
  const edges = page.edges.map((edge, index) => ({ ...edge, node: nodes[index] }))
  return { ...page, nodes, edges }
}

function gitActor(person: GitPerson): GitActorThing {
  return { __typename: 'GitActor', person }
}

function dateOf(person: GitPerson): string {
  return new Date(person.at * 1000).toISOString().replace('.000Z', 'Z')
}
