import { expect } from 'vitest'
import type { Fact, FactApi } from './fact.ts'

const MUTATIONS = 'graphql/reference/mutations'
const NOWHERE = '0'.repeat(40)

const COMMIT = `mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) {
    commit { oid author { email } committer { email } signature { isValid wasSignedByGitHub } }
  }
}`
const UPDATE = 'mutation Update($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }'

interface Committed {
  readonly createCommitOnBranch: {
    readonly commit: {
      readonly oid: string
      readonly signature: { readonly isValid: boolean; readonly wasSignedByGitHub: boolean } | null
    }
  }
}

function commit(api: FactApi, branch: string, expectedHeadOid: string) {
  const input = {
    branch: { repositoryNameWithOwner: `${api.here.owner}/${api.here.repo}`, branchName: branch },
    expectedHeadOid,
    message: { headline: 'Add a fact' },
    fileChanges: { additions: [{ path: 'fact.txt', contents: Buffer.from('a fact\n').toString('base64') }] },
  }
  return api.bot.graphql<Committed>(COMMIT, { input })
}

async function update(api: FactApi, ref: string, beforeOid: string, afterOid: string): Promise<void> {
  const { node_id } = (await api.bot.rest.repos.get(api.here)).data
  await api.bot.graphql(UPDATE, { input: { repositoryId: node_id, refUpdates: [{ name: ref, beforeOid, afterOid }] } })
}

const tip = async (api: FactApi, branch: string) =>
  (await api.bot.rest.git.getRef({ ...api.here, ref: `heads/${branch}` })).data.object.sha

/** What GraphQL tells of one file. */
async function blobOf(api: FactApi, expression: string) {
  const query = `query File($owner: String!, $repo: String!, $expression: String!) {
    repository(owner: $owner, name: $repo) {
      object(expression: $expression) { ... on Blob { byteSize isBinary isTruncated text } }
    }
  }`
  const answer = await api.bot.graphql<{ readonly repository: { readonly object: Blob | null } }>(query, {
    ...api.here,
    expression,
  })
  return answer.repository.object
}

interface Blob {
  readonly byteSize: number
  readonly isBinary: boolean | null
  readonly isTruncated: boolean
  readonly text: string | null
}

export const GIT_FACTS: readonly Fact[] = [
  {
    id: 'stale-data',
    sentence: 'createCommitOnBranch on another head than the expected one fails with STALE_DATA and changes nothing.',
    page: `${MUTATIONS}#createcommitonbranch`,
    status: 'open',
    test: async (api) => {
      const { name, sha } = await api.branch({ 'stale.txt': 'a' })
      const main = await tip(api, 'main')
      expect(await api.errorsOf(commit(api, name, main))).toEqual(['STALE_DATA'])
      expect(await tip(api, name)).toBe(sha)
    },
  },
  {
    id: 'app-commits-are-signed',
    sentence: 'A commit that an app makes by createCommitOnBranch is signed by GitHub.',
    page: `${MUTATIONS}#createcommitonbranch`,
    status: 'documented',
    test: async (api) => {
      const { name, sha } = await api.branch()
      const { createCommitOnBranch } = await commit(api, name, sha)
      expect(createCommitOnBranch.commit.signature).toMatchObject({ isValid: true, wasSignedByGitHub: true })
      expect(await tip(api, name)).toBe(createCommitOnBranch.commit.oid)
    },
  },
  {
    id: 'app-git-commits-are-signed',
    sentence: 'A commit that an app makes by POST git/commits without naming an author is verified.',
    page: 'authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots',
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch()
      const { tree } = (await api.bot.rest.git.getCommit({ ...api.here, commit_sha: sha })).data
      const made = await api.bot.rest.git.createCommit({ ...api.here, message: 'm', tree: tree.sha, parents: [sha] })
      expect(made.data.verification.verified).toBe(true)
    },
  },
  {
    id: 'people-commits-are-not',
    sentence: 'A commit that a person makes by POST git/commits is not signed by GitHub.',
    page: 'authentication/managing-commit-signature-verification/about-commit-signature-verification',
    status: 'documented',
    test: async (api) => {
      const { sha } = await api.branch({ 'unsigned.txt': 'a' })
      const made = await api.ada.rest.git.getCommit({ ...api.here, commit_sha: sha })
      expect(made.data.verification.verified).toBe(false)
    },
  },
  {
    id: 'ref-made-once',
    sentence: 'A ref that exists cannot be made: 422.',
    page: 'rest/git/refs#create-a-reference',
    status: 'documented',
    test: async (api) => {
      const { name, sha } = await api.branch()
      expect(await api.statusOf(api.bot.rest.git.createRef({ ...api.here, ref: `refs/heads/${name}`, sha }))).toBe(422)
    },
  },
  {
    id: 'no-fast-forward',
    sentence: 'PATCH git/refs without force takes only a fast-forward, whatever the ref was believed to be.',
    page: 'rest/git/refs#update-a-reference',
    status: 'documented',
    test: async (api) => {
      const { name } = await api.branch({ 'one.txt': 'a' })
      const other = await api.branch({ 'two.txt': 'a' })
      const move = (force: boolean) =>
        api.statusOf(api.bot.rest.git.updateRef({ ...api.here, ref: `heads/${name}`, sha: other.sha, force }))
      expect([await move(false), await move(true)]).toEqual([422, 200])
    },
  },
  {
    id: 'compare-and-swap',
    sentence: 'updateRefs with beforeOid moves a ref only from there.',
    page: `${MUTATIONS}#updaterefs`,
    status: 'documented',
    test: async (api) => {
      const { name, sha } = await api.branch()
      const next = await api.branch({ 'next.txt': 'a' })
      const ref = `refs/heads/${name}`
      expect(await api.errorsOf(update(api, ref, next.sha, next.sha))).toHaveLength(1)
      expect(await tip(api, name)).toBe(sha)
      await update(api, ref, sha, next.sha)
      expect(await tip(api, name)).toBe(next.sha)
    },
  },
  {
    id: 'zeros-delete',
    sentence: 'updateRefs to zeros deletes a ref, from zeros makes one.',
    page: `${MUTATIONS}#updaterefs`,
    status: 'documented',
    test: async (api) => {
      const { name, sha } = await api.branch()
      await update(api, `refs/heads/${name}`, sha, NOWHERE)
      expect(await api.statusOf(tip(api, name))).toBe(404)
      await update(api, `refs/heads/${name}`, NOWHERE, sha)
      expect(await tip(api, name)).toBe(sha)
    },
  },
  {
    id: 'contents-need-the-blob',
    sentence: 'PUT contents of a file that exists names the blob it replaces: 409 for another, 422 for none.',
    page: 'rest/repos/contents#create-or-update-file-contents',
    status: 'documented',
    test: async (api) => {
      const { name } = await api.branch({ 'put.txt': 'a' })
      const put = (more: { readonly sha?: string }) =>
        api.statusOf(
          api.bot.rest.repos.createOrUpdateFileContents({
            ...api.here,
            branch: name,
            path: 'put.txt',
            message: 'm',
            content: 'Yg==',
            ...more,
          }),
        )
      expect([await put({ sha: 'a'.repeat(40) }), await put({})]).toEqual([409, 422])
    },
  },
  {
    id: 'text-ends-at-512000',
    sentence: 'GraphQL cuts the text of a file at 512,000 bytes and says so; git/blobs has all of it.',
    page: 'graphql/reference/objects#blob',
    status: 'open',
    test: async (api) => {
      const { name } = await api.branch({ 'large.txt': 'x'.repeat(512_001) })
      const blob = await blobOf(api, `${name}:large.txt`)
      expect([blob?.isTruncated, blob?.byteSize, blob?.text?.length]).toEqual([true, 512_001, 512_000])
      const whole = await api.bot.rest.repos.getContent({ ...api.here, path: 'large.txt', ref: name })
      expect('size' in whole.data && whole.data.size).toBe(512_001)
    },
  },
  {
    id: 'binary-has-no-text',
    sentence: 'A binary file has no text in GraphQL.',
    page: 'graphql/reference/objects#blob',
    status: 'documented',
    test: async (api) => {
      const { name } = await api.branch({ 'binary.bin': 'a\u0000b' })
      expect(await blobOf(api, `${name}:binary.bin`)).toMatchObject({ isBinary: true, text: null, isTruncated: false })
    },
  },
  {
    id: 'absent-is-null',
    sentence: 'A path that is not there is null in GraphQL, without an error.',
    page: 'graphql/reference/objects#repository',
    status: 'documented',
    test: async (api) => expect(await blobOf(api, 'main:not/there.txt')).toBeNull(),
  },
  {
    id: 'compare-ends-at-300',
    sentence: 'A comparison shows at most 300 files.',
    page: 'rest/commits/commits#compare-two-commits',
    status: 'documented',
    test: async (api) => {
      const files = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`many/${index}.txt`, `${index}`]))
      const { name } = await api.branch(files)
      const compared = await api.bot.rest.repos.compareCommitsWithBasehead({ ...api.here, basehead: `main...${name}` })
      expect(compared.data.files).toHaveLength(300)
    },
  },
  {
    id: 'compare-is-from-the-merge-base',
    sentence: 'A comparison lists what changed since the merge base, not between the tips.',
    page: 'rest/commits/commits#compare-two-commits',
    status: 'documented',
    test: async (api) => {
      const base = await api.base()
      const { name } = await api.branch({ 'ours.txt': 'a' }, { from: base })
      await api.push(base, { 'theirs.txt': 'a' })
      const { data } = await api.bot.rest.repos.compareCommitsWithBasehead({
        ...api.here,
        basehead: `${base}...${name}`,
      })
      expect(data.files?.map((file) => file.filename)).toEqual(['ours.txt'])
      expect([data.status, data.ahead_by, data.behind_by]).toEqual(['diverged', 1, 1])
    },
  },
  {
    id: 'activity-names-the-pusher',
    sentence: 'The activity list names who pushed, not who wrote the commit.',
    page: 'rest/repos/repos#list-repository-activities',
    status: 'open',
    test: async (api) => {
      const { name } = await api.branch()
      await api.push(name, { 'pushed.txt': 'a' }, api.bob)
      const lines = (await api.bot.rest.repos.listActivities({ ...api.here, ref: `refs/heads/${name}` })).data
      const [ada, bob] = await Promise.all(
        [api.ada, api.bob].map(async (one) => (await one.rest.users.getAuthenticated()).data.login),
      )
      expect(lines.map((line) => [line.activity_type, line.actor?.login])).toEqual([
        ['push', bob],
        ['branch_creation', ada],
      ])
    },
  },
  {
    id: 'rulesets-hold-apps',
    sentence: 'A ruleset without bypass holds an app as it holds people, createCommitOnBranch included.',
    page: 'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets',
    status: 'open',
    test: async (api) => {
      const { name, sha } = await api.branch()
      await rule(api, name, [{ type: 'update' }], [])
      expect(await api.errorsOf(commit(api, name, sha))).toHaveLength(1)
      expect(await tip(api, name)).toBe(sha)
    },
  },
  {
    id: 'bypass-lets-the-app-commit',
    sentence: 'An app that bypasses a ruleset always commits past it by createCommitOnBranch.',
    page: 'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets',
    status: 'open',
    test: async (api) => {
      const { name, sha } = await api.branch()
      await rule(
        api,
        name,
        [{ type: 'update' }],
        [{ actor_id: api.appId, actor_type: 'Integration', bypass_mode: 'always' }],
      )
      await commit(api, name, sha)
      expect(await tip(api, name)).not.toBe(sha)
    },
  },
  {
    id: 'creation-is-refused',
    sentence: 'A ruleset that restricts creations refuses branches below weighbridge/lock/ to people.',
    page: 'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    status: 'open',
    test: async (api) => {
      const { sha } = await api.branch()
      await rule(
        api,
        'weighbridge/lock/**/*',
        [{ type: 'creation' }],
        [{ actor_id: api.appId, actor_type: 'Integration', bypass_mode: 'always' }],
      )
      const lock = (by: FactApi['ada'], name: string) =>
        api.statusOf(by.rest.git.createRef({ ...api.here, ref: `refs/heads/weighbridge/lock/${name}`, sha }))
      expect([await lock(api.bob, 'a/b'), await lock(api.bot, 'a/c')]).toEqual([422, 200])
    },
  },
  {
    id: 'skip-ci-on-app-commits',
    sentence: "`[skip ci]` in the message keeps an app's commit from starting workflows.",
    page: 'actions/managing-workflow-runs/skipping-workflow-runs',
    status: 'open',
    test: null,
  },
  {
    id: 'app-pushes-start-workflows',
    sentence: 'A push by an app starts workflows; one by GITHUB_TOKEN does not.',
    page: 'actions/using-workflows/triggering-a-workflow',
    status: 'documented',
    test: null,
  },
]

type Ruleset = NonNullable<Parameters<FactApi['ada']['rest']['repos']['createRepoRuleset']>[0]>

async function rule(
  api: FactApi,
  branch: string,
  rules: NonNullable<Ruleset['rules']>,
  bypass: NonNullable<Ruleset['bypass_actors']>,
): Promise<void> {
  await api.ada.rest.repos.createRepoRuleset({
    ...api.here,
    name: `rule of ${branch}`,
    enforcement: 'active',
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules,
    bypass_actors: bypass,
  })
}
