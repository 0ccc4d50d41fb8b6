import { describe, expect, test } from 'vitest'
import { ALSO_BETTER, BETTER, openStory, UNFAIR } from '../../support/github-world.ts'
import { answerIn, opensIssue, says } from '../../support/story-talk.ts'

const METRICS = [{ metric: 'roc_auc', min: 0.85 }]
const TOO_HIGH = { gates: { metrics: [{ metric: 'roc_auc', min: 0.999 }], approvals: [{ role: 'approver' }] } }

/** The row of a table that begins with this. */
function row(answer: string, begins: string): string {
  return answer.split('\n').find((line) => line.startsWith(`| ${begins}`)) ?? ''
}

describe('/explain', () => {
  test('shows the whole tree, the smallest change that flips it, and what if, for at most eight calls', async () => {
    const story = await openStory({ policy: TOO_HIGH })
    const pull = await story.promotes(BETTER)
    const scored = pull.check('weighbridge')
    story.world.github.forgetCalls()

    await says(story, 'dana', pull.number, '/explain')

    const answer = answerIn(story, pull.number)
    expect(scored?.conclusion).toBe('failure')
    expect(story.world.github.calls.length).toBeLessThanOrEqual(8)
    expect(answer).toContain('These 2 have to change, and nothing else.')
    expect(row(answer, 'metrics | roc_auc')).toMatch(/is under the floor of 0\.999.*a floor of 0\.91/)
    expect(row(answer, 'approvals | approver')).toContain('An approval of exactly this evidence by 1 of role approver')
    expect(row(answer, 'without anybody')).toMatch(/held.*metrics failed/)
    expect(row(answer, 'against no incumbent')).toMatch(/held/)
    expect(row(answer, '› roc_auc')).toMatch(
      /✗ failed \| 0\.9112 \| \[0\.90\d+, 0\.91\d+\] \(95 %\) \| at least 0\.999 .*recomputed/,
    )
    expect(row(answer, 'registry')).toContain('✓ passed')
  })

  test('judges by another policy what can be measured without a model, and names what cannot; also with models elsewhere', async () => {
    const environments = [
      { name: 'lab', manifests: 'deploy/lab', policy: 'policies/lab.yml' },
      { name: 'staging', manifests: 'deploy/staging', policy: 'policies/staging.yml' },
      { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml' },
    ]
    const lenient = '{"gates": {"metrics": [{"metric": "roc_auc", "min": 0.8}]}}'
    const curious = '{"gates": {"explainability": {"max_importance": {"age": 0.123}}}}'
    const story = await openStory({
      policy: TOO_HIGH,
      configuration: { environments },
      files: { 'policies/lab.yml': curious, 'policies/staging.yml': lenient },
      registry: true,
    })
    const pull = await story.promotes(BETTER)

    await says(story, 'dana', pull.number, '/explain metrics')

    const answer = answerIn(story, pull.number)
    expect(row(answer, 'under the policy of staging')).toMatch(/✓ passed/)
    expect(row(answer, 'under weighbridge/strict')).toContain('metrics passed; ')
    expect(row(answer, 'under the policy of lab')).toContain('not computed: explainability')
    expect(answer).toContain('Other gates hold it for 1 more reason.')
    expect(row(answer, 'registry')).toBe('')
  })

  test('supposes another incumbent that was served there, and the end of a freeze', async () => {
    const notWorse = { metric: 'roc_auc', against: 'incumbent', max_drop: 0.01, confidence: 0.9 }
    const story = await openStory({ policy: { gates: { metrics: [...METRICS, notWorse] } } })
    const first = await story.promotes(BETTER)
    await story.after(first.mergedBy('finn'))
    const second = await story.promotes(ALSO_BETTER)
    await story.after(second.mergedBy('finn'))
    await story.ledger.records({ kind: 'frozen', until: '2027-01-04T08:00:00Z', reason: 'year end' })
    const pull = await story.promotes(UNFAIR)

    await says(story, 'dana', pull.number, '/explain')

    const answer = answerIn(story, pull.number)
    expect(row(answer, 'freeze | frozen by command')).toContain('/unfreeze production')
    expect(row(answer, 'when the freeze has ended, at 2027-01-04T08:00:00.000Z')).toContain('✓ passed')
    expect(row(answer, `against ${BETTER}`)).toMatch(/held.*freeze failed/)
    expect(row(answer, `against ${BETTER}`)).not.toContain('not computed')
  })

  test('says of an issue, of a change without a promotion and of a gate that has no part in it just that', async () => {
    const story = await openStory({ policy: { gates: { metrics: METRICS } } })
    const issue = await opensIssue(story, 'dana', 'Why?')
    const notes = await story.opens({ branch: 'notes', files: { 'notes.md': 'notes' }, by: 'dana' })
    const pull = await story.promotes(BETTER)

    await says(story, 'dana', issue, '/explain')
    await says(story, 'dana', notes.number, '/explain')
    await says(story, 'dana', pull.number, '/explain latency')

    expect(answerIn(story, issue)).toMatch(/Not done: .*pull request/)
    expect(answerIn(story, notes.number)).toContain('Nothing of ours changed')
    expect(answerIn(story, pull.number)).toContain(
      'the gate latency has no part in this verdict. Gates here: registry,',
    )
  })
})
