import { expect, test } from 'vitest'
import { STORIES } from '../../src/demo/stories.ts'
import { type CameOut, cameOutAsTold } from '../../src/demo/tell-story.ts'

const [first, second] = STORIES

function came(status: 'passed' | 'failed', gates: Readonly<Record<string, 'passed' | 'failed'>>): CameOut {
  const children = Object.entries(gates).map(([gate, one]) => ({ gate, status: one }))
  return {
    check: { verdict: { status, children } } as unknown as CameOut['check'],
    published: [{ name: 'weighbridge', conclusion: status === 'passed' ? 'success' : 'failure' }],
    isMerged: status === 'passed',
    deployments: status === 'passed' ? [{}] : [],
    ledger: status === 'passed' ? [{}] : [],
  }
}

const passed = came('passed', { metrics: 'passed', fairness: 'passed', integrity: 'passed' })
const held = came('failed', { metrics: 'passed', fairness: 'failed' })

test('a story is as told only when verdict, gates, published checks, merge, deployment and ledger all say so', () => {
  expect(cameOutAsTold(first!, passed)).toBe(true)
  expect(cameOutAsTold(second!, held)).toBe(true)
  expect(cameOutAsTold(first!, held)).toBe(false)
  expect(cameOutAsTold(second!, passed)).toBe(false)
})

test.each<[string, Partial<CameOut>]>([
  ['nothing was published', { published: [] }],
  ['the published check says something else', { published: [{ name: 'weighbridge', conclusion: 'action_required' }] }],
  [
    'the check of a gate says something else',
    {
      published: [
        { name: 'weighbridge', conclusion: 'success' },
        { name: 'weighbridge / fairness', conclusion: 'failure' },
      ],
    },
  ],
  ['it was not merged', { isMerged: false }],
  ['it was not deployed', { deployments: [] }],
  ['the ledger does not know of it', { ledger: [] }],
])('the first story is not as told when %s', (_, wrong) => {
  expect(cameOutAsTold(first!, { ...passed, ...wrong })).toBe(false)
})
