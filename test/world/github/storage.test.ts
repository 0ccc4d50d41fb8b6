import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { git } from '../../../src/adapters/checkout/git.ts'
import { openJobFolder } from '../../../src/adapters/job-folder.ts'
import { virtualClock } from '../../../src/world/clock.ts'
import { createComment } from '../../../src/world/github/acts/comment.ts'
import { pushFiles } from '../../../src/world/github/acts/push.ts'
import { openOffice, refused } from './support/office.ts'

test('what is written is a real repository: Git finds no fault with it', async () => {
  const office = await openOffice()
  await office.opens(office.ben, 'churn', { 'models/churn/versions/1.yml': '1\n', 'models/churn.yml': 'x\n' })

  const folder = office.github.storage.folder(office.id)
  const faults = await git(folder, ['fsck', '--strict', '--full', '--no-dangling'])

  expect(faults).toBe('')
  expect((await git(folder, ['log', '--format=%an %s', 'churn'])).trim().split('\n')).toEqual([
    'ben Change models/churn/versions/1.yml, models/churn.yml',
    'ada Initial commit',
  ])
})

test('a comparison shows renames with the path of before, and how many lines changed', async () => {
  const office = await openOffice()
  const text = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('')
  await office.pushes(office.ben, { 'old name.yml': text, 'gone.yml': 'x\n' })
  const from = await office.tip()
  await office.pushes(office.ben, { 'old name.yml': null, 'new/näme.yml': `${text}more\n`, 'gone.yml': null })

  const files = await office.github.storage.diff(office.id, from, await office.tip())
  const patches = await office.github.storage.patches(office.id, from, await office.tip())

  expect(files).toMatchObject([
    { path: 'gone.yml', status: 'removed', newOid: null, deletions: 1 },
    { path: 'new/näme.yml', previousPath: 'old name.yml', status: 'renamed', additions: 1, deletions: 0 },
  ])
  expect(patches.get('new/näme.yml')).toMatch(/^@@ .*\n[\s\S]*\+more$/)
})

test('a ref moves only from where it was seen, and several move together or not at all', async () => {
  const office = await openOffice()
  const { storage } = office.github
  const [one, other] = [await office.tip(), await office.pushes(office.ben, { 'a.yml': '1\n' })]
  const ref = (name: string, from: string | null, to: string | null) => ({ ref: `refs/heads/${name}`, from, to })

  expect(await storage.update(office.id, [ref('x', null, one)])).toBe(true)
  expect(await storage.update(office.id, [ref('x', null, other)])).toBe(false)
  expect(await storage.update(office.id, [ref('y', null, one), ref('x', other, null)])).toBe(false)
  expect(await storage.tip(office.id, 'refs/heads/y')).toBeNull()
  await expect(storage.update(office.id, [ref('x y\nevil', null, one)])).rejects.toThrow('is no change of a ref')
  await expect(storage.mergeBase(office.id, '--all', one)).rejects.toThrow('is no object id')
  expect(await storage.update(office.id, [ref('x', one, other)])).toBe(true)
  expect(await storage.tip(office.id, 'refs/heads/x')).toBe(other)
})

test('paths changed, merge bases and commits between are what Git itself says', async () => {
  const office = await openOffice()
  const { storage } = office.github
  const from = await office.tip()
  await office.pushes(office.ben, { 'a/x.yml': '1\n', 'a/y.yml': '1\n', b: 'file\n' })
  const side = await office.pushes(office.cleo, { 'c.yml': '1\n' }, { branch: 'side', from })
  const to = await office.pushes(office.ben, { 'a/x.yml': '2\n', 'a/y.yml': null, b: null, 'b/z.yml': 'folder\n' })
  const asked = (args: readonly string[]) => git(storage.folder(office.id), args)
  const lines = (text: string) => text.split('\n').filter((line) => line !== '')

  for (const [one, other] of [
    [from, to],
    [to, from],
    [side, to],
  ] as const) {
    const paths = await storage.changedPaths(office.id, one, other)
    const told = paths.map((file) => `${file.status.slice(0, 1).toUpperCase()}\t${file.path}`)
    const known = lines(await asked(['diff-tree', '-r', '--name-status', '--no-renames', one, other]))
    expect(told.map((line) => line.replace(/^R/, 'D'))).toEqual(known)
    expect(await storage.mergeBase(office.id, one, other)).toBe((await asked(['merge-base', one, other])).trim())
    expect(await storage.commitsBetween(office.id, one, other)).toEqual(
      lines(await asked(['rev-list', '--reverse', '--topo-order', other, `^${one}`])),
    )
  }
})

test('a branch cannot stand below another branch, and the refs go on working after Git refused', async () => {
  const office = await openOffice()
  const below = office.pushes(office.ben, { 'a.yml': '1\n' }, { branch: 'main/below' })

  expect(await refused(below)).toMatch(/^422 Reference cannot be updated/)
  expect(await refused(office.pushes(office.ben, { 'a.yml': '1\n' }, { branch: 'beside' }))).toBe('nothing was refused')
})

test('history knows which commits changed a path, and which came by first parents only', async () => {
  const office = await openOffice()
  const first = await office.pushes(office.ben, { 'a/b.yml': '1\n' })
  await office.pushes(office.ben, { 'c.yml': '2\n' })
  const third = await office.pushes(office.ben, { 'a/b.yml': '3\n' })

  const history = await office.github.storage.history(office.id, third, { path: 'a', firstParent: true })

  expect(history).toEqual([third, first])
})

test('a copy of the world goes its own way and costs next to nothing', async () => {
  const office = await openOffice()
  const pull = await office.opens(office.ben, 'churn', { 'a.yml': '1\n' })
  const before = await office.tip('churn')
  const folder = openJobFolder()
  const options = { folder: folder.path, clock: virtualClock(), courier: { deliver: async () => 202 } }
  await office.github.settled()

  const from = performance.now()
  const copy = await office.github.fork(options)
  const ms = performance.now() - from
  await pushFiles(copy, office.ben, { repository: office.id, branch: 'churn', files: { 'a.yml': '2\n' } })
  await createComment(copy, office.ben, { repository: office.id, number: pull.number, body: 'only here' })

  expect(await office.tip('churn')).toBe(before)
  expect(office.github.state.comments.size).toBe(0)
  expect(copy.state.comments.size).toBe(1)
  expect(await copy.storage.tip(office.id, 'refs/heads/churn')).not.toBe(before)
  expect(ms).toBeLessThan(100)
  console.info(`a copy took ${ms.toFixed(1)} ms`)
  await copy.close()
  folder.close()
  expect(existsSync(office.github.storage.folder(office.id))).toBe(true)
  expect((await office.github.storage.commit(office.id, before))?.sha).toBe(before)
})
