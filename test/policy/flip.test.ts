import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Finding, finding, type Status } from '../../src/gates/finding.ts'
import { smallestFlip, withFlips } from '../../src/policy/flip.ts'

const STATUSES = ['passed', 'failed', 'inconclusive', 'skipped'] as const

function leaf(title: string, status: Status, more: Partial<Finding> = {}): Finding {
  return finding('metrics', title, status, `${title} is ${status}`, more)
}

function node(title: string, children: readonly Finding[]): Finding {
  const binding = children.filter(({ advisory, status }) => advisory !== true && status !== 'skipped')
  const has = (wanted: Status) => binding.some(({ status }) => status === wanted)
  const status = has('failed')
    ? 'failed'
    : has('inconclusive')
      ? 'inconclusive'
      : binding.length > 0
        ? 'passed'
        : 'failed'
  return leaf(title, status, { children })
}

/** Trees of two levels, each finding with a title of its own. */
const trees = fc
  .array(
    fc.record({
      status: fc.constantFrom(...STATUSES),
      advisory: fc.boolean(),
      children: fc.array(fc.record({ status: fc.constantFrom(...STATUSES), advisory: fc.boolean() }), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((gates) =>
    node(
      'root',
      gates.map(({ status, advisory, children }, at) => {
        const below = children.map((child, index) =>
          leaf(`${at}.${index}`, child.status, child.advisory ? { advisory: true } : {}),
        )
        const own = below.length === 0 ? leaf(`${at}`, status) : node(`${at}`, below)
        return advisory ? { ...own, advisory: true as const } : own
      }),
    ),
  )

function titlesOf(root: Finding): readonly string[] {
  return [root.title, ...root.children.flatMap(titlesOf)]
}

const turned = (titles: ReadonlySet<string>) => (found: Finding) => titles.has(found.title)

describe('the smallest change that flips a verdict', () => {
  test('makes it pass, whatever the tree', () => {
    fc.assert(
      fc.property(trees, (root) => {
        const titles = new Set(smallestFlip(root).flatMap(({ findings }) => findings.map(({ title }) => title)))

        expect(withFlips(root, turned(titles)).status).toBe('passed')
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  test('is the smallest: no smaller set of findings below the root makes it pass, all of them tried', () => {
    fc.assert(
      fc.property(trees, (root) => {
        const changes = smallestFlip(root).flatMap(({ findings }) => findings)
        // whole gates may be turned at once only where nothing in them explains them
        const candidates = titlesOf(root).filter((title) => isLowest(root, title))
        const smaller = subsetsOf(candidates).filter((titles) => titles.length < changes.length)

        for (const titles of smaller) expect(withFlips(root, turned(new Set(titles))).status).not.toBe('passed')
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  test('is nothing where it passes, and the verdict itself where nothing below it explains it', () => {
    const passed = node('root', [leaf('a', 'passed'), leaf('b', 'failed', { advisory: true })])
    const empty = node('root', [leaf('a', 'skipped')])

    expect(smallestFlip(passed)).toEqual([])
    expect(smallestFlip(empty).map(({ findings }) => findings[0]?.title)).toEqual(['root'])
  })

  test('names one reason once, with every gate that it holds', () => {
    const missing = { reason: 'the exam is not there' }
    const other = finding('fairness', 'sex', 'inconclusive', 'no rows', missing)
    const root = node('root', [leaf('roc_auc', 'inconclusive', missing), other, leaf('recall', 'failed')])

    const flips = smallestFlip(root)

    expect(flips.map(({ gates }) => gates)).toEqual([['metrics', 'fairness'], ['metrics']])
  })
})

/** A finding that its children do not explain, so that it changes by itself. */
function isLowest(root: Finding, title: string): boolean {
  const found = findIn(root, title)
  const binding = found?.children.filter(({ advisory, status }) => advisory !== true && status !== 'skipped') ?? []
  return binding.length === 0
}

function findIn(root: Finding, title: string): Finding | undefined {
  return root.title === title
    ? root
    : root.children.map((child) => findIn(child, title)).find((one) => one !== undefined)
}

function subsetsOf(titles: readonly string[]): readonly (readonly string[])[] {
  const count = 2 ** titles.length
  return Array.from({ length: count }, (_, bits) => titles.filter((_title, at) => ((bits >> at) & 1) === 1))
}
