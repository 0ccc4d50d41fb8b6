import { expect, test } from 'vitest'
import { dispatch, openActionWorld, storyFiles, template } from '../support/action-world.ts'

/** Steps of later users of the outputs: what they see, on one line of the log. */
const SHOW = `
      - if: always()
        env: {OUTPUTS: "\${{ toJSON(steps.weigh.outputs) }}"}
        run: printf 'outputs %s\\n' "$(printf '%s' "$OUTPUTS" | tr -d '\\n')"
`
const outputsOf = (log = '') => JSON.parse(/ outputs (\{.*\})/.exec(log)?.[1] ?? '{}') as Record<string, string>

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

const MEASURE = `name: measure
on: workflow_dispatch
permissions: {contents: read}
jobs:
  measure:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with: {persist-credentials: false}
      - run: |
          { echo y,p,sex; for i in $(seq 300); do echo "$((i % 2)),0.$((i * 37 % 90 + 10)),$((i % 3))"; done; } > a.csv
      - id: weigh
        uses: weighbridge/weighbridge/action@v1
        with: {command: metrics, data: a.csv, label: y, score: p, slices: sex, html: out.html}
      - uses: weighbridge/weighbridge/action@v1
        with: {command: setup}
      - run: weighbridge --version && test -s out.html && test -s "\${{ steps.weigh.outputs.document }}"
      - id: register
        uses: weighbridge/weighbridge/action@v1
        with:
          command: register
          model: adult
          artifact: .weighbridge/store/adult/1.2.0/model.onnx
          reference: file:.weighbridge/store/data/train.parquet
          parameters: |
            epochs=3
            rate=0.1
          seed: 7
          out: out/proposal.json
      - run: cmp out/proposal.json "\${{ steps.register.outputs.proposal }}" && echo proposed
      - id: wrong
        continue-on-error: true
        uses: weighbridge/weighbridge/action@v1
        with: {command: metrics, data: a.csv, label: Y, score: p}`

test('metrics shows its page, setup puts weighbridge on the path, register proposes, and a mistake is said', async () => {
  const world = await openActionWorld({ 'measure.yml': `${MEASURE}${SHOW}` })

  await dispatch(world, { by: 'ada', workflow: 'measure.yml' })
  await world.actions.settle()

  const [job] = world.actions.jobs
  expect(job?.summary).toContain('## Metrics of a.csv')
  expect(job?.summary).toMatch(/\| roc_auc \| +[\d.]+ \|/)
  expect(job?.summary).toContain('```text')
  expect(job?.log).toContain(' 0.1.0')
  expect(outputsOf(job?.log)).toMatchObject({ status: 'answered' })
  expect(job?.summary).toContain('## Registered adult')
  expect(job?.log).toContain(' proposed\n')
  expect(job?.log).toContain('Did you mean y?')
  expect(job?.conclusion).toBe('success')
})
