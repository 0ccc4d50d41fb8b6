import { expect, test } from 'vitest'
import { addRuleset, updateRepository } from '../../../src/world/github/acts/change-repository.ts'
import { mergePull } from '../../../src/world/github/acts/merge-pull.ts'
import { dequeuePull, enqueuePull } from '../../../src/world/github/acts/queue-pull.ts'
import { createCheckRun } from '../../../src/world/github/acts/write-check.ts'
import type { MergeQueueParameters } from '../../../src/world/github/github-state.ts'
import { queueOf } from '../../../src/world/github/merge-queue.ts'
import { pullOf } from '../../../src/world/github/state/find.ts'
import { type Office, openOffice, refused } from './support/office.ts'

const QUEUE: MergeQueueParameters = {
  merge_method: 'MERGE',
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
  check_response_timeout_minutes: 60,
}

/** Two pull requests whose own checks have passed, before a queue. */
async function openQueue(parameters: Partial<MergeQueueParameters> = {}, files = ['one.yml', 'two.yml']) {
  const office = await openOffice()
  await addRuleset(office.github, office.id, {
    name: 'main',
    include: ['~DEFAULT_BRANCH'],
    rules: [
      { type: 'merge_queue', parameters: { ...QUEUE, ...parameters } },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'weighbridge', integration_id: office.app.id }],
        },
      },
    ],
  })
  const pulls = []
  for (const [index, file] of files.entries()) {
    const pull = await office.opens(office.ben, `branch-${index}`, { [file]: `${index}\n` })
    await write(office, pull.head.sha, 'success')
    pulls.push(pull)
  }
  await office.heard()
  const [one, two] = pulls as [(typeof pulls)[number], (typeof pulls)[number]]
  return { office, one, two }
}

function write(office: Office, headSha: string, conclusion: 'success' | 'failure') {
  return createCheckRun(office.github, office.bot, { repository: office.id, name: 'weighbridge', headSha, conclusion })
}

function enqueue(office: Office, number: number, expectedHeadOid?: string) {
  return enqueuePull(office.github, office.cleo, {
    repository: office.id,
    number,
    ...(expectedHeadOid === undefined ? {} : { expectedHeadOid }),
  })
}

function groups(office: Office) {
  return queueOf(office.github, office.id, 'main').map((entry) => [entry.pull, entry.group?.headSha ?? ''] as const)
}

test('each entry is tested on top of those before it, and both land in order when their groups pass', async () => {
  const { office, one, two } = await openQueue()
  const base = await office.tip()
  const first = await enqueue(office, one.number, one.head.sha)
  const second = await enqueue(office, two.number)

  const asked = await office.bodies('merge_group.checks_requested')
  expect(asked.map((body) => body.merge_group)).toMatchObject([
    { base_sha: base, head_sha: first.group?.headSha, base_ref: 'refs/heads/main' },
    { base_sha: first.group?.headSha, head_sha: second.group?.headSha },
  ])
  expect((asked[0] as { merge_group: { head_ref: string } }).merge_group.head_ref).toBe(
    `refs/heads/gh-readonly-queue/main/pr-${one.number}-${base}`,
  )

  await write(office, second.group?.headSha ?? '', 'success')
  expect(await office.tip()).toBe(base)
  await write(office, first.group?.headSha ?? '', 'success')

  expect(await office.tip()).toBe(second.group?.headSha)
  const merged = [one, two].map((pull) => pullOf(office.github.state, office.id, pull.number).mergeCommit)
  expect(merged).toEqual([first.group?.headSha, second.group?.headSha])
  const destroyed = await office.bodies('merge_group.destroyed')
  expect(destroyed.map((body) => body.reason)).toEqual(['merged', 'merged'])
  expect((await office.github.storage.refs(office.id, 'refs/heads/gh-readonly-queue/')).size).toBe(0)
})

test('an entry whose group fails leaves the queue, and those behind it are tested anew without it', async () => {
  const { office, one, two } = await openQueue()
  const first = await enqueue(office, one.number)
  const second = await enqueue(office, two.number)

  await write(office, first.group?.headSha ?? '', 'failure')

  const [left, ...none] = groups(office)
  expect(none).toEqual([])
  expect(left?.[0]).toBe(two.number)
  expect(left?.[1]).not.toBe(second.group?.headSha)
  const reasons = (await office.bodies('merge_group.destroyed')).map((body) => body.reason)
  expect(reasons).toEqual(['dequeued', 'invalidated'])
  expect(await office.bodies('pull_request.dequeued')).toMatchObject([{ number: one.number, reason: 'CI_FAILURE' }])
  await write(office, left?.[1] ?? '', 'success')
  const paths = (await office.github.storage.list(office.id, await office.tip())).map((file) => file.path)
  expect(paths).toContain('two.yml')
  expect(paths).not.toContain('one.yml')
})

test('a base that moves underneath has every group built again', async () => {
  const { office, one } = await openQueue()
  await updateRepository(office.github, office.id, {
    rulesets: office.repository().rulesets.map((set) => ({
      ...set,
      bypass: [{ actor_id: null, actor_type: 'OrganizationAdmin' as const, bypass_mode: 'always' as const }],
    })),
  })
  const before = await enqueue(office, one.number)

  await office.pushes(office.ada, { 'urgent.yml': 'now\n' })

  const [[, head] = []] = groups(office)
  expect(head).not.toBe(before.group?.headSha)
  expect((await office.github.storage.commit(office.id, head ?? ''))?.parents[0]).toBe(await office.tip())
})

test('a push to a queued pull request takes it out; so does somebody who says so', async () => {
  const { office, one, two } = await openQueue()
  await enqueue(office, one.number)
  await enqueue(office, two.number)

  await office.pushes(office.ben, { 'more.yml': 'x\n' }, { branch: 'branch-0' })
  await dequeuePull(office.github, office.cleo, { repository: office.id, number: two.number })

  expect(groups(office)).toEqual([])
  const reasons = (await office.bodies('pull_request.dequeued')).map((body) => body.reason)
  expect(reasons).toEqual(['UNKNOWN_REMOVAL_REASON', 'MANUAL'])
})

test('a pull request that conflicts with one before it cannot stay', async () => {
  const { office, one, two } = await openQueue({}, ['same.yml', 'same.yml'])
  await enqueue(office, one.number)

  await enqueue(office, two.number)

  expect(groups(office).map(([pull]) => pull)).toEqual([one.number])
  expect(await office.bodies('pull_request.dequeued')).toMatchObject([{ number: two.number, reason: 'MERGE_CONFLICT' }])
})

test('where a queue is required the button merges nothing, and a head that moved is not enqueued', async () => {
  const { office, one } = await openQueue()
  const merge = mergePull(office.github, office.cleo, { repository: office.id, number: one.number })

  expect(await refused(merge)).toContain(
    '405 Repository rule violations found\n\nChanges must be made through the merge queue',
  )
  expect(await refused(enqueue(office, one.number, 'f'.repeat(40)))).toContain('Head branch was modified')
  await enqueue(office, one.number)
  expect(await refused(enqueue(office, one.number))).toContain('already in the merge queue')
})

test('a pull request whose own checks are missing is not enqueued', async () => {
  const { office } = await openQueue()
  const pull = await office.opens(office.ben, 'late', { 'late.yml': 'x\n' })

  expect(await refused(enqueue(office, pull.number))).toContain('422 Required status check "weighbridge" is expected.')
})

test('where only the head of a group must be green, it carries those before it', async () => {
  const { office, one, two } = await openQueue({ grouping_strategy: 'HEADGREEN' })
  await enqueue(office, one.number)
  const second = await enqueue(office, two.number)

  await write(office, second.group?.headSha ?? '', 'success')

  expect(await office.tip()).toBe(second.group?.headSha)
  expect(groups(office)).toEqual([])
})
