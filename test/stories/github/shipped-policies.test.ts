import { expect, test } from 'vitest'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { BETTER, openStory, ROLES } from '../../support/github-world.ts'

const roles = { ...ROLES, risk: { teams: ['risk'] } }
function said(pull: PullHandle): string {
  const { summary = '', text = '' } = pull.check('weighbridge') ?? {}
  return `${summary}\n${text}`
}

test('under regulated a model of high risk takes two people of risk, and one who approves twice is one', async () => {
  const story = await openStory({
    policy: { extends: 'weighbridge/regulated', gates: {} },
    configuration: { roles },
    people: { ruth: { teams: ['risk'] } },
  })
  const pull = await story.promotes(BETTER)

  await story.after(pull.approve('erin'))
  await story.after(pull.approve('rosa'))
  await story.after(pull.approve('rosa'))
  const alone = said(pull)
  await story.after(pull.approve('ruth'))

  expect(alone).toContain('1/2 approvals of role risk (rosa)')
  expect(said(pull)).toContain('2/2 approvals of role risk: rosa and ruth')
  expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
})
