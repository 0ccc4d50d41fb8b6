import { expect } from 'vitest'
import type { Conclusion, Fact, FactApi } from './fact.ts'

const STATUS_CHECKS =
  'pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks'
const RUNS = 'rest/checks/runs'
const PROTECTION =
  'repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches'

const NOTE = { path: 'README.md', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'here' } as const
const required = (checks: readonly { context: string; app_id?: number }[], strict = false) => ({
  required_status_checks: { strict, contexts: [], checks: [...checks] },
})

/** How the merge of a pull request ends whose required check concluded like this. */
async function mergeWith(api: FactApi, conclusion: Conclusion | null): Promise<number> {
  const base = await api.base(required([{ context: 'weighbridge' }]))
  const pull = await api.pull({ base })
  if (conclusion !== null) await api.check(pull.head, conclusion)
  await api.mergeable(pull.number)
  return api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: pull.number, sha: pull.head }))
}

const lets = (conclusion: Conclusion): Fact => ({
  id: `${conclusion}-passes`,
  sentence: `A required check that concluded ${conclusion} lets a merge through.`,
  page: STATUS_CHECKS,
  status: 'documented',
  test: async (api) => expect(await mergeWith(api, conclusion)).toBe(200),
})

const holds = (conclusion: Conclusion): Fact => ({
  id: `${conclusion}-holds`,
  sentence: `A required check that concluded ${conclusion} holds a merge.`,
  page: STATUS_CHECKS,
  status: 'documented',
  test: async (api) => expect(await mergeWith(api, conclusion)).toBe(405),
})

export const CHECK_FACTS: readonly Fact[] = [
  lets('success'),
  lets('neutral'),
  lets('skipped'),
  holds('failure'),
  holds('action_required'),
  holds('cancelled'),
  holds('timed_out'),
  {
    id: 'missing-check-holds',
    sentence: 'A required check that nobody wrote holds a merge.',
    page: PROTECTION,
    status: 'documented',
    test: async (api) => expect(await mergeWith(api, null)).toBe(405),
  },
  {
    id: 'check-by-sha',
    sentence: 'A check run belongs to a commit: two pull requests with one head have the same checks.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const base = await api.base(required([{ context: 'weighbridge' }]))
      const pull = await api.pull({ base })
      const twin = await api.base()
      await api.ada.rest.pulls.create({ ...api.here, title: 'twin', head: pull.branch, base: twin })
      await api.check(pull.head, 'success')
      const merge = api.bot.rest.pulls.merge({ ...api.here, pull_number: pull.number })
      await api.mergeable(pull.number)
      expect(await api.statusOf(merge)).toBe(200)
    },
  },
  {
    id: 'annotations-append',
    sentence: 'Updating a check run adds its annotations to those that are there.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'annotated.txt': 'a' })
      const run = { ...api.here, check_run_id: await api.check(sha, 'success') }
      const output = { title: 't', summary: 's', annotations: [NOTE] }
      await api.bot.rest.checks.update({ ...run, output })
      await api.bot.rest.checks.update({ ...run, output })
      expect((await api.bot.rest.checks.listAnnotations(run)).data).toHaveLength(2)
    },
  },
  {
    id: 'fifty-annotations',
    sentence: 'One request carries at most 50 annotations.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'many.txt': 'a' })
      const output = { title: 't', summary: 's', annotations: Array(51).fill(NOTE) }
      expect(await api.statusOf(api.bot.rest.checks.create({ ...api.here, name: 'x', head_sha: sha, output }))).toBe(
        422,
      )
    },
  },
  {
    id: 'long-summary',
    sentence: 'A summary has at most 65,535 characters.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'long.txt': 'a' })
      const output = { title: 't', summary: 'x'.repeat(65_536) }
      expect(await api.statusOf(api.bot.rest.checks.create({ ...api.here, name: 'x', head_sha: sha, output }))).toBe(
        422,
      )
    },
  },
  {
    id: 'rerequest-resets-suite',
    sentence: 'Asking for a run again sets its suite to queued and leaves the run as it is.',
    page: 'rest/checks/runs#rerequest-a-check-run',
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'again.txt': 'a' })
      const id = await api.check(sha, 'failure')
      await api.bot.rest.checks.rerequestRun({ ...api.here, check_run_id: id })
      const run = await api.bot.rest.checks.get({ ...api.here, check_run_id: id })
      const suites = await api.bot.rest.checks.listSuitesForRef({ ...api.here, ref: sha, app_id: api.appId })
      expect([run.data.status, run.data.conclusion]).toEqual(['completed', 'failure'])
      expect(suites.data.check_suites[0]?.status).toBe('queued')
    },
  },
  {
    id: 'apps-write-checks',
    sentence: 'Only apps write check runs.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch()
      expect(await api.statusOf(api.ada.rest.checks.create({ ...api.here, name: 'x', head_sha: sha }))).toBe(403)
    },
  },
  {
    id: 'latest-run-counts',
    sentence: 'Of several runs of one name on a commit the latest counts, for lists and for rules.',
    page: 'rest/checks/runs#list-check-runs-for-a-git-reference',
    status: 'documented',
    test: async (api) => {
      const base = await api.base(required([{ context: 'weighbridge' }]))
      const pull = await api.pull({ base })
      await api.check(pull.head, 'failure')
      const latest = await api.check(pull.head, 'success')
      const runs = (filter: 'latest' | 'all') => api.bot.rest.checks.listForRef({ ...api.here, ref: pull.head, filter })
      await api.mergeable(pull.number)
      expect((await runs('latest')).data.check_runs.map((run) => run.id)).toEqual([latest])
      expect((await runs('all')).data.total_count).toBe(2)
      expect(await api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: pull.number }))).toBe(200)
    },
  },
  {
    id: 'latest-run-in-progress',
    sentence: 'While the latest run of a required name is in progress, an older success does not count.',
    page: STATUS_CHECKS,
    status: 'open',
    test: async (api) => {
      const base = await api.base(required([{ context: 'weighbridge' }]))
      const pull = await api.pull({ base })
      await api.check(pull.head, 'success')
      await api.check(pull.head, null)
      await api.mergeable(pull.number)
      expect(await api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: pull.number }))).toBe(405)
    },
  },
  {
    id: 'expected-source',
    sentence: 'A required check with an expected source is satisfied by that app only.',
    page: PROTECTION,
    status: 'documented',
    test: async (api) => {
      const base = await api.base(required([{ context: 'weighbridge', app_id: api.appId }]))
      const pull = await api.pull({ base })
      await api.ada.rest.repos.createCommitStatus({
        ...api.here,
        sha: pull.head,
        state: 'success',
        context: 'weighbridge',
      })
      await api.mergeable(pull.number)
      const merge = () => api.statusOf(api.bot.rest.pulls.merge({ ...api.here, pull_number: pull.number }))
      expect(await merge()).toBe(405)
      await api.check(pull.head, 'success')
      expect(await merge()).toBe(200)
    },
  },
  {
    id: 'any-source',
    sentence: 'Without an expected source anybody with write access satisfies a required check, by a commit status.',
    page: PROTECTION,
    status: 'documented',
    test: async (api) => {
      const base = await api.base(required([{ context: 'weighbridge' }]))
      const pull = await api.pull({ base })
      await api.bob.rest.repos.createCommitStatus({
        ...api.here,
        sha: pull.head,
        state: 'success',
        context: 'weighbridge',
      })
      await api.mergeable(pull.number)
      expect(await api.statusOf(api.ada.rest.pulls.merge({ ...api.here, pull_number: pull.number }))).toBe(200)
    },
  },
  {
    id: 'conclusion-completes',
    sentence: 'Giving a conclusion completes a run, and completing it takes a conclusion.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'complete.txt': 'a' })
      const run = await api.bot.rest.checks.create({ ...api.here, name: 'x', head_sha: sha, conclusion: 'success' })
      const half = api.bot.request('POST /repos/{owner}/{repo}/check-runs', {
        ...api.here,
        name: 'x',
        head_sha: sha,
        status: 'completed',
      } as never)
      expect(run.data.status).toBe('completed')
      expect(await api.statusOf(half)).toBe(422)
    },
  },
  {
    id: 'check-needs-commit',
    sentence: 'A check run on a commit that is not there is refused.',
    page: RUNS,
    status: 'documented',
    test: async (api) => {
      const create = api.bot.rest.checks.create({ ...api.here, name: 'x', head_sha: 'f'.repeat(40) })
      expect(await api.statusOf(create)).toBe(422)
    },
  },
  {
    id: 'is-required',
    sentence: 'CheckRun.isRequired tells for a pull request whether its base asks for that check.',
    page: 'graphql/reference/objects#checkrun',
    status: 'documented',
    test: async (api) => {
      const asked = await api.pull({ base: await api.base(required([{ context: 'weighbridge' }])) })
      const free = await api.pull()
      for (const { number, head } of [asked, free]) {
        await api.check(head, 'success')
        const answer = await api.bot.graphql<RequiredAnswer>(IS_REQUIRED, { ...api.here, number })
        const suite = answer.repository.pullRequest.commits.nodes[0]?.commit.checkSuites.nodes.find(
          (one) => one.checkRuns.nodes.length > 0,
        )
        expect(suite?.checkRuns.nodes[0]?.isRequired).toBe(number === asked.number)
      }
    },
  },
  {
    id: 'external-id-length',
    sentence: 'An external_id holds at least 255 characters.',
    page: RUNS,
    status: 'open',
    test: async (api) => {
      const { sha } = await api.branch({ 'external.txt': 'a' })
      const external_id = 'x'.repeat(255)
      const run = await api.bot.rest.checks.create({ ...api.here, name: 'x', head_sha: sha, external_id })
      expect(run.data.external_id).toBe(external_id)
    },
  },
  {
    id: 'who-presses-buttons',
    sentence: 'A button of a check run can be pressed by whoever may write to the repository.',
    page: 'rest/guides/using-the-rest-api-to-interact-with-checks#check-runs-and-requested-actions',
    status: 'open',
    test: null,
  },
]

interface RequiredAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly commits: {
        readonly nodes: readonly {
          readonly commit: {
            readonly checkSuites: {
              readonly nodes: readonly {
                readonly checkRuns: { readonly nodes: readonly { readonly isRequired: boolean }[] }
              }[]
            }
          }
        }[]
      }
    }
  }
}

const IS_REQUIRED = `query IsRequired($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      commits(last: 1) {
        nodes { commit { checkSuites(first: 10) { nodes { checkRuns(first: 1) { nodes { isRequired(pullRequestNumber: $number) } } } } } }
      }
    }
  }
}`
