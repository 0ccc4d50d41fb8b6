import { describe, expect, test } from 'vitest'
import { finding } from '../../src/gates/finding.ts'
import { smallestFlip } from '../../src/policy/flip.ts'
import { type Explanation, explanationPage } from '../../src/report/explanation-page.ts'
import { pageHtml } from '../../src/report/page/page-html.ts'
import { pageMarkdown } from '../../src/report/page/page-markdown.ts'
import { HOSTILE } from './hostile.ts'

function explained(text: string, more: Partial<Explanation> = {}): Explanation {
  const auc = finding('metrics', text, 'failed', text, {
    measured: 0.8,
    limit: { min: 0.88 },
    interval: [0.79, 0.81],
    confidence: 0.95,
    provenance: 'recomputed',
    flips: text,
    review: { role: text },
  })
  const metrics = finding('metrics', 'metrics: 1 failed', 'failed', text, { children: [auc] })
  const approvals = finding('approvals', 'approver', 'inconclusive', '0/1 approvals', { flips: 'An approval.' })
  const root = finding('weighbridge', 'churn: held', 'failed', text, { children: [metrics, approvals] })
  const supposed = { status: 'open', findings: [metrics], notComputed: [text] } as const
  return {
    verdict: { ...root, validUntil: '2026-12-01T08:00:00Z' },
    gate: null,
    flips: smallestFlip(root),
    waivable: [{ gate: 'metrics', by: 'risk' }],
    promotions: [
      {
        title: text,
        whatIfs: [
          { title: text, supposed },
          { title: 'against 1.0.0', supposed: null, because: text },
        ],
      },
    ],
    ...more,
  }
}

describe('an explanation', () => {
  const markdown = pageMarkdown(explanationPage(explained('roc_auc')), 20_000)

  test('names what has to change, and every way there is to it', () => {
    expect(markdown).toContain('These 2 have to change, and nothing else.')
    expect(markdown).toContain('review of exactly this evidence by role roc_auc')
    expect(markdown).toMatch(/Or: .*\/waive metrics until=\.\.\. reason="\.\.\.", by role risk/)
    expect(markdown).toContain('| approvals | approver | 0/1 approvals | An approval. |')
    expect(markdown).toContain('2026-12-01T08:00:00Z')
  })

  test('never calls a supposition passed of which a part was not computed', () => {
    expect(markdown).toMatch(/\| roc_auc \| \? not computed \| 0 passed, metrics failed; not computed: roc_auc \|/)
    expect(markdown).toContain('| against 1.0.0 | ? not computed | roc_auc |')
  })

  test('of one gate says how much else holds it', () => {
    const one = pageMarkdown(explanationPage(explained('roc_auc', { gate: 'approvals' })), 20_000)

    expect(one).toContain('This alone holds it. Other gates hold it for 1 more reason.')
    expect(one).not.toContain('| › roc_auc |')
  })
})

test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('%j in a finding is text (S43)', (_, text) => {
  const page = explanationPage(explained(text))
  const plain = pageMarkdown(page, 25_000).replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')

  expect(plain).not.toMatch(/@[a-z0-9]|#\d|\bGH-\d|\bGHSA-|:\/\/|www\./i)
  expect(plain).not.toMatch(/(?<!\\)<[a-z!/?]/i)
  expect(plain).not.toMatch(/(?<!\\)\]\(/)
  expect(pageHtml(page)).not.toMatch(/<(script|img|details|h1>big)/i)
})
