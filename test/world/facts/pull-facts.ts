import { expect } from 'vitest'
import type { Fact } from './fact.ts'

const PULLS = 'rest/pulls/pulls'
const REVIEWS = 'rest/pulls/reviews'
const PROTECTION =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches'
const ONE_REVIEW = { required_pull_request_reviews: { required_approving_review_count: 1 } }

export const PULL_FACTS: readonly Fact[] = [
  {
    id: 'first-mergeable-null',
    sentence: 'The first answer whether a pull request can be merged is null.',
    page: 'rest/pulls/pulls#get-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const { branch } = await api.pull()
      const other = await api.base()
      const pull = await api.ada.rest.pulls.create({ ...api.here, title: 'other', head: branch, base: other })
      expect(pull.data.mergeable).toBeNull()
    },
  },
  {
    id: 'other-head-409',
    sentence: 'A merge that pins another head is refused with 409.',
    page: 'rest/pulls/pulls#merge-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const pull = await api.pull()
      await api.mergeable(pull.number)
      expect(
        await api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: pull.number, sha: 'a'.repeat(40) })),
      ).toBe(409)
    },
  },
  {
    id: 'draft-405',
    sentence: 'A draft cannot be merged: 405.',
    page: 'rest/pulls/pulls#merge-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull({ draft: true })
      await api.mergeable(number)
      expect(await api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: number }))).toBe(405)
    },
  },
  {
    id: 'conflict-405',
    sentence: 'A pull request in conflict cannot be merged: 405, and mergeable is false.',
    page: 'rest/pulls/pulls#merge-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const base = await api.base()
      const { number } = await api.pull({ base, files: { 'clash.txt': 'ours\n' } })
      await api.push(base, { 'clash.txt': 'theirs\n' })
      expect(await api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: number }))).toBe(405)
    },
  },
  {
    id: 'nothing-pins-the-base',
    sentence: 'Nothing pins the base of a merge: it lands on whatever the base is by then.',
    page: 'rest/pulls/pulls#merge-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const base = await api.base()
      const { number, head } = await api.pull({ base })
      await api.mergeable(number)
      const moved = await api.push(base, { 'moved.txt': 'a' })
      const merged = await api.bot.rest.pulls.merge({ ...api.here, pull_number: number, sha: head })
      const commit = await api.ada.rest.git.getCommit({ ...api.here, commit_sha: merged.data.sha })
      expect(commit.data.parents.map((one) => one.sha)).toEqual([moved, head])
    },
  },
  {
    id: 'squash-sha',
    sentence: 'A squash is a new commit with the base as its only parent.',
    page: 'repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/about-merge-methods-on-github',
    status: 'documented',
    test: async (api) => {
      const base = await api.base()
      const before = (await api.ada.rest.git.getRef({ ...api.here, ref: `heads/${base}` })).data.object.sha
      const { number, head } = await api.pull({ base })
      await api.mergeable(number)
      const merged = await api.bot.rest.pulls.merge({ ...api.here, pull_number: number, merge_method: 'squash' })
      const commit = await api.ada.rest.git.getCommit({ ...api.here, commit_sha: merged.data.sha })
      expect(merged.data.sha).not.toBe(head)
      expect(commit.data.parents.map((one) => one.sha)).toEqual([before])
    },
  },
  {
    id: 'merged-twice',
    sentence: 'Merging what is merged is refused with 405, and GET merge answers 204.',
    page: 'rest/pulls/pulls#check-if-a-pull-request-has-been-merged',
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull({ base: await api.base() })
      const pull = { ...api.here, pull_number: number }
      await api.mergeable(number)
      expect(await api.statusOf(api.bot.rest.pulls.checkIfMerged(pull))).toBe(404)
      await api.bot.rest.pulls.merge(pull)
      expect((await api.bot.rest.pulls.checkIfMerged(pull)).status).toBe(204)
      expect(await api.statusOf(api.bot.rest.pulls.merge(pull))).toBe(405)
    },
  },
  {
    id: 'merge-commit-names-its-pull',
    sentence: 'The commit that landed is associated with the pull request that it came from.',
    page: 'rest/commits/commits#list-pull-requests-associated-with-a-commit',
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull({ base: await api.base() })
      await api.mergeable(number)
      const { sha } = (await api.bot.rest.pulls.merge({ ...api.here, pull_number: number })).data
      const pulls = await api.ada.rest.repos.listPullRequestsAssociatedWithCommit({ ...api.here, commit_sha: sha })
      expect(pulls.data.map((one) => one.number)).toEqual([number])
    },
  },
  {
    id: 'strict-holds-behind',
    sentence: 'Where branches must be up to date, a merge that is behind is refused with 405.',
    page: PROTECTION,
    status: 'documented',
    test: async (api) => {
      const checks = { strict: true, contexts: [], checks: [{ context: 'weighbridge' }] }
      const base = await api.base()
      const { number, head } = await api.pull({ base })
      await api.push(base, { 'ahead.txt': 'a' })
      await api.ada.rest.repos.updateBranchProtection({
        ...api.here,
        branch: base,
        required_status_checks: checks,
        enforce_admins: true,
        required_pull_request_reviews: null,
        restrictions: null,
      })
      await api.check(head, 'success')
      await api.mergeable(number)
      expect(await api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: number }))).toBe(405)
    },
  },
  {
    id: 'one-pull-a-head-and-base',
    sentence: 'One head and base have one open pull request; the same head may go into another base.',
    page: 'rest/pulls/pulls#create-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const { branch } = await api.pull()
      const open = (base: string) =>
        api.statusOf(api.bob.rest.pulls.create({ ...api.here, title: 't', head: branch, base }))
      expect(await open('main')).toBe(422)
      expect(await open(await api.base())).toBe(200)
    },
  },
  {
    id: 'empty-pull',
    sentence: 'A pull request without commits is refused with 422.',
    page: 'rest/pulls/pulls#create-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const { name } = await api.branch()
      expect(await api.statusOf(api.ada.rest.pulls.create({ ...api.here, title: 't', head: name, base: 'main' }))).toBe(
        422,
      )
    },
  },
  {
    id: 'force-push-moves-head',
    sentence: 'A force-push moves the head of its pull requests; reviews keep the commit that they were given on.',
    page: REVIEWS,
    status: 'documented',
    test: async (api) => {
      const pull = await api.pull({ base: await api.base() })
      const review = await api.bob.rest.pulls.createReview({ ...api.here, pull_number: pull.number, event: 'APPROVE' })
      const other = await api.branch({ 'other.txt': 'b' })
      await api.ada.rest.git.updateRef({ ...api.here, ref: `heads/${pull.branch}`, sha: other.sha, force: true })
      const now = await api.ada.rest.pulls.get({ ...api.here, pull_number: pull.number })
      const [kept] = (await api.ada.rest.pulls.listReviews({ ...api.here, pull_number: pull.number })).data
      expect(now.data.head.sha).toBe(other.sha)
      expect([kept?.id, kept?.commit_id, kept?.state]).toEqual([review.data.id, pull.head, 'APPROVED'])
    },
  },
  {
    id: 'author-cannot-approve',
    sentence: 'An author can neither approve the own pull request nor request changes to it.',
    page: REVIEWS,
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull()
      const say = (event: 'APPROVE' | 'REQUEST_CHANGES') =>
        api.statusOf(api.ada.rest.pulls.createReview({ ...api.here, pull_number: number, event, body: 'x' }))
      expect([await say('APPROVE'), await say('REQUEST_CHANGES')]).toEqual([422, 422])
    },
  },
  {
    id: 'required-review-holds',
    sentence: 'A required review holds a merge until somebody with write access approves.',
    page: PROTECTION,
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull({ base: await api.base(ONE_REVIEW) })
      await api.mergeable(number)
      const merge = () => api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: number }))
      expect(await merge()).toBe(405)
      await api.bob.rest.pulls.createReview({ ...api.here, pull_number: number, event: 'APPROVE' })
      expect(await merge()).toBe(200)
    },
  },
  {
    id: 'approvals-outlive-pushes',
    sentence: 'An approval stands after a push, unless the base asks for stale ones to be dismissed.',
    page: PROTECTION,
    status: 'documented',
    test: async (api) => {
      const stale = {
        required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true },
      }
      for (const [protection, state] of [
        [ONE_REVIEW, 'APPROVED'],
        [stale, 'DISMISSED'],
      ] as const) {
        const pull = await api.pull({ base: await api.base(protection) })
        await api.bob.rest.pulls.createReview({ ...api.here, pull_number: pull.number, event: 'APPROVE' })
        await api.push(pull.branch, { 'more.txt': `${pull.number}` })
        const [review] = (await api.ada.rest.pulls.listReviews({ ...api.here, pull_number: pull.number })).data
        expect(review?.state).toBe(state)
      }
    },
  },
  {
    id: 'comments-are-no-opinion',
    sentence: 'A later comment does not take an approval back: latestOpinionatedReviews still shows it.',
    page: 'graphql/reference/objects#pullrequest',
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull()
      await api.bob.rest.pulls.createReview({ ...api.here, pull_number: number, event: 'APPROVE' })
      await api.bob.rest.pulls.createReview({ ...api.here, pull_number: number, event: 'COMMENT', body: 'a thought' })
      const answer = await api.bot.graphql(
        `query Opinions($owner: String!, $repo: String!, $number: Int!) {
          repository(owner: $owner, name: $repo) {
            pullRequest(number: $number) { latestOpinionatedReviews(first: 5, writersOnly: true) { nodes { state } } }
          }
        }`,
        { ...api.here, number },
      )
      expect(answer).toMatchObject({
        repository: { pullRequest: { latestOpinionatedReviews: { nodes: [{ state: 'APPROVED' }] } } },
      })
    },
  },
  {
    id: 'base-sha-lags',
    sentence: 'base.sha of a pull request is where the base was, not where it is.',
    page: PULLS,
    status: 'open',
    test: async (api) => {
      const base = await api.base()
      const { number } = await api.pull({ base })
      const moved = await api.push(base, { 'lag.txt': 'a' })
      const pull = await api.ada.rest.pulls.get({ ...api.here, pull_number: number })
      expect(pull.data.base.sha).not.toBe(moved)
    },
  },
  {
    id: 'retarget',
    sentence: 'Changing the base keeps the number, the head and the checks.',
    page: 'rest/pulls/pulls#update-a-pull-request',
    status: 'documented',
    test: async (api) => {
      const { number, head } = await api.pull()
      const base = await api.base()
      await api.check(head, 'success')
      const pull = await api.ada.rest.pulls.update({ ...api.here, pull_number: number, base })
      const runs = await api.bot.rest.checks.listForRef({ ...api.here, ref: head })
      expect([pull.data.base.ref, pull.data.head.sha, runs.data.total_count]).toEqual([base, head, 1])
    },
  },
  {
    id: 'pulls-are-issues',
    sentence: 'A pull request is listed among the issues, marked by `pull_request`.',
    page: 'rest/issues/issues#list-repository-issues',
    status: 'documented',
    test: async (api) => {
      const { number } = await api.pull()
      const issue = await api.ada.rest.issues.get({ ...api.here, issue_number: number })
      expect(issue.data.pull_request?.url).toContain(`/pulls/${number}`)
    },
  },
  {
    id: 'renames-have-a-past-in-rest-only',
    sentence: 'A renamed file carries its old path in REST; GraphQL does not tell it.',
    page: 'graphql/reference/objects#pullrequestchangedfile',
    status: 'documented',
    test: async (api) => {
      const base = await api.base()
      await api.push(base, { 'before.txt': 'the same text\n'.repeat(20) })
      const { name } = await api.branch({}, { from: base })
      const commit = await api.ada.rest.git.getCommit({
        ...api.here,
        commit_sha: (await api.ada.rest.git.getRef({ ...api.here, ref: `heads/${name}` })).data.object.sha,
      })
      const files = [
        { path: 'before.txt', mode: '100644', type: 'blob', sha: null },
        { path: 'after.txt', mode: '100644', type: 'blob', content: 'the same text\n'.repeat(20) },
      ] as const
      const tree = await api.ada.rest.git.createTree({ ...api.here, base_tree: commit.data.tree.sha, tree: [...files] })
      const moved = await api.ada.rest.git.createCommit({
        ...api.here,
        message: 'Move',
        tree: tree.data.sha,
        parents: [commit.data.sha],
      })
      await api.ada.rest.git.updateRef({ ...api.here, ref: `heads/${name}`, sha: moved.data.sha })
      const pull = await api.ada.rest.pulls.create({ ...api.here, title: 'move', head: name, base })
      const listed = await api.ada.rest.pulls.listFiles({ ...api.here, pull_number: pull.data.number })
      expect(listed.data).toMatchObject([{ filename: 'after.txt', previous_filename: 'before.txt', status: 'renamed' }])
    },
  },
]
