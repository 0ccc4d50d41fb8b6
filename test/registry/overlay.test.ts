import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conflicts, layOver } from '../../src/registry/overlay.ts'
import { changedBetween } from './files.ts'

const files = (texts: Readonly<Record<string, string>>) => new Map(Object.entries(texts))
/** The tree of these texts. */
const tree = (texts: ReadonlyMap<string, string>) =>
  changedBetween(new Map(), texts).map(({ path, oid, mode }) => ({ path, oid: oid.to!, mode: mode.to! }))
const isOurs = (path: string) => path.startsWith('models/') || path.startsWith('deploy/')

test('what is weighed is base tip with the pull request’s own changes: what base gained since stays', () => {
  const mergeBase = files({ 'models/a': '1', 'deploy/a': '1', 'README.md': 'x' })
  const baseTip = files({ 'models/a': '1', 'models/new': '5', 'deploy/a': '1', 'README.md': 'x' })
  const head = files({ 'models/a': '1', 'models/mine': '9', 'deploy/a': '2' })
  const changed = changedBetween(mergeBase, head)

  const laid = layOver(tree(baseTip), changed)

  const meant = files({ 'deploy/a': '2', 'models/a': '1', 'models/mine': '9', 'models/new': '5' })
  expect(laid).toEqual(tree(meant))
  expect(conflicts(changed, changedBetween(mergeBase, baseTip), isOurs)).toEqual([])
})

test('entries of a tree are laid over by oid and mode, removals included', () => {
  const entry = (path: string, oid: string) => ({ path, oid, mode: '100644' })
  const changed = changedBetween(files({ a: '1', b: '1' }), files({ a: '2', c: '3' }))
  const laid = layOver([entry('a', 'old'), entry('b', 'old'), entry('d', 'old')], changed)
  expect(laid.map(({ path, mode }) => [path, mode])).toEqual([
    ['a', '100644'],
    ['c', '100644'],
    ['d', '100644'],
  ])
  expect(laid[0]?.oid).not.toBe('old')
})

test('a path of ours that both sides changed is a conflict, also when one side made a folder of it', () => {
  const start = files({ 'models/a': '1', 'README.md': 'x', 'deploy/x': '1' })
  const mine = changedBetween(
    start,
    files({ 'models/a': '2', 'README.md': 'y', 'deploy/x': '1', 'deploy/new': 'file' }),
  )
  const theirs = changedBetween(
    start,
    files({ 'models/a': '3', 'README.md': 'z', 'deploy/x': '1', 'deploy/new/churn.yml': '1' }),
  )
  expect(conflicts(mine, theirs, isOurs)).toEqual(['deploy/new', 'models/a'])
  expect(conflicts(theirs, mine, isOurs)).toEqual(['deploy/new/churn.yml', 'models/a'])
})

test('a removal on either side meets a change on the other', () => {
  const start = files({ 'models/a': '1' })
  const gone = changedBetween(start, files({}))
  const other = changedBetween(start, files({ 'models/a': '2' }))
  expect(conflicts(gone, other, isOurs)).toEqual(['models/a'])
  expect(conflicts(other, gone, isOurs)).toEqual(['models/a'])
})

test('without conflicts it does not matter which side is laid over which', () => {
  const texts = fc.dictionary(
    fc.constantFrom('models/a', 'models/b', 'deploy/c', 'deploy/d'),
    fc.constantFrom('1', '2', '3'),
  )
  fc.assert(
    fc.property(texts, texts, texts, (start, left, right) => {
      const [root, head, tip] = [files(start), files(left), files(right)]
      const [mine, theirs] = [changedBetween(root, head), changedBetween(root, tip)]
      fc.pre(conflicts(mine, theirs, isOurs).length === 0)
      expect(layOver(tree(tip), mine)).toEqual(layOver(tree(head), theirs))
    }),
  )
})
