import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { BETTER, openStory, type Story } from '../../support/github-world.ts'
import { answerIn, answersIn, opensIssue, says } from '../../support/story-talk.ts'

const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const COUNTING = { ...MEASURED, evaluation: { max_looks: 5 } }
const COMPARE = `/compare adult@1.0.0 adult@${BETTER}`

/** The page that an answer links to, as it lies in the store. */
async function pageIn({ home, repository }: Story, answer: string): Promise<string> {
  const digest = /\[The whole comparison\]\(\S+\/reports\/acme\/risk\/([0-9a-f]{64})\)/.exec(answer)?.[1]
  return readFile(`${home.evidence(repository.id)}/reports/${digest}.html`, 'utf8')
}

describe('/compare', () => {
  test('says that it measures after at most eight calls, then shows both side by side in the same answer', async () => {
    const story = await openStory({ policy: MEASURED, settings: { pages: 'local' } })
    const issue = await opensIssue(story, 'dana', 'Which one?')
    story.world.github.forgetCalls()
    let first = ''
    story.before('issues/update-comment', async () => {
      first = answerIn(story, issue)
    })

    await says(story, 'dana', issue, COMPARE)

    const operations = story.world.github.calls.map(({ operation }) => operation)
    const answer = answerIn(story, issue)
    expect(first).toContain('Measuring `adult 1.0.0` and `adult 1.1.0` on the exam')
    expect(operations.indexOf('issues/create-comment')).toBeLessThan(8)
    expect(answersIn(story, issue)).toHaveLength(1)
    expect(answer).toMatch(/\| roc_auc \| 0\.8908 \| 0\.9112 \| 0\.02037 \| \[0\.017\d+, 0\.023\d+\] \| .* ✓ better \|/)
    expect(answer).toMatch(/\| sex \| disparate_impact \| 0\.5423 \| 0\.536 /)
    expect(answer).toContain('### What moves their answers')
    expect(answer).toContain('3,183 bytes')
    expect(await pageIn(story, answer)).toContain('What moves their answers')
    expect(answer).toContain('### Latency')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('goes on after a failure on the way, and the answer does not say for ever that it measures', async () => {
    let isBroken = false
    const network: (send: typeof fetch) => typeof fetch = (send) => async (input, init) => {
      const text = typeof init?.body === 'string' ? init.body : ''
      return isBroken && text.includes('Contents') ? new Response('{}', { status: 502 }) : send(input, init)
    }
    const story = await openStory({ policy: MEASURED, network })
    const issue = await opensIssue(story, 'dana', 'Which one?')
    story.before('issues/create-comment', async () => {
      isBroken = true
    })

    await says(story, 'dana', issue, COMPARE)
    const meanwhile = answerIn(story, issue)
    isBroken = false
    await story.settles(3_600_000)

    expect(meanwhile).toContain('Measuring')
    expect(answersIn(story, issue)).toHaveLength(1)
    expect(answerIn(story, issue)).toContain('on 8,000 rows of the exam')
    expect(answerIn(story, issue)).not.toContain('Measuring')
  })

  test('where a policy counts looks at the exam, each version that it showed is one, once', async () => {
    const story = await openStory({ policy: COUNTING })
    const issue = await opensIssue(story, 'dana', 'Which one?')

    await says(story, 'dana', issue, COMPARE)
    await says(story, 'dana', issue, COMPARE)

    const facts = await story.ledger.facts()
    expect(facts.map(({ kind, version }) => `${kind} ${version}`).sort()).toEqual(['looked 1.0.0', `looked ${BETTER}`])
    expect(facts.map(({ scope }) => scope)).toEqual(Array(2).fill({ environment: 'production', model: 'adult' }))
  })

  test('shows no number of a group that is smaller than any policy of the model lets others see', async () => {
    const story = await openStory({ policy: { ...MEASURED, privacy: { min_group: 4000 } } })
    const issue = await opensIssue(story, 'dana', 'Which one?')

    await says(story, 'dana', issue, COMPARE)

    expect(answerIn(story, issue)).toContain('| log_loss | 0.3448 | 0.3098 |')
    expect(answerIn(story, issue)).not.toContain('0.5423')
  })

  test('refuses what it cannot compare, with the way out, and shows the exam to nobody', async () => {
    const story = await openStory({ policy: COUNTING })
    const issue = await opensIssue(story, 'dana', 'Which one?')

    await says(
      story,
      'dana',
      issue,
      ['/compare adult@1.0.0 adult@9.9.9', '/compare adult@1.0.0 adult@1.0.0'].join('\n\n'),
    )

    const answer = answerIn(story, issue)
    expect(answer).toContain('adult has no version 9.9.9')
    expect(answer).toContain('adult 1.0.0 is named twice. Name two versions.')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('compares versions of models in another repository', async () => {
    const story = await openStory({ policy: MEASURED, registry: true })
    const issue = await opensIssue(story, 'dana', 'Which one?')

    await says(story, 'dana', issue, COMPARE)

    expect(answerIn(story, issue)).toContain('on 8,000 rows of the exam')
  })
})
