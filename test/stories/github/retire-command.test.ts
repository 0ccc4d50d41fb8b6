import { describe, expect, test } from 'vitest'
import { BETTER, openStory, type Story, WORSE } from '../../support/github-world.ts'
import { answerIn, opensIssue, says } from '../../support/story-talk.ts'

const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }

async function asked(story: Story, body: string, by = 'erin') {
  const issue = await opensIssue(story, 'dana', 'Old versions')
  await says(story, by, issue, body)
  const pulls = story.repository.pulls.filter(({ state }) => state === 'open')
  return { answer: answerIn(story, issue), pull: pulls.at(-1), pulls }
}

describe('/retire', () => {
  test('opens the pull request, and once that is merged nobody promotes the version', async () => {
    const story = await openStory({ policy: MEASURED })

    const { answer, pull } = await asked(story, `/retire adult@${WORSE} reason="worse than 1.0.0"`)
    const text = await story.repository.file('models/adult/model.yml', pull?.head)
    await story.after((pull ?? expect.fail()).approve('finn'))
    await story.after((pull ?? expect.fail()).mergedBy('finn'))
    const promotion = await asked(story, `/promote adult@${WORSE} production`)

    expect(answer).toContain(`Opened: #${pull?.number}, which retires \`adult ${WORSE}\``)
    expect(text).toMatch(/retired.*1\.3\.0.*worse than 1\.0\.0/s)
    expect(await story.ledger.facts()).toMatchObject([
      {
        kind: 'retired',
        scope: 'budget',
        model: 'adult',
        version: WORSE,
        reason: 'worse than 1.0.0',
        pull: pull?.number,
      },
    ])
    expect(promotion.answer).toMatch(/adult 1\.3\.0 was retired on \d{4}-\d\d-\d\d: worse than 1\.0\.0/)
  })

  test('is refused while anything serves the version, and for one that is not there', async () => {
    const story = await openStory({ policy: MEASURED })

    const { answer, pulls } = await asked(
      story,
      ['/retire adult@1.0.0 reason="old"', '/retire adult@8.0.0 reason="old"', '/retire adlut@1.0.0 reason="old"'].join(
        '\n\n',
      ),
    )

    expect(answer).toContain('adult 1.0.0 is served in production (deploy/production/adult.yml:1:1)')
    expect(answer).toContain('8.0.0')
    expect(answer).toContain('Did you mean adult?')
    expect(pulls).toEqual([])
  })

  test('asked twice is one pull request', async () => {
    const story = await openStory({ policy: MEASURED })
    const line = `/retire adult@${WORSE} reason="worse"`

    const { pulls } = await asked(story, [line, line].join('\n\n'))

    expect(pulls).toHaveLength(1)
  })

  test('says of another repository of models what it serves of them here, and what to write there', async () => {
    const story = await openStory({ policy: MEASURED, registry: true })

    const { answer, pulls } = await asked(
      story,
      `/retire adult@1.0.0 reason="old"\n\n/retire adult@${BETTER} reason="old"`,
    )

    expect(answer).toContain('adult 1.0.0 is served in production (deploy/production/adult.yml:1:1)')
    expect(answer).toContain(`nothing of this repository serves \`adult@${BETTER}\`, and models lie in \`acme/models\``)
    expect(answer).toContain(`Write \`/retire adult@${BETTER} reason="..."\` in an issue there`)
    expect(answer).toContain(`\`weighbridge retire adult@${BETTER} --reason "..." --registry DIR\``)
    expect(pulls).toEqual([])
  })
})
