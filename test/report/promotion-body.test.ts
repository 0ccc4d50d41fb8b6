import { describe, expect, test } from 'vitest'
import { recordedDifferences } from '../../src/measuring/version-comparison.ts'
import { promotionBody, promotionTitle, type ToldPromotion } from '../../src/report/promotion-body.ts'
import { retirementBody } from '../../src/report/retirement-body.ts'
import { unifiedDiff } from '../../src/report/unified-diff.ts'
import { compose, digestOf, recordFile } from '../policy/weighing.ts'
import { HOSTILE } from './hostile.ts'

const before = recordFile('1.3.0', { training: { parameters: { epochs: 20 }, seed: 7 } }).record
const record = recordFile('1.4.0', {
  parent: '1.3.0',
  threshold: 0.4,
  training: {
    commit: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    run: { workflow: 'train.yml', id: 98765 },
    parameters: { epochs: 30 },
    seed: 7,
    data: [{ name: 'customers', uri: 's3://data/customers.parquet', digest: digestOf('c') }],
    compute: { gpu: 'h200', gpu_seconds: 1840 },
  },
}).record

function told(more: Partial<ToldPromotion> = {}): ToldPromotion {
  return {
    environment: 'production',
    from: '1.3.0',
    to: '1.4.0',
    because: 'as named',
    diff: unifiedDiff('deploy/production/churn.yml', 'v: 1.3.0\n', 'v: 1.4.0\n'),
    asked: { login: 'erin', url: 'https://github.com/acme/risk/issues/3#issuecomment-7001' },
    record,
    task: 'binary',
    before,
    differences: recordedDifferences(before, record),
    composed: compose({
      'policies/production.yml': `gates:
  metrics: [{metric: roc_auc, min: 0.88}, {metric: rmse, max: 3, tasks: [regression]}]
  drift: {test: default, max_drifted_share: 0.3, advisory: true}
  approvals: [{role: approver}, {role: risk, count: 2, when: 'fairness != "passed"'}]
`,
    }),
    notes: ['staging serves 1.2.0 now'],
    branch: 'weighbridge/promote/production/churn-0a1b2c3d',
    base: 'main',
    modelsUrl: 'https://github.com/acme/risk',
    ...more,
  }
}

describe('a promotion by the app tells its reviewer', () => {
  const body = promotionBody(told())

  test('what changes, who asked and where', () => {
    expect(promotionTitle(told())).toBe('Promote churn 1.4.0 to production')
    expect(body).toContain('`production` shall serve `churn 1.4.0` instead of `1.3.0`')
    expect(body).toContain('```diff\n--- a/deploy/production/churn.yml')
    expect(body).toContain('-v: 1.3.0\n+v: 1.4.0')
    expect(body).toContain('`erin` in [a comment](https://github.com/acme/risk/issues/3#issuecomment-7001)')
  })

  test('what the version is, with links to its run and its commit', () => {
    expect(body).toContain('[train.yml run 98765](https://github.com/acme/risk/actions/runs/98765)')
    expect(body).toContain('(https://github.com/acme/risk/commit/4b825dc642cb6eb9a060e54bf8d69288fbee4904)')
    expect(body).toContain('| parameter epochs | 30 |')
    expect(body).toContain('| gpu_seconds | 1840 |')
  })

  test('what differs from the version that it replaces, and whether the step is large enough', () => {
    expect(body).toContain('| parameters.epochs | 20 | 30 |')
    expect(body).toContain('the step is minor; what changed takes minor: it was trained on other data')
  })

  test('what it is held to: rules for its task, and which of them only advise', () => {
    expect(body).toContain('| metrics | `metric: roc_auc, min: 0.88` |')
    expect(body).toContain('| drift | `test: default, max_drifted_share: 0.3` (advisory) |')
    expect(body).toContain('| manifest | always |')
    expect(body).not.toContain('rmse')
    expect(body).not.toContain('| soak |')
  })

  test('whom it waits for, how to take it back, and how to repeat it', () => {
    expect(body).toContain('- 1 of role approver')
    expect(body).toContain('- 2 of role risk, when fairness != "passed"')
    expect(body).toContain('`erin` asked for it, so an approval by this account counts for nothing')
    expect(body).toContain('`/promote churn@1.3.0 production`')
    expect(body).toContain(
      'npx weighbridge check --base origin/main --head origin/weighbridge/promote/production/churn-0a1b2c3d',
    )
  })

  test('as much, and no more, where the version before cannot be read', () => {
    expect(promotionBody(told({ before: null, differences: [] }))).toContain('The record of 1.3.0 cannot be read')
  })
})

/** Markdown without code spans and blocks, which GitHub leaves alone, and without our own links. */
function prose(markdown: string): string {
  return markdown
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replaceAll(/\]\(https:\/\/github\.com\/acme\/risk\/[\w/#-]*\)/g, ']')
}

describe.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
  '%j in a record, a policy, a diff',
  (_, text) => {
    const hostile = recordFile('1.4.0', {
      training: {
        run: { workflow: text, id: 1 },
        parameters: { [text]: text },
        data: [{ name: text, uri: text, digest: digestOf('c') }],
        environment: { image: text },
        compute: { gpu: text },
      },
    }).record
    const body = promotionBody(
      told({
        record: hostile,
        because: text,
        differences: [{ field: text, a: text, b: `${text}!` }],
        diff: [`-${text}`, `+${text}`],
        notes: [text],
        asked: { login: text, url: 'https://github.com/acme/risk/issues/3' },
      }),
    )
    const plain = prose(body)

    test('mentions nobody, refers to nothing, links nowhere and closes nothing (S43)', () => {
      expect(plain).not.toMatch(/@[a-z0-9]|#\d|\bGH-\d|\bGHSA-|:\/\/|www\./i)
      expect(plain).not.toMatch(/(?<!\\)<[a-z!/?]/i)
      expect(plain).not.toMatch(/(?<!\\)\]\(/)
    })

    test('stays in its cell and within bounds, and hides nothing (S43)', () => {
      const rows = body.split('\n').filter((line) => line.startsWith('| '))
      const cells = (row: string) => [...row.replace(/\\[\s\S]/g, '').matchAll(/\|/g)].length - 1
      expect(new Set(rows.map(cells))).toEqual(new Set([2, 3]))
      expect(body.length).toBeLessThan(30_000)
      expect(body).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
      expect(body.isWellFormed()).toBe(true)
    })

    test('does no more in a retirement (S43)', () => {
      const asked = { login: text, url: 'https://github.com/acme/risk/issues/3' }
      const of = {
        model: 'churn',
        version: '1.2.0',
        reason: text,
        diff: [`+${text}`],
        asked,
        environments: ['staging'],
      }
      const retirement = retirementBody(of)
      expect(prose(retirement)).not.toMatch(/@[a-z0-9]|#\d|:\/\/|(?<!\\)<[a-z!/?]/i)
      expect(retirement).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
    })
  },
)
