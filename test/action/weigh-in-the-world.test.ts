import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { escapeMarkdown } from '../../src/report/markdown-text.ts'
import { shownChecks } from '../../src/world/pull-handle.ts'
import { dispatch, example, openActionWorld, storyFiles, template } from '../support/action-world.ts'
import { fixture } from '../support/fixtures.ts'

/** A later step: what it sees of those before it, on one line of the log. */
const SHOW = `
      - if: always()
        env: {STEPS: "\${{ toJSON(steps) }}"}
        run: printf 'steps %s\\n' "$(printf '%s' "$STEPS" | tr -d '\\n')"
`
type Steps = Readonly<Record<string, { readonly outcome: string; readonly outputs: Record<string, string> }>>
const stepsOf = (log = ''): Steps => JSON.parse(/ steps (\{.*\})/.exec(log)?.[1] ?? '{}')
const outputsOf = (log: string | undefined, step = 'weigh') => stepsOf(log)[step]?.outputs ?? {}

test('the template weighs: a held promotion fails with its reasons, a fork’s change needs no secret (S22)', async () => {
  const world = await openActionWorld({ 'weigh.yml': `${template('weigh.yml').trimEnd()}${SHOW}` })
  await world.user('eve', { permission: 'read' })
  const models = await world.repository('acme/models')
  const fork = await models.forkedBy('eve')
  const base = await models.tip()

  const promotion = await models.opensPull({ branch: 'promote', by: 'ben', files: await storyFiles('promote-1.2.0') })
  const words = await fork.opensPull({ branch: 'words', by: 'eve', files: { 'README.md': '::error::words\n' } })
  await world.actions.settle()

  const [held, passed] = world.actions.jobs
  expect(held?.conclusion).toBe('failure')
  expect(held?.summary).toContain('**✗ Held.** fairness: disparate_impact across sex')
  expect(held?.summary).toContain('| disparate_impact across sex | 0.2947 | [0.2567, 0.3448] (95 %) | at least 0.5 |')
  expect(outputsOf(held?.log)).toMatchObject({ status: 'held', base, head: promotion.head })
  expect(outputsOf(held?.log).because).toContain('Held. fairness: disparate_impact across sex')
  expect(world.actions.artifacts.map((one) => one.name)).toContain('weighbridge-verdict')
  const annotations = promotion.check('weigh')?.annotations ?? []
  expect(annotations.map((one) => [one.annotation_level, one.path])).toEqual([
    ['failure', '.github'],
    ['failure', 'deploy/production/adult.yml'],
    ['failure', '.github'],
  ])
  expect(annotations[1]?.message).toContain('disparate_impact')
  expect(passed?.conclusion).toBe('success')
  expect(outputsOf(passed?.log)).toMatchObject({ status: 'passed', base, head: words.head, claimed: '' })
})

const HOSTILE = '::error::%0A|<b>`.csv'

const ODD = `name: odd
on: workflow_dispatch
permissions: {contents: read}
jobs:
  odd:
    runs-on: ubuntu-latest
    steps:
      - uses: weighbridge/weighbridge/action@v1
        with: {command: setup}
      - run: weighbridge --version && printf 'y,p\\n0,0.1\\n1,0.9\\n' > '${HOSTILE}'
      - id: wrong
        continue-on-error: true
        uses: weighbridge/weighbridge/action@v1
        with: {command: metrics, data: '${HOSTILE}', label: Y, score: p, fail-on: never}
      - id: unknown
        continue-on-error: true
        uses: weighbridge/weighbridge/action@v1
        with: {command: metrics, dta: a.csv, label: y}`

test('the README’s other workflows do what they say, and a mistake is said without obeying a file’s name', async () => {
  const watch = `${example('watch.yml').trimEnd()}${SHOW}`
  const register = `${example('register.yml').trimEnd()}${SHOW}`
  const world = await openActionWorld(
    { 'watch.yml': watch, 'register.yml': register, 'odd.yml': `${ODD}${SHOW}` },
    {
      'production/last-week.parquet': readFileSync(fixture('adult/production/w04.parquet')),
      'train.sh': 'cp .weighbridge/store/adult/1.2.0/model.onnx model.onnx\n',
    },
  )

  for (const workflow of ['watch.yml', 'register.yml', 'odd.yml']) await dispatch(world, { by: 'ada', workflow })
  await world.actions.settle()

  const [watched, registered, odd] = world.actions.jobs
  expect([watched, registered, odd].map((job) => job?.conclusion)).toEqual(['failure', 'success', 'success'])
  for (const page of ['## Drift from ', '## Fairness of last-week', '## Metrics of last-week', '## adult 1.1.0 on'])
    expect(watched?.summary).toContain(page)
  expect(watched?.summary).toMatch(/\| workclass \| ✗ drifted \| total variation \| 0\.74 \|/)
  expect(watched?.summary).toMatch(/\| disparate_impact \| 0\.6337 \|.* min 0\.8: cannot be told/)
  expect(watched?.summary).toMatch(/\| roc_auc \| 0\.9112 \|/)
  const [drift, fairness] = ['drift', 'fairness'].map((step) => outputsOf(watched?.log, step))
  expect(drift).toMatchObject({
    status: 'answered',
    alarms: '1',
    because: expect.stringContaining('workclass drifted'),
  })
  expect(drift?.document).toMatch(/drift\.json$/)
  expect(fairness).toMatchObject({ status: 'answered', alarms: '1', report: '' })
  expect(world.actions.artifacts.map((one) => one.name).sort()).toEqual(['drift', 'record'])
  const { id, tip } = await world.repository('acme/models')
  const check = shownChecks(world.github.state, id, (await tip()) ?? '').find(({ name }) => name === 'watch')
  expect(check?.annotations.map((one) => [one.annotation_level, one.path, one.title, one.message])).toEqual([
    ['warning', '.github', 'weighbridge drift', drift?.because],
    [
      'warning',
      '.github',
      'weighbridge fairness',
      expect.stringMatching(/^sex,race: .* lies outside of its limit, min/),
    ],
    ['notice', '.github', 'weighbridge fairness', expect.stringMatching(/^sex: whether disparate_impact 0\.6337 /)],
    ['failure', '.github', null, 'Process completed with exit code 1.'],
  ])

  expect(registered?.summary).toContain('## Registered adult')
  expect(outputsOf(registered?.log, 'register').record).toMatch(/models\/adult\/versions\/1\.4\.0\.yml$/)

  expect(odd?.log).toContain('weighbridge 0.1.0')
  const { wrong, unknown } = stepsOf(odd?.log)
  expect([wrong?.outcome, unknown?.outcome]).toEqual(['failure', 'failure'])
  expect(wrong?.outputs).toMatchObject({ status: 'refused', because: expect.stringContaining('Did you mean y?') })
  expect(unknown?.outputs.because).toContain('there is no input dta. Did you mean data?')
  expect(odd?.summary).toContain(`**Refused.** ${escapeMarkdown(wrong?.outputs.because ?? '')}`)
})
