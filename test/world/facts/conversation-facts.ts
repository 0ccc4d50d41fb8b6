import { expect } from 'vitest'
import type { Fact, FactApi } from './fact.ts'

interface GraphqlErrors {
  readonly errors?: readonly { readonly type?: string; readonly path?: readonly string[] }[]
  readonly data?: unknown
}

/** What a query answers, its errors included. */
async function answerTo(api: FactApi, query: string, variables: object): Promise<GraphqlErrors> {
  return api.bot.graphql<object>(query, { ...variables }).then(
    (data) => ({ data }),
    (error: GraphqlErrors) => error,
  )
}

const REF_QUERY = `query Ref($owner: String!, $repo: String!, $ref: String!) {
  repository(owner: $owner, name: $repo) {
    ref(qualifiedName: $ref) { associatedPullRequests(states: OPEN, first: 10) { nodes { number changedFiles } } }
  }
}`
const THREAD_QUERY = `query Thread($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { issueOrPullRequest(number: $number) { __typename } }
}`
const COMMIT_QUERY = `query Commit($owner: String!, $repo: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $repo) { object(oid: $oid) { ... on Commit { changedFilesIfAvailable author { email } } } }
}`

export const CONVERSATION_FACTS: readonly Fact[] = [
  {
    id: 'deleted-comment-is-not-found',
    sentence: 'The node of a deleted comment is null, with one error of type NOT_FOUND at its own path.',
    page: 'graphql/guides/using-global-node-ids',
    status: 'open',
    test: async (api) => {
      const issue_number = (await api.bot.rest.issues.create({ ...api.here, title: 'A fact' })).data.number
      const { id, node_id } = (await api.bot.rest.issues.createComment({ ...api.here, issue_number, body: '/help' }))
        .data
      await api.bot.rest.issues.deleteComment({ ...api.here, comment_id: id })
      const answer = await answerTo(api, 'query Gone($id: ID!) { gone: node(id: $id) { id } }', { id: node_id })
      expect(answer.errors?.map(({ type, path }) => [type, path])).toEqual([['NOT_FOUND', ['gone']]])
      expect(answer.data).toEqual({ gone: null })
    },
  },
  {
    id: 'one-number-for-both',
    sentence: 'issueOrPullRequest finds either by its number and says which it is.',
    page: 'graphql/reference/objects#repository',
    status: 'documented',
    test: async (api) => {
      const issue = (await api.bot.rest.issues.create({ ...api.here, title: 'A fact' })).data.number
      const { number: pull } = await api.pull()
      for (const [number, __typename] of [
        [issue, 'Issue'],
        [pull, 'PullRequest'],
      ] as const)
        expect(await answerTo(api, THREAD_QUERY, { ...api.here, number })).toMatchObject({
          data: { repository: { issueOrPullRequest: { __typename } } },
        })
    },
  },
  {
    id: 'ref-knows-its-pulls',
    sentence: 'A ref lists the open pull requests that have it as their head, with how many paths each changes.',
    page: 'graphql/reference/objects#ref',
    status: 'documented',
    test: async (api) => {
      const { number, branch } = await api.pull({ files: { 'one.txt': '1\n', 'two.txt': '2\n' } })
      expect(await answerTo(api, REF_QUERY, { ...api.here, ref: `refs/heads/${branch}` })).toEqual({
        data: { repository: { ref: { associatedPullRequests: { nodes: [{ number, changedFiles: 2 }] } } } },
      })
    },
  },
  {
    id: 'bots-commit-under-their-number',
    sentence: 'A commit that an app makes has the author id+login@users.noreply..., and counts the paths it changed.',
    page: 'account-and-profile/reference/email-addresses-reference#your-noreply-email-address',
    status: 'open',
    test: async (api) => {
      const { sha } = await api.branch({ 'counted-1.txt': '1\n', 'counted-2.txt': '2\n' }, { by: api.bot })
      const { slug } = (await api.itself.rest.apps.getAuthenticated()).data ?? {}
      const bot = (await api.bot.rest.users.getByUsername({ username: `${slug}[bot]` })).data
      expect(await answerTo(api, COMMIT_QUERY, { ...api.here, oid: sha })).toMatchObject({
        data: {
          repository: {
            object: {
              changedFilesIfAvailable: 2,
              author: { email: expect.stringContaining(`${bot.id}+${bot.login}@users.noreply.`) },
            },
          },
        },
      })
    },
  },
  {
    id: 'emptied-pull-closes',
    sentence:
      'A pull request whose branch is moved to its base is closed; one that is moved to a new commit stays open.',
    page: 'pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/about-pull-requests',
    status: 'open',
    test: null,
  },
  {
    id: 'logs-lie-elsewhere',
    sentence: 'Logs and artifacts of github.com are redirected to signed addresses of other hosts that take no token.',
    page: 'actions/reference/runners/self-hosted-runners#communication-requirements',
    status: 'open',
    test: null,
  },
]
