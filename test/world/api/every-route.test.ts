import type { Octokit } from 'octokit'
import { expect, test } from 'vitest'
import { registerRunner } from '../../../src/world/github/actions/register-runner.ts'
import { pushFiles } from '../../../src/world/github/acts/push.ts'
import { registerManifest } from '../../../src/world/github/acts/register-manifest.ts'
import { apiSession, callsOf } from '../../../src/world/github/api/api-session.ts'
import { OPERATIONS } from '../../../src/world/github/contract/operations.ts'
import { reconcileQueue } from '../../../src/world/github/merge-queue.ts'
import { HERE, openSmallWorld, type SmallWorld } from './small-world.ts'

test('every operation of the contract is answered as GitHub publishes it', async () => {
  const world = await openSmallWorld()

  await tour(world)

  const answered = new Set(
    callsOf(world.github)
      .filter((call) => call.status < 400)
      .map((call) => call.operation),
  )
  expect(OPERATIONS.filter((id) => !answered.has(id))).toEqual([])
  expect(apiSession(world.github).contractBreaks).toEqual([])
})

/** Once round the whole API, as a person, as the app and as its installation. */
async function tour(world: SmallWorld): Promise<void> {
  const number = await world.opensPull('candidate', { 'models/churn/2.yml': 'model: churn\n', 'README.md': '# Ours\n' })
  const ada = world.as(world.ada)
  const bob = world.as(world.bob)
  const bot = world.asApp()
  const pull = { ...HERE, pull_number: number }
  const { sha } = (await bot.rest.pulls.get(pull)).data.head
  const commit = { ...HERE, ref: sha }

  await fromManifest(world)
  await asItself(world)
  await people(world, bot, ada)
  await commits(bot, number, sha)
  await gitObjects(bot, sha)
  await rules(ada, bot)

  const created = await bot.rest.checks.create({ ...HERE, name: 'weighbridge', head_sha: sha, status: 'in_progress' })
  const run = { ...HERE, check_run_id: created.data.id }
  await bot.rest.checks.update({
    ...run,
    conclusion: 'success',
    output: { title: 't', summary: 's', annotations: [NOTE] },
  })
  await bot.rest.checks.get(run)
  expect((await bot.rest.checks.listAnnotations(run)).data).toHaveLength(1)
  expect((await bot.rest.checks.listForRef({ ...commit, app_id: world.app })).data.total_count).toBe(1)
  const suites = await bot.rest.checks.listSuitesForRef(commit)
  await bot.rest.checks.rerequestRun(run)
  await bot.rest.checks.rerequestSuite({ ...HERE, check_suite_id: suites.data.check_suites[0]?.id ?? 0 })
  await ada.rest.repos.createCommitStatus({ ...HERE, sha, state: 'success', context: 'ci', description: 'green' })
  expect((await bot.rest.repos.getCombinedStatusForRef(commit)).data.state).toBe('success')

  const deployment = await bot.rest.repos.createDeployment({
    ...HERE,
    ref: sha,
    environment: 'production',
    required_contexts: [],
  })
  if (!('id' in deployment.data)) throw new Error('no deployment')
  const deployed = { ...HERE, deployment_id: deployment.data.id }
  await bot.rest.repos.createDeploymentStatus({ ...deployed, state: 'success', description: 'serves' })
  await bot.rest.repos.listDeployments({ ...HERE, environment: 'production' })
  await bot.rest.repos.getDeployment(deployed)
  await bot.rest.repos.listDeploymentStatuses(deployed)

  await workflows(world, bot, ada)
  await conversation(bot, number)
  await bot.rest.git.createRef({ ...HERE, ref: 'refs/heads/again', sha })
  await bot.rest.pulls.create({ ...HERE, title: 'Again', head: 'again', base: 'main', draft: true })
  const review = await bob.rest.pulls.createReview({ ...pull, event: 'APPROVE' })
  await bot.rest.pulls.listReviews(pull)
  await ada.rest.pulls.dismissReview({ ...pull, review_id: review.data.id, message: 'looked at something else' })
  await ada.rest.pulls.update({ ...pull, title: 'Promote churn@2', body: 'Please.' })
  await bot.rest.pulls.list({ ...HERE, state: 'all' })
  await bot.rest.pulls.merge({ ...pull, sha, merge_method: 'squash' })
  await bot.rest.pulls.checkIfMerged(pull)
  await reconcileQueue(world.github, world.repository)
}

const NOTE = { path: 'README.md', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'here' } as const

async function fromManifest(world: SmallWorld): Promise<void> {
  const manifest = { url: 'https://example.org', redirect_url: 'https://example.org', public: true }
  const of = { manifest: { ...manifest, default_permissions: {}, default_events: [] }, name: 'Scales' }
  const { code } = registerManifest(world.github, { ...of, owner: world.ada.id })
  expect((await world.as(world.ada).rest.apps.createFromManifest({ code })).data.slug).toBe('scales')
}

async function asItself(world: SmallWorld): Promise<void> {
  await world.github.settled()
  const { rest } = world.asItself()
  await rest.apps.getAuthenticated()
  const [installation] = (await rest.apps.listInstallations()).data
  const named = { installation_id: installation?.id ?? 0 }
  await rest.apps.getInstallation(named)
  await rest.apps.getRepoInstallation(HERE)
  await rest.apps.getOrgInstallation({ org: HERE.owner })
  const deliveries = await rest.apps.listWebhookDeliveries({ per_page: 2 })
  const delivery = { delivery_id: deliveries.data[0]?.id ?? 0 }
  await rest.apps.getWebhookDelivery(delivery)
  await rest.apps.redeliverWebhookDelivery(delivery)
  const narrow = { permissions: { checks: 'read' as const }, repositories: ['models'] }
  expect((await rest.apps.createInstallationAccessToken({ ...named, ...narrow })).data.permissions).toEqual({
    metadata: 'read',
    checks: 'read',
  })
}

async function people(world: SmallWorld, bot: Octokit, ada: Octokit): Promise<void> {
  const risk = { org: HERE.owner, team_slug: 'risk' }
  await bot.rest.teams.getByName(risk)
  expect((await bot.rest.teams.listMembersInOrg(risk)).data.map((one) => one.login)).toEqual(['bob'])
  await bot.rest.teams.getMembershipForUserInOrg({ ...risk, username: 'bob' })
  await bot.rest.users.getByUsername({ username: 'weighbridge[bot]' })
  await ada.rest.users.getAuthenticated()
  await bot.rest.meta.get()
  await bot.rest.rateLimit.get()
  expect((await bot.rest.apps.listReposAccessibleToInstallation()).data.total_count).toBe(1)
  const bob = await bot.rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: 'bob' })
  expect([bob.data.permission, bob.data.role_name]).toEqual(['write', 'write'])
  await world.asApp().rest.apps.revokeInstallationAccessToken()
}

async function commits(bot: Octokit, number: number, sha: string): Promise<void> {
  await bot.rest.repos.get(HERE)
  expect((await bot.rest.repos.listActivities({ ...HERE, ref: 'candidate' })).data[0]?.activity_type).toBe(
    'branch_creation',
  )
  await bot.rest.repos.getBranch({ ...HERE, branch: 'main' })
  const compared = await bot.rest.repos.compareCommitsWithBasehead({ ...HERE, basehead: `main...${sha}` })
  expect(compared.data.files?.map((file) => file.filename)).toEqual(['README.md', 'models/churn/2.yml'])
  await bot.rest.repos.listCommits({ ...HERE, sha: 'candidate' })
  await bot.rest.repos.getCommit({ ...HERE, ref: sha })
  const pulls = await bot.rest.repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha: sha })
  expect(pulls.data.map((one) => one.number)).toEqual([number])
  await bot.rest.pulls.listFiles({ ...HERE, pull_number: number })
  await bot.rest.pulls.listCommits({ ...HERE, pull_number: number })
}

async function gitObjects(bot: Octokit, sha: string): Promise<void> {
  await bot.rest.git.getRef({ ...HERE, ref: 'heads/main' })
  await bot.rest.git.listMatchingRefs({ ...HERE, ref: 'heads/' })
  const blob = await bot.rest.git.createBlob({ ...HERE, content: 'aGk=', encoding: 'base64' })
  expect((await bot.rest.git.getBlob({ ...HERE, file_sha: blob.data.sha })).data.content).toBe('aGk=\n')
  const file = { path: 'a/b.txt', mode: '100644', type: 'blob', sha: blob.data.sha } as const
  const parent = (await bot.rest.git.getCommit({ ...HERE, commit_sha: sha })).data
  const tree = await bot.rest.git.createTree({ ...HERE, base_tree: parent.tree.sha, tree: [file] })
  const paths = (await bot.rest.git.getTree({ ...HERE, tree_sha: tree.data.sha, recursive: '1' })).data.tree
  expect(paths.map((one) => one.path)).toContain('a/b.txt')
  const made = await bot.rest.git.createCommit({ ...HERE, message: 'm', tree: tree.data.sha, parents: [sha] })
  expect(made.data.verification.verified).toBe(true)
  await bot.rest.git.createRef({ ...HERE, ref: 'refs/heads/side', sha })
  await bot.rest.git.updateRef({ ...HERE, ref: 'heads/side', sha: made.data.sha })
  await bot.rest.git.deleteRef({ ...HERE, ref: 'heads/side' })
  const readme = await bot.rest.repos.getContent({ ...HERE, path: 'README.md' })
  await bot.rest.repos.getContent({ ...HERE, path: 'models' })
  const old = 'sha' in readme.data ? readme.data.sha : ''
  const put = { ...HERE, path: 'README.md', message: 'm', branch: 'candidate', content: 'IyBPdXJzIQo=' }
  await expect(bot.rest.repos.createOrUpdateFileContents({ ...put, sha: '0'.repeat(40) })).rejects.toMatchObject({
    status: 409,
  })
  await bot.rest.repos.createOrUpdateFileContents({ ...put, branch: 'main', path: 'new.md', content: 'aGk=' })
  expect(old).toMatch(/^[0-9a-f]{40}$/)
}

async function rules(ada: Octokit, bot: Octokit): Promise<void> {
  const ruleset = await ada.rest.repos.createRepoRuleset({
    ...HERE,
    name: 'ledger',
    enforcement: 'active',
    conditions: { ref_name: { include: ['refs/heads/weighbridge/*'], exclude: [] } },
    rules: [{ type: 'deletion' }, { type: 'non_fast_forward' }],
  })
  await bot.rest.repos.getRepoRulesets(HERE)
  const seen = await bot.rest.repos.getRepoRuleset({ ...HERE, ruleset_id: ruleset.data.id })
  expect([seen.data.current_user_can_bypass, seen.data.bypass_actors]).toEqual(['never', undefined])
  expect((await bot.rest.repos.getBranchRules({ ...HERE, branch: 'weighbridge/ledger' })).data).toHaveLength(2)
  await ada.rest.repos.updateBranchProtection({
    ...HERE,
    branch: 'release/1',
    required_status_checks: { strict: true, contexts: [], checks: [{ context: 'weighbridge' }] },
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: null,
  })
}

async function workflows(world: SmallWorld, bot: Octokit, ada: Octokit): Promise<void> {
  const { github } = world
  registerRunner(github, { script: () => ({ log: 'said', artifacts: { model: { 'model.txt': 'weights' } } }) })
  registerRunner(github, { labels: ['slow'], script: () => ({ durationMs: Number.POSITIVE_INFINITY }) })
  const workflow = (name: string, label: string) =>
    `name: ${name}\non: workflow_dispatch\njobs: { train: { runs-on: ${label}, steps: [{ run: 'true' }] } }\n`
  await pushFiles(github, world.actor(world.ada), {
    repository: world.repository,
    branch: 'main',
    files: {
      '.github/workflows/train.yml': workflow('Train', 'ubuntu-latest'),
      '.github/workflows/slow.yml': workflow('Slow', 'slow'),
    },
  })
  const all = (await bot.rest.actions.listRepoWorkflows(HERE)).data.workflows
  expect(all.map((one) => one.name).sort()).toEqual(['Slow', 'Train'])
  const train = { ...HERE, workflow_id: 'train.yml' }
  await bot.rest.actions.disableWorkflow(train)
  await bot.rest.actions.enableWorkflow(train)
  expect((await bot.rest.actions.getWorkflow(train)).data.state).toBe('active')
  const run_id = await dispatched(github, bot, 'train.yml')
  const run = { ...HERE, run_id }
  expect((await bot.rest.actions.getWorkflowRun(run)).data.conclusion).toBe('success')
  await bot.rest.actions.listWorkflowRuns({ ...train, status: 'completed' })
  expect((await bot.rest.actions.listWorkflowRunsForRepo({ ...HERE, event: 'push' })).data.total_count).toBe(0)
  const [job] = (await bot.rest.actions.listJobsForWorkflowRun(run)).data.jobs
  const job_id = job?.id ?? 0
  await bot.rest.actions.getJobForWorkflowRun({ ...HERE, job_id })
  expect((await bot.rest.actions.downloadJobLogsForWorkflowRun({ ...HERE, job_id })).data).toBe('said')
  const [artifact] = (await bot.rest.actions.listWorkflowRunArtifacts(run)).data.artifacts
  const named = { ...HERE, artifact_id: artifact?.id ?? 0 }
  await bot.rest.actions.listArtifactsForRepo({ ...HERE, name: 'model' })
  expect((await bot.rest.actions.getArtifact(named)).data.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  await bot.rest.actions.downloadArtifact({ ...named, archive_format: 'zip' })
  await ada.rest.actions.reRunWorkflow(run)
  await github.actions.settled()
  await ada.rest.actions.reRunWorkflowFailedJobs(run)
  await github.actions.settled()
  await bot.rest.actions.getWorkflowRunAttempt({ ...run, attempt_number: 1 })
  await bot.rest.actions.listJobsForWorkflowRunAttempt({ ...run, attempt_number: 2 })
  for (const end of ['cancelWorkflowRun', 'forceCancelWorkflowRun'] as const)
    await bot.rest.actions[end]({ ...HERE, run_id: await dispatched(github, bot, 'slow.yml') })
}

async function dispatched(github: SmallWorld['github'], bot: Octokit, workflow_id: string): Promise<number> {
  const body = { ...HERE, workflow_id, ref: 'main', return_run_details: true }
  const answer = await bot.rest.actions.createWorkflowDispatch(body)
  await github.actions.settled()
  return (answer.data as unknown as { readonly workflow_run_id: number }).workflow_run_id
}

async function conversation(bot: Octokit, number: number): Promise<void> {
  const issue = await bot.rest.issues.create({
    ...HERE,
    title: 'Ledger is broken',
    body: 'why',
    labels: ['weighbridge'],
  })
  const here = { ...HERE, issue_number: issue.data.number }
  await bot.rest.issues.update({ ...here, state: 'closed', state_reason: 'completed' })
  await bot.rest.issues.get(here)
  await bot.rest.issues.listForRepo({ ...HERE, state: 'all', labels: 'weighbridge' })
  await bot.rest.issues.addLabels({ ...here, labels: ['seen'] })
  expect((await bot.rest.issues.listLabelsOnIssue(here)).data.map((one) => one.name)).toEqual(['weighbridge', 'seen'])
  const comment = await bot.rest.issues.createComment({ ...HERE, issue_number: number, body: 'one' })
  const named = { ...HERE, comment_id: comment.data.id }
  await bot.rest.issues.getComment(named)
  await bot.rest.issues.updateComment({ ...named, body: 'two' })
  await bot.rest.issues.listComments({ ...HERE, issue_number: number })
  await bot.rest.reactions.createForIssueComment({ ...named, content: 'eyes' })
  await bot.rest.reactions.listForIssueComment(named)
  await bot.rest.issues.deleteComment(named)
}
