import { expect } from 'vitest'
import type { Fact, FactApi } from './fact.ts'

const LIMITS = 'graphql/overview/rate-limits-and-query-limits-for-the-graphql-api'

async function issue(api: FactApi): Promise<number> {
  return (await api.bot.rest.issues.create({ ...api.here, title: 'A fact' })).data.number
}

const ask = (api: FactApi, selection: string) =>
  api.bot.graphql(
    `query Ask($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${selection} } }`,
    { ...api.here },
  )

export const API_FACTS: readonly Fact[] = [
  {
    id: 'guid-stays',
    sentence: 'A redelivery has the GUID of the delivery that it repeats, and an id of its own.',
    page: 'webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks',
    status: 'documented',
    test: async (api) => {
      await api.pull()
      const list = async () => (await api.itself.rest.apps.listWebhookDeliveries({ per_page: 100 })).data
      const [first] = await list()
      await api.itself.rest.apps.redeliverWebhookDelivery({ delivery_id: first?.id ?? 0 })
      const [again] = await list()
      expect([again?.guid, again?.redelivery, again?.id === first?.id]).toEqual([first?.guid, true, false])
    },
  },
  {
    id: 'deliveries-by-cursor',
    sentence: "An app's deliveries are listed newest first, page by page with a cursor.",
    page: 'rest/apps/webhooks#list-deliveries-for-an-app-webhook',
    status: 'documented',
    test: async (api) => {
      await api.pull()
      await api.pull()
      const page = await api.itself.rest.apps.listWebhookDeliveries({ per_page: 1 })
      const cursor = /[?&]cursor=([^&>]+)/.exec(page.headers.link ?? '')?.[1] ?? ''
      const next = await api.itself.rest.apps.listWebhookDeliveries({ per_page: 1, cursor })
      expect(next.data[0]?.id).toBeLessThan(page.data[0]?.id ?? 0)
    },
  },
  {
    id: '304-is-free',
    sentence: 'A conditional request that is answered 304 costs nothing of the hour.',
    page: 'rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate',
    status: 'documented',
    test: async (api) => {
      const first = await api.bot.rest.repos.get(api.here)
      const left = async () => (await api.bot.rest.rateLimit.get()).data.resources.core.remaining
      const before = await left()
      const headers = { 'if-none-match': first.headers.etag ?? '' }
      expect(await api.statusOf(api.bot.request('GET /repos/{owner}/{repo}', { ...api.here, headers }))).toBe(304)
      expect(await left()).toBe(before)
    },
  },
  {
    id: 'rate-limit-is-free',
    sentence: 'Asking what is left of the hour costs nothing of it.',
    page: 'rest/rate-limit/rate-limit',
    status: 'documented',
    test: async (api) => {
      const left = async () => (await api.bot.rest.rateLimit.get()).data.resources.core.remaining
      expect(await left()).toBe(await left())
    },
  },
  {
    id: 'bot-login',
    sentence: 'In REST a bot is called `name[bot]`, in GraphQL `name`.',
    page: 'graphql/reference/objects#bot',
    status: 'open',
    test: async (api) => {
      const number = await issue(api)
      const rest = (await api.bot.rest.issues.get({ ...api.here, issue_number: number })).data.user?.login ?? ''
      const answer = await ask(api, `issue(number: ${number}) { author { __typename login } }`)
      expect(answer).toMatchObject({
        repository: { issue: { author: { __typename: 'Bot', login: rest.replace('[bot]', '') } } },
      })
    },
  },
  {
    id: 'pages-are-bounded',
    sentence: 'A GraphQL list asks for its `first` or `last`, at most 100.',
    page: LIMITS,
    status: 'documented',
    test: async (api) => {
      expect(await api.errorsOf(ask(api, 'issues { totalCount }'))).toEqual(['MISSING_PAGINATION_BOUNDARIES'])
      expect(await api.errorsOf(ask(api, 'issues(first: 101) { totalCount }'))).toEqual(['EXCESSIVE_PAGINATION'])
    },
  },
  {
    id: 'node-limit',
    sentence: 'A query that could answer more than 500,000 nodes is refused before it runs.',
    page: LIMITS,
    status: 'documented',
    test: async (api) => {
      const deep =
        'pullRequests(first: 100) { nodes { commits(first: 100) { nodes { commit { authors(first: 100) { nodes { name } } } } } } }'
      expect(await api.errorsOf(ask(api, deep))).toEqual(['MAX_NODE_LIMIT_EXCEEDED'])
    },
  },
  {
    id: 'not-found-is-200',
    sentence: 'What GraphQL does not find is null with an error of type NOT_FOUND, with status 200.',
    page: 'graphql/guides/forming-calls-with-graphql',
    status: 'documented',
    test: async (api) =>
      expect(await api.errorsOf(ask(api, 'pullRequest(number: 999999) { title }'))).toEqual(['NOT_FOUND']),
  },
  {
    id: 'tokens-narrow-only',
    sentence: 'An installation token never has more than the installation.',
    page: 'rest/apps/apps#create-an-installation-access-token-for-an-app',
    status: 'documented',
    test: async (api) => {
      const { id } = (await api.itself.rest.apps.getRepoInstallation(api.here)).data
      const more = { permissions: { organization_administration: 'write' as const } }
      expect(
        await api.statusOf(api.itself.rest.apps.createInstallationAccessToken({ installation_id: id, ...more })),
      ).toBe(422)
    },
  },
  {
    id: 'apps-cannot-administer',
    sentence: 'An app without a permission is told "Resource not accessible by integration".',
    page: 'rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible',
    status: 'documented',
    test: async (api) => {
      const body = {
        required_status_checks: null,
        enforce_admins: null,
        required_pull_request_reviews: null,
        restrictions: null,
      }
      const asked = api.bot.rest.repos.updateBranchProtection({ ...api.here, branch: 'main', ...body })
      await expect(asked).rejects.toThrow('Resource not accessible by integration')
    },
  },
  {
    id: 'tokens-are-not-keys',
    sentence: 'Routes of the app take its own JWT and no token.',
    page: 'rest/apps/apps',
    status: 'documented',
    test: async (api) => expect(await api.statusOf(api.bot.rest.apps.getAuthenticated())).toBe(401),
  },
  {
    id: 'empty-comment',
    sentence: 'A comment needs a text, of at most 65,536 characters.',
    page: 'rest/issues/comments#create-an-issue-comment',
    status: 'documented',
    test: async (api) => {
      const issue_number = await issue(api)
      const say = (body: string) => api.statusOf(api.bot.rest.issues.createComment({ ...api.here, issue_number, body }))
      expect([await say(''), await say('x'.repeat(65_537)), await say('x'.repeat(65_536))]).toEqual([422, 422, 200])
    },
  },
  {
    id: 'edits-leave-a-mark',
    sentence: 'An edited comment has a lastEditedAt; one that was not has none.',
    page: 'graphql/reference/objects#issuecomment',
    status: 'documented',
    test: async (api) => {
      const issue_number = await issue(api)
      const { id } = (await api.bot.rest.issues.createComment({ ...api.here, issue_number, body: 'one' })).data
      const edited = async () => {
        const answer = await ask(
          api,
          `issue(number: ${issue_number}) { comments(first: 1) { nodes { lastEditedAt } } }`,
        )
        return (answer as Comments).repository.issue.comments.nodes[0]?.lastEditedAt
      }
      expect(await edited()).toBeNull()
      await api.bot.rest.issues.updateComment({ ...api.here, comment_id: id, body: 'two' })
      expect(await edited()).toEqual(expect.any(String))
    },
  },
  {
    id: 'folded-comments-stay',
    sentence: 'A minimised comment stays in the list with its text.',
    page: 'graphql/reference/mutations#minimizecomment',
    status: 'documented',
    test: async (api) => {
      const issue_number = await issue(api)
      const { node_id } = (await api.bot.rest.issues.createComment({ ...api.here, issue_number, body: 'old' })).data
      const fold =
        'mutation Fold($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized minimizedReason } } }'
      expect(await api.bot.graphql(fold, { id: node_id })).toMatchObject({
        minimizeComment: { minimizedComment: { isMinimized: true } },
      })
      expect(
        (await api.bot.rest.issues.listComments({ ...api.here, issue_number })).data.map((one) => one.body),
      ).toEqual(['old'])
    },
  },
  {
    id: 'reactions-are-there-once',
    sentence: 'The same reaction again answers 200 instead of 201 and adds none.',
    page: 'rest/reactions/reactions#create-reaction-for-an-issue-comment',
    status: 'documented',
    test: async (api) => {
      const issue_number = await issue(api)
      const { id } = (await api.bot.rest.issues.createComment({ ...api.here, issue_number, body: '/help' })).data
      const react = async () =>
        (await api.bot.rest.reactions.createForIssueComment({ ...api.here, comment_id: id, content: 'eyes' })).status
      expect([await react(), await react()]).toEqual([201, 200])
    },
  },
  {
    id: 'deployments-wait-for-checks',
    sentence: 'A deployment of a commit whose checks failed is refused with 409, unless no contexts are required.',
    page: 'rest/deployments/deployments#create-a-deployment',
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'deploy.txt': 'a' })
      await api.ada.rest.repos.createCommitStatus({ ...api.here, sha, state: 'failure', context: 'ci' })
      const deploy = (more: { readonly required_contexts?: string[] }) =>
        api.statusOf(api.bot.rest.repos.createDeployment({ ...api.here, ref: sha, auto_merge: false, ...more }))
      expect([await deploy({}), await deploy({ required_contexts: [] })]).toEqual([409, 200])
    },
  },
  {
    id: 'success-retires-the-others',
    sentence: "A deployment that succeeds makes its environment's earlier ones inactive.",
    page: 'rest/deployments/statuses#create-a-deployment-status',
    status: 'documented',
    test: async (api) => {
      const deploy = async () => {
        const { data } = await api.bot.rest.repos.createDeployment({
          ...api.here,
          ref: 'main',
          environment: 'retire',
          auto_merge: false,
          required_contexts: [],
        })
        const deployment_id = 'id' in data ? data.id : 0
        await api.bot.rest.repos.createDeploymentStatus({ ...api.here, deployment_id, state: 'success' })
        return deployment_id
      }
      const [first] = [await deploy(), await deploy()]
      const states = await api.bot.rest.repos.listDeploymentStatuses({ ...api.here, deployment_id: first })
      expect(states.data[0]?.state).toBe('inactive')
    },
  },
  {
    id: 'no-status-is-pending',
    sentence: 'The combined status of a commit without statuses is pending.',
    page: 'rest/commits/statuses#get-the-combined-status-for-a-specific-reference',
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'quiet.txt': 'a' })
      const combined = await api.bot.rest.repos.getCombinedStatusForRef({ ...api.here, ref: sha })
      expect([combined.data.state, combined.data.total_count]).toEqual(['pending', 0])
    },
  },
  {
    id: 'one-pending-run-a-group',
    sentence: 'A concurrency group holds at most one pending run; a newer one replaces it.',
    page: 'actions/using-jobs/using-concurrency',
    status: 'documented',
    test: null,
  },
]

interface Comments {
  readonly repository: {
    readonly issue: { readonly comments: { readonly nodes: readonly { readonly lastEditedAt: string | null }[] } }
  }
}
