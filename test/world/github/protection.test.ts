import { expect, test } from 'vitest'
import { addRuleset, protectBranch, setCollaborator } from '../../../src/world/github/acts/change-repository.ts'
import { commitOnBranch, putContents } from '../../../src/world/github/acts/commit-on-branch.ts'
import { createTeam } from '../../../src/world/github/acts/create-account.ts'
import { mergePull } from '../../../src/world/github/acts/merge-pull.ts'
import { createRef, deleteRef, updateRef, updateRefs } from '../../../src/world/github/acts/move-ref.ts'
import { forcePush } from '../../../src/world/github/acts/push.ts'
import { submitReview } from '../../../src/world/github/acts/review.ts'
import type { BypassActor } from '../../../src/world/github/github-state.ts'
import { signatureOf } from '../../../src/world/github/signature.ts'
import { type Office, openOffice, refused } from './support/office.ts'

const REVIEWED = { dismissStale: false, requireLastPushApproval: false, requireCodeOwners: false }
const NOBODY = { users: [], teams: [], apps: [] }

async function openLedger() {
  const office = await openOffice()
  await office.pushes(office.ada, { 'facts.jsonl': '' }, { branch: 'weighbridge/ledger' })
  await addRuleset(office.github, office.id, {
    name: 'ledger',
    include: ['refs/heads/weighbridge/ledger'],
    rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
    bypass: [{ actor_id: office.app.id, actor_type: 'Integration', bypass_mode: 'always' }],
  })
  return office
}

function append(office: Office, actor: Parameters<typeof commitOnBranch>[1], expectedHeadOid: string) {
  return commitOnBranch(office.github, actor, {
    repository: office.id,
    branch: 'weighbridge/ledger',
    expectedHeadOid,
    headline: 'A fact [skip ci]',
    additions: [{ path: 'facts.jsonl', bytes: Buffer.from('{}\n') }],
    deletions: [],
  })
}

test('a ruleset keeps everybody but the app off the ledger branch, the owner too, by whatever way', async () => {
  const office = await openLedger()
  const tip = await office.tip('weighbridge/ledger')
  const { github, id, ada } = office
  const forged = await office.pushes(ada, { 'facts.jsonl': '{"fact":"verified"}\n' }, { branch: 'other', from: tip })
  const ref = 'refs/heads/weighbridge/ledger'

  const ways = [
    () => office.pushes(ada, { 'facts.jsonl': 'x\n' }, { branch: 'weighbridge/ledger' }),
    () => forcePush(github, ada, { repository: id, branch: 'weighbridge/ledger', to: forged }),
    () => updateRef(github, ada, { repository: id, ref, sha: forged, force: true }),
    () => updateRefs(github, ada, { repository: id, updates: [{ name: ref, afterOid: forged, force: true }] }),
    () => append(office, ada, tip),
    () =>
      putContents(github, ada, {
        repository: id,
        branch: 'weighbridge/ledger',
        path: 'new',
        bytes: Buffer.from('x'),
        message: 'x',
      }),
  ]

  for (const way of ways) expect(await refused(way())).toContain('Cannot update this protected ref.')
  expect(await refused(deleteRef(github, ada, { repository: id, ref }))).toContain('Cannot delete this branch')
  expect(await office.tip('weighbridge/ledger')).toBe(tip)
})

test('the app that bypasses the ruleset appends, signed by GitHub, only to the tip that it saw', async () => {
  const office = await openLedger()
  const tip = await office.tip('weighbridge/ledger')

  const { sha } = await append(office, office.bot, tip)

  const commit = await office.github.storage.commit(office.id, sha)
  expect(commit).toMatchObject({ parents: [tip], author: { name: 'weighbridge[bot]' } })
  expect(commit?.author.email).toBe(`${office.bot.account.id}+weighbridge[bot]@users.noreply.github.com`)
  expect(commit && signatureOf(office.github.state, commit)?.isValid).toBe(true)
  const stale = await append(office, office.bot, tip).catch((error: unknown) => error)
  expect(stale).toMatchObject({ type: 'STALE_DATA' })
  expect(await office.tip('weighbridge/ledger')).toBe(sha)
})

test('another app does not bypass what one app bypasses', async () => {
  const office = await openLedger()
  const other = await office.secondApp('impostor')

  expect(await refused(append(office, other, await office.tip('weighbridge/ledger')))).toContain('422 Repository rule')
})

test('a branch that needs pull requests takes no push, no new commit and no merge without its reviews', async () => {
  const office = await openOffice()
  await protectBranch(office.github, office.id, {
    pattern: 'main',
    requiredReviews: { count: 1, ...REVIEWED, bypass: NOBODY },
    enforceAdmins: true,
  })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const merge = () => refused(mergePull(office.github, office.cleo, { repository: office.id, number: pull.number }))

  expect(await refused(office.pushes(office.ada, { 'x.yml': 'x\n' }))).toContain('must be made through a pull request')
  expect(await merge()).toContain('At least 1 approving review is required')
  await submitReview(office.github, office.dora, { repository: office.id, number: pull.number, event: 'APPROVE' })
  expect(await merge()).toContain('At least 1 approving review is required')
  await submitReview(office.github, office.cleo, { repository: office.id, number: pull.number, event: 'APPROVE' })
  expect(await merge()).toBe('nothing was refused')
})

test('administrators pass classic protection unless it holds them too; force pushes it forbids to all', async () => {
  const office = await openOffice()
  const protect = (enforceAdmins: boolean) =>
    protectBranch(office.github, office.id, {
      pattern: 'main',
      requiredReviews: { count: 1, ...REVIEWED, bypass: NOBODY },
      enforceAdmins,
    })
  const first = await office.tip()
  await protect(false)

  expect(await refused(office.pushes(office.ada, { 'x.yml': 'x\n' }))).toBe('nothing was refused')
  const back = forcePush(office.github, office.ada, { repository: office.id, branch: 'main', to: first })
  expect(await refused(back)).toContain('Cannot force-push to this branch')
  await protect(true)
  expect(await refused(office.pushes(office.ada, { 'x.yml': 'y\n' }))).toContain('422 ')
})

test.each([
  ['always', 'nothing was refused', 'nothing was refused'],
  ['pull_request', 'nothing was refused', '422'],
] as const)('an app on the bypass list (%s) merges past missing checks and reviews', async (mode, merged, pushed) => {
  const office = await openOffice()
  const bypass: BypassActor[] = [{ actor_id: office.app.id, actor_type: 'Integration', bypass_mode: mode }]
  await addRuleset(office.github, office.id, {
    name: 'main',
    include: ['~DEFAULT_BRANCH'],
    bypass,
    rules: [
      {
        type: 'required_status_checks',
        parameters: { strict_required_status_checks_policy: true, required_status_checks: [{ context: 'ci' }] },
      },
    ],
  })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const merge = (by: Office['ada'] | Office['bot']) =>
    refused(mergePull(office.github, by, { repository: office.id, number: pull.number }))

  expect(await merge(office.ada)).toContain('405 ')
  expect(await merge(office.bot)).toBe(merged)
  expect(await refused(office.pushes(office.bot, { 'b.yml': '1\n' }))).toContain(pushed)
})

test('a team on the bypass list passes with its child teams; an invited member does not', async () => {
  const office = await openOffice()
  const parent = createTeam(office.github, { organisation: office.organisation.id, name: 'Risk' })
  createTeam(office.github, {
    organisation: office.organisation.id,
    name: 'Credit risk',
    parent: parent.id,
    members: [office.ben.account.id, { user: office.cleo.account.id, role: 'member', state: 'pending' }],
  })
  await addRuleset(office.github, office.id, {
    name: 'main',
    include: ['~ALL'],
    bypass: [{ actor_id: parent.id, actor_type: 'Team', bypass_mode: 'always' }],
    rules: [{ type: 'update' }],
  })

  expect(await refused(office.pushes(office.ben, { 'a.yml': '1\n' }))).toBe('nothing was refused')
  expect(await refused(office.pushes(office.cleo, { 'a.yml': '2\n' }))).toContain('422 ')
})

test('a ruleset that is off or only evaluates refuses nothing', async () => {
  const office = await openOffice()
  for (const enforcement of ['disabled', 'evaluate'] as const)
    await addRuleset(office.github, office.id, {
      name: enforcement,
      include: ['~ALL'],
      enforcement,
      rules: [{ type: 'update' }],
    })

  expect(await refused(office.pushes(office.ben, { 'a.yml': '1\n' }))).toBe('nothing was refused')
})

test('an app without the permission brings no workflow anywhere, not even by merging', async () => {
  const office = await openOffice()
  const files = { '.github/workflows/ci.yml': 'on: push\n' }
  const pull = await office.opens(office.ben, 'ci', files)

  expect(await refused(office.pushes(office.bot, files, { branch: 'mine' }))).toContain(
    'without `workflows` permission',
  )
  const merge = mergePull(office.github, office.bot, { repository: office.id, number: pull.number })
  expect(await refused(merge)).toContain('403 refusing to allow a GitHub App')
  const byPerson = mergePull(office.github, office.cleo, { repository: office.id, number: pull.number })
  expect(await refused(byPerson)).toBe('nothing was refused')
})

test('refs move only from where they were seen, all of a change or none', async () => {
  const office = await openOffice()
  const { github, id, bot } = office
  const tip = await office.tip()
  const [a, b] = ['refs/heads/weighbridge/lock/a', 'refs/heads/weighbridge/lock/b']
  const none = '0'.repeat(40)
  await createRef(github, bot, { repository: id, ref: a, sha: tip })

  const taken = createRef(github, bot, { repository: id, ref: a, sha: tip })
  const half = updateRefs(github, bot, {
    repository: id,
    updates: [
      { name: b, beforeOid: none, afterOid: tip },
      { name: a, beforeOid: 'f'.repeat(40), afterOid: none },
    ],
  })

  expect(await refused(taken)).toBe('422 Reference already exists')
  expect(await half.catch((error: unknown) => error)).toMatchObject({ type: 'STALE_DATA' })
  expect(await github.storage.tip(id, b)).toBeNull()
  await updateRefs(github, bot, { repository: id, updates: [{ name: a, beforeOid: tip, afterOid: none }] })
  expect(await github.storage.tip(id, a)).toBeNull()
})

test('a ref that is no ref, and the refs that GitHub keeps, are nobody’s to write', async () => {
  const office = await openOffice()
  const sha = await office.tip()
  const make = (ref: string) => refused(createRef(office.github, office.ada, { repository: office.id, ref, sha }))

  for (const ref of [
    'main',
    'refs/heads/',
    'refs/heads/a..b',
    'refs/heads/a b',
    'refs/heads/x.lock',
    'refs/heads/../HEAD',
  ])
    expect(await make(ref)).toBe('422 Reference name is not valid')
  expect(await make('refs/pull/1/head')).toContain('kept by GitHub')
  expect(await make('refs/heads/gh-readonly-queue/main/pr-1')).toContain('kept by GitHub')
})

test('contents are written only over the blob that was named', async () => {
  const office = await openOffice()
  const old = await office.github.storage.entry(office.id, await office.tip(), 'README.md')
  const put = (blobSha?: string) =>
    putContents(office.github, office.ben, {
      repository: office.id,
      branch: 'main',
      path: 'README.md',
      bytes: Buffer.from('new\n'),
      message: 'New',
      ...(blobSha === undefined ? {} : { blobSha }),
    })

  expect(await refused(put())).toContain('"sha" wasn\'t supplied')
  expect(await refused(put('f'.repeat(40)))).toContain('409 ')
  expect(await refused(put(old?.oid))).toBe('nothing was refused')
})

test('where the last push must be approved, who pushed last cannot approve it, whoever opened the pull request', async () => {
  const office = await openOffice()
  await protectBranch(office.github, office.id, {
    pattern: 'main',
    requiredReviews: { count: 1, ...REVIEWED, requireLastPushApproval: true, bypass: NOBODY },
  })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const approve = (who: Office['cleo']) =>
    submitReview(office.github, who, { repository: office.id, number: pull.number, event: 'APPROVE' })
  const merge = () => refused(mergePull(office.github, office.cleo, { repository: office.id, number: pull.number }))

  await approve(office.cleo)
  await office.pushes(office.cleo, { 'a.yml': '2\n' }, { branch: 'churn', author: office.ben.account })
  await approve(office.cleo)

  expect(await merge()).toContain('At least 1 approving review')
  await approve(office.ada)
  expect(await merge()).toBe('nothing was refused')
})

test('somebody who lost write permission pushes no more, and an approval of theirs counts no more', async () => {
  const office = await openOffice()
  await protectBranch(office.github, office.id, {
    pattern: 'main',
    requiredReviews: { count: 1, ...REVIEWED, bypass: NOBODY },
  })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await submitReview(office.github, office.cleo, { repository: office.id, number: pull.number, event: 'APPROVE' })

  await setCollaborator(office.github, { repository: office.id, account: office.cleo.account.id, role: 'none' })

  const merge = mergePull(office.github, office.ben, { repository: office.id, number: pull.number })
  expect(await refused(merge)).toContain('At least 1 approving review')
  expect(await refused(office.pushes(office.cleo, { 'a.yml': '2\n' }, { branch: 'x' }))).toMatch(/^403 /)
})
