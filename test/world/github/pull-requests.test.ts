import { expect, test } from 'vitest'
import { protectBranch } from '../../../src/world/github/acts/change-repository.ts'
import { createRepository, forkRepository } from '../../../src/world/github/acts/create-repository.ts'
import { closePull, convertToDraft, editPull, markReady, reopenPull } from '../../../src/world/github/acts/edit-pull.ts'
import { mergePull } from '../../../src/world/github/acts/merge-pull.ts'
import { openPull } from '../../../src/world/github/acts/open-pull.ts'
import { forcePush, pushFiles } from '../../../src/world/github/acts/push.ts'
import { submitReview } from '../../../src/world/github/acts/review.ts'
import { mergeableNow } from '../../../src/world/github/merge-state.ts'
import { signatureOf } from '../../../src/world/github/signature.ts'
import { issueOf, pullOf } from '../../../src/world/github/state/find.ts'
import { openOffice, refused } from './support/office.ts'

test('a push to the branch of a pull request moves its head, and apps hear push, then synchronize', async () => {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await office.heard()

  const after = await office.pushes(office.ben, { 'b.yml': '2\n' }, { branch: 'churn' })

  expect(await office.heard()).toEqual(['push', 'check_suite.requested', 'pull_request.synchronize'])
  const [body] = await office.bodies('pull_request.synchronize')
  expect(body).toMatchObject({ before: pull.head.sha, after, pull_request: { changed_files: 2, commits: 2 } })
  expect(pullOf(office.github.state, office.id, pull.number).head.sha).toBe(after)
})

test('a force push is told as forced, and the pull request follows it', async () => {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await office.heard()

  const after = await office.pushes(office.cleo, { 'c.yml': '3\n' }, { branch: 'churn', force: true })

  const [body] = (await office.bodies('push')).slice(-1)
  expect(body).toMatchObject({ forced: true, created: false, before: pull.head.sha, after, sender: { login: 'cleo' } })
  expect((await office.bodies('pull_request.synchronize')).length).toBe(1)
  expect(office.github.state.activity.at(-1)).toMatchObject({ kind: 'force_push', actor: office.cleo.account.id })
})

test('the second merge keeps the files of the first, and each merge commit has base and head as parents', async () => {
  const office = await openOffice()
  const first = await office.opens(office.ben, 'one', { 'one.yml': '1\n' })
  const second = await office.opens(office.ben, 'two', { 'two.yml': '2\n' })
  const base = await office.tip()

  const one = await mergePull(office.github, office.cleo, { repository: office.id, number: first.number })
  const two = await mergePull(office.github, office.cleo, { repository: office.id, number: second.number })

  const { storage, state } = office.github
  const commit = await storage.commit(office.id, two.sha)
  expect((await storage.commit(office.id, one.sha))?.parents).toEqual([base, first.head.sha])
  expect(commit?.parents).toEqual([one.sha, second.head.sha])
  expect((await storage.list(office.id, two.sha)).map((file) => file.path)).toEqual([
    'README.md',
    'one.yml',
    'policy.yml',
    'two.yml',
  ])
  expect(commit && signatureOf(state, commit)).toEqual({ isValid: true, wasSignedByGitHub: true })
})

test('nothing pins the base: of two merges at the same time both land, one on top of the other', async () => {
  const office = await openOffice()
  const pulls = [
    await office.opens(office.ben, 'one', { 'one.yml': '1\n' }),
    await office.opens(office.ben, 'two', { 'two.yml': '2\n' }),
  ]

  const merged = await Promise.all(
    pulls.map((pull) =>
      mergePull(office.github, office.cleo, { repository: office.id, number: pull.number, sha: pull.head.sha }),
    ),
  )

  expect(await office.tip()).toBe(merged[1]?.sha)
  const second = await office.github.storage.commit(office.id, merged[1]?.sha ?? '')
  expect(second?.parents[0]).toBe(merged[0]?.sha)
})

test('a merge is told as a push of the base and as closed and merged, by whom', async () => {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await office.heard()

  const { sha } = await mergePull(office.github, office.cleo, { repository: office.id, number: pull.number })

  expect(await office.heard()).toEqual(['push', 'check_suite.requested', 'pull_request.closed'])
  const [closed] = await office.bodies('pull_request.closed')
  expect(closed).toMatchObject({
    pull_request: { merged: true, merged_by: { login: 'cleo' }, merge_commit_sha: sha, state: 'closed' },
  })
  const [push] = (await office.bodies('push')).slice(-1)
  expect(push).toMatchObject({ ref: 'refs/heads/main', head_commit: { id: sha, added: ['a.yml'] } })
  expect((push as { commits: unknown[] }).commits.length).toBe(2)
})

test('a squash has one parent and another SHA; a rebase keeps authors and adds no merge commit', async () => {
  const office = await openOffice()
  const squashed = await office.opens(office.ben, 'one', { 'one.yml': '1\n' })
  await office.pushes(office.ben, { 'one.yml': '1b\n' }, { branch: 'one' })
  const rebased = await office.opens(office.ben, 'two', { 'two.yml': '2\n' })
  await office.pushes(office.ben, { 'two.yml': '2b\n' }, { branch: 'two' })
  const base = await office.tip()

  const one = await mergePull(office.github, office.cleo, {
    repository: office.id,
    number: squashed.number,
    method: 'squash',
  })
  const two = await mergePull(office.github, office.cleo, {
    repository: office.id,
    number: rebased.number,
    method: 'rebase',
  })

  const { storage } = office.github
  const squash = await storage.commit(office.id, one.sha)
  expect(squash).toMatchObject({ parents: [base], author: { name: 'ben' }, committer: { email: 'noreply@github.com' } })
  expect(squash?.message).toMatch(/^Add one \(#1\)\n\n\* Change one.yml/)
  const landed = await storage.commitsBetween(office.id, one.sha, two.sha)
  const tops = await Promise.all(landed.map((sha) => storage.commit(office.id, sha)))
  expect(tops.map((commit) => [commit?.author.name, commit?.committer.name, commit?.parents.length])).toEqual([
    ['ben', 'cleo', 1],
    ['ben', 'cleo', 1],
  ])
  expect(
    (await storage.blob(office.id, (await storage.entry(office.id, two.sha, 'one.yml'))?.oid ?? ''))?.toString(),
  ).toBe('1b\n')
})

test('405 is for what cannot be merged now, 409 for a head that is another', async () => {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'README.md': 'mine\n' })
  const merge = (more: object = {}) =>
    mergePull(office.github, office.cleo, { repository: office.id, number: pull.number, ...more })

  expect(await refused(merge({ sha: 'f'.repeat(40) }))).toMatch(/^409 Head branch was modified/)
  await convertToDraft(office.github, office.ben, { repository: office.id, number: pull.number })
  expect(await refused(merge())).toBe('405 Pull Request is still a draft')
  await markReady(office.github, office.ben, { repository: office.id, number: pull.number })
  await office.pushes(office.cleo, { 'README.md': 'theirs\n' })
  expect(await refused(merge())).toBe('405 Pull Request is not mergeable')
  await closePull(office.github, office.ben, { repository: office.id, number: pull.number })
  expect(await refused(merge())).toBe('405 Pull Request is not mergeable')
})

test('whether it can be merged is unknown at first, and stays what it was while the base moves', async () => {
  const office = await openOffice({ mergeableAfterMs: 3000 })
  const { clock } = office.github as unknown as { clock: { advance(ms: number): Promise<void> } }
  const pull = await office.opens(office.ben, 'churn', { 'README.md': 'mine\n' })
  const ask = () => mergeableNow(office.github, office.id, pull.number)

  expect(await ask()).toBeNull()
  await clock.advance(2999)
  expect(await ask()).toBeNull()
  await clock.advance(1)
  expect(await ask()).toBe(true)
  await office.pushes(office.cleo, { 'README.md': 'theirs\n' })
  expect(await ask()).toBe(true)
  await clock.advance(3000)
  expect(await ask()).toBe(false)
  await office.pushes(office.ben, { 'README.md': 'mine again\n' }, { branch: 'churn' })
  expect(await ask()).toBeNull()
})

test('a new base is told as edited with the old one, and what is merged goes there', async () => {
  const office = await openOffice()
  await office.pushes(office.ada, { 'policy.yml': 'lax\n' }, { branch: 'lax' })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await office.heard()

  await editPull(office.github, office.ben, { repository: office.id, number: pull.number, base: 'lax', title: 'Other' })

  expect(await office.heard()).toEqual(['pull_request.edited'])
  const [body] = await office.bodies('pull_request.edited')
  expect(body).toMatchObject({
    changes: { base: { ref: { from: 'main' }, sha: { from: pull.base.sha } }, title: { from: 'Add churn' } },
    pull_request: { base: { ref: 'lax' }, title: 'Other' },
  })
})

test('two open pull requests may have the same head into different bases, and one check stands on both', async () => {
  const office = await openOffice()
  await office.pushes(office.ben, { 'policy.yml': 'lax\n' }, { branch: 'lax' })
  const strict = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })

  const lax = await openPull(office.github, office.ben, {
    repository: office.id,
    title: 'x',
    head: 'churn',
    base: 'lax',
  })

  expect(lax.head.sha).toBe(strict.head.sha)
  const twice = openPull(office.github, office.cleo, { repository: office.id, title: 'y', head: 'churn', base: 'lax' })
  expect(await refused(twice)).toContain('A pull request already exists for acme:churn.')
})

test('a pull request from a fork follows the fork, and keeps its commit in the base repository', async () => {
  const office = await openOffice()
  const fork = await forkRepository(office.github, office.dora, { repository: office.id })
  await pushFiles(office.github, office.dora, { repository: fork.id, branch: 'idea', files: { 'a.yml': '1\n' } })
  const pull = await openPull(office.github, office.dora, {
    repository: office.id,
    title: 'Idea',
    head: 'dora:idea',
    base: 'main',
  })
  await office.heard()

  const sha = await pushFiles(office.github, office.dora, {
    repository: fork.id,
    branch: 'idea',
    files: { 'a.yml': '2\n' },
  })

  expect(await office.heard()).toEqual(['pull_request.synchronize'])
  expect(await office.github.storage.tip(office.id, `refs/pull/${pull.number}/head`)).toBe(sha)
  const [body] = await office.bodies('pull_request.synchronize')
  expect(body).toMatchObject({ pull_request: { head: { label: 'dora:idea', repo: { fork: true } } } })
  const push = pushFiles(office.github, office.dora, { repository: office.id, branch: 'x', files: { 'a.yml': '3\n' } })
  expect(await refused(push)).toMatch(/^403 /)
})

test('deleting the head closes, deleting the base closes, and a push that brings the head merges', async () => {
  const office = await openOffice()
  await office.pushes(office.ada, { 'x.yml': 'x\n' }, { branch: 'release' })
  const [a, b, c] = [
    await office.opens(office.ben, 'a', { 'a.yml': 'a\n' }),
    await office.opens(office.ben, 'b', { 'b.yml': 'b\n' }, 'release'),
    await office.opens(office.ben, 'c', { 'c.yml': 'c\n' }),
  ]

  await forcePush(office.github, office.ben, { repository: office.id, branch: 'a', to: null })
  await forcePush(office.github, office.ben, { repository: office.id, branch: 'release', to: null })
  await forcePush(office.github, office.ada, { repository: office.id, branch: 'main', to: c.head.sha })

  const { state } = office.github
  const standing = [a, b, c].map((pull) => [
    issueOf(state, office.id, pull.number).state,
    pullOf(state, office.id, pull.number).mergedBy,
  ])
  expect(standing).toEqual([
    ['closed', null],
    ['closed', null],
    ['closed', office.ada.account.id],
  ])
  const again = reopenPull(office.github, office.ben, { repository: office.id, number: a.number })
  expect(await refused(again)).toContain('state cannot be changed')
})

test('a closed pull request does not follow its branch; reopened, it stands where the branch is', async () => {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await closePull(office.github, office.ben, { repository: office.id, number: pull.number })
  await office.heard()

  const sha = await office.pushes(office.ben, { 'a.yml': '2\n' }, { branch: 'churn' })
  const reopened = await reopenPull(office.github, office.ben, { repository: office.id, number: pull.number })

  expect(await office.heard()).toEqual(['push', 'check_suite.requested', 'pull_request.reopened'])
  expect(reopened.head.sha).toBe(sha)
})

test('a pull request needs a base, a head and commits between them', async () => {
  const office = await openOffice()
  await office.pushes(office.ben, { 'a.yml': '1\n' }, { branch: 'churn' })
  const opening = (head: string, base: string) =>
    openPull(office.github, office.ben, { repository: office.id, title: 'x', head, base })

  expect(await refused(opening('churn', 'nowhere'))).toContain('"field":"base"')
  expect(await refused(opening('nowhere', 'main'))).toContain('"field":"head"')
  expect(await refused(opening('main', 'churn'))).toContain('No commits between churn and main')
})

test('a commit that nobody signed stays unsigned, and a copied signature is invalid', async () => {
  const office = await openOffice()
  const { storage, state } = office.github
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const { sha } = await mergePull(office.github, office.cleo, { repository: office.id, number: pull.number })
  const merged = await storage.commit(office.id, sha)
  if (merged === null) throw new Error('the merge left no commit')

  const forged = await storage.writeCommit(office.id, {
    ...merged,
    message: 'not what was signed',
    sign: () => merged.signature ?? '',
  })

  const [plain, copied] = [await storage.commit(office.id, pull.head.sha), await storage.commit(office.id, forged)]
  expect(plain && signatureOf(state, plain)).toBeNull()
  expect(copied && signatureOf(state, copied)).toEqual({ isValid: false, wasSignedByGitHub: false })
})

test('an approval is taken back by a push that changes the diff, where the rules say so', async () => {
  const office = await openOffice()
  const empty = { users: [], teams: [], apps: [] }
  await protectBranch(office.github, office.id, {
    pattern: 'main',
    requiredReviews: {
      count: 1,
      dismissStale: true,
      requireLastPushApproval: false,
      requireCodeOwners: false,
      bypass: empty,
    },
  })
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  await submitReview(office.github, office.cleo, { repository: office.id, number: pull.number, event: 'APPROVE' })

  await office.pushes(office.ben, { 'a.yml': '2\n' }, { branch: 'churn' })

  expect([...office.github.state.reviews.values()].map((one) => one.state)).toEqual(['DISMISSED'])
  expect(await office.bodies('pull_request_review.dismissed')).toMatchObject([{ sender: { login: 'ben' } }])
})

test('a repository with its owner as the only account works like one of an organisation', async () => {
  const office = await openOffice()
  const own = await createRepository(office.github, office.dora, {
    owner: office.dora.account.id,
    name: 'own',
    files: { 'README.md': 'x\n' },
  })
  const sha = await pushFiles(office.github, office.dora, {
    repository: own.id,
    branch: 'main',
    files: { 'a.md': 'a\n' },
  })

  expect(await office.github.storage.tip(own.id, 'refs/heads/main')).toBe(sha)
})
