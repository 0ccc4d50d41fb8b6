import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { redeliver } from '../../../src/world/github/webhooks/redeliver.ts'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { ALSO_BETTER, BETTER, MANIFEST, openStory, type Story, WORSE } from '../../support/github-world.ts'
import { as, otherBot, pushesAs, rewrites } from '../../support/story-acts.ts'
import { answerIn, opensIssue, says, speaks } from '../../support/story-talk.ts'

const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const APPROVED = { gates: { ...MEASURED.gates, approvals: [{ role: 'approver' }] } }
const asks = (version: string, environment = 'production') => `/promote adult@${version} ${environment}`

/** A comment under an issue, everything that follows, and the pull request that is open then. */
async function asked(story: Story, by: string, body: string) {
  const issue = await opensIssue(story, 'dana', 'The autumn model')
  story.world.github.forgetCalls()
  await says(story, by, issue, body)
  return { issue, answer: answerIn(story, issue), pulls: openPulls(story) }
}

function openPulls({ repository }: Story): readonly PullHandle[] {
  return repository.pulls.filter(({ state }) => state === 'open')
}

function bodyOf({ world, repository }: Story, { number }: PullHandle): string {
  return world.github.state.issues.get(`${repository.id}#${number}`)?.body ?? ''
}

function branchOf({ world }: Story, { number }: PullHandle): string {
  return [...world.github.state.pulls.values()].find((one) => one.number === number)?.head.ref ?? ''
}

const said = (pull: PullHandle | undefined) => {
  const { summary = '', text = '' } = pull?.check('weighbridge') ?? {}
  return `${summary}\n${text}`
}

describe('/promote', () => {
  test('opens a pull request that is weighed like any other, after at most eight calls', async () => {
    const story = await openStory({ policy: MEASURED })

    const { answer, pulls } = await asked(story, 'erin', asks(BETTER))

    const [pull] = pulls
    const operations = story.world.github.calls.map(({ operation }) => operation)
    expect(pulls).toHaveLength(1)
    expect(answer).toContain(`Opened: #${pull?.number}, \`adult 1.1.0\` in \`production\`, from \`1.0.0\``)
    expect(pull?.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(operations.indexOf('graphql ProposalNow')).toBe(8)
    expect(operations.filter((one) => one === 'pulls/create' || one === 'issues/create-comment')).toHaveLength(2)
  })

  test('changes two fields of one manifest, on one commit of ours, and its text tells the reviewer all', async () => {
    const story = await openStory({ policy: MEASURED })
    const before = (await story.repository.file(MANIFEST)) ?? ''

    const { issue, pulls } = await asked(story, 'erin', asks(BETTER))

    const [pull] = pulls
    const after = (await story.repository.file(MANIFEST, pull?.head)) ?? ''
    const body = bodyOf(story, pull ?? expect.fail())
    expect(after).toBe(before.replaceAll('1.0.0', '1.1.0'))
    expect(body).toContain(`Asked for by \`erin\` in [a comment](https://github.com/acme/risk/issues/${issue}#`)
    for (const heading of ['What changes', 'What 1.1.0 is', 'What differs from 1.0.0', 'What it is held to'])
      expect(body).toContain(`### ${heading}`)
    expect(body).toContain('`metric: roc_auc, min: 0.85`')
    expect(body).toContain('`/promote adult@1.0.0 production`')
  })

  test('whoever asked neither approves it nor lifts its hold, and somebody else of the role does (S17, S40)', async () => {
    const story = await openStory({ policy: APPROVED })
    const { pulls } = await asked(story, 'erin', asks(BETTER))
    const pull = pulls[0] ?? expect.fail()

    await story.after(pull.approve('erin'))
    const byHimself = pull.check('weighbridge')?.conclusion
    const why = said(pull)
    await says(story, 'dana', pull.number, '/hold reason="wait for the audit"')
    await says(story, 'erin', pull.number, '/unhold')
    const lifted = answerIn(story, pull.number)
    await says(story, 'finn', pull.number, '/unhold')
    await story.after(pull.approve('finn'))

    expect(byHimself).toBe('action_required')
    expect(why).toContain('erin (asked for it, or has a commit in it)')
    expect(lifted).toContain('erin asked for this pull request, so somebody else decides this')
    expect(pull.check('weighbridge')?.conclusion).toBe('success')
  })

  test('whoever asked stays bound when a commit that names nobody takes the place of ours; nobody approves what a bot rewrote (S17)', async () => {
    const story = await openStory({ policy: APPROVED })
    const { pulls } = await asked(story, 'erin', asks(BETTER))
    const pull = pulls[0] ?? expect.fail()
    const branch = branchOf(story, pull)
    const files = { [MANIFEST]: (await story.repository.file(MANIFEST, pull.head)) ?? '' }

    await story.after(rewrites(story, as(story, 'dana'), branch, files))
    await story.after(pull.approve('erin'))
    const byHimself = said(pull)
    const conclusion = pull.check('weighbridge')?.conclusion
    await story.after(rewrites(story, await otherBot(story), branch, files))
    await story.after(pull.approve('finn'))

    expect([conclusion, pull.check('weighbridge')?.conclusion]).toEqual(['action_required', 'action_required'])
    expect(byHimself).toContain('erin (asked for it')
    expect(said(pull)).toContain('who had it do so cannot be told: close it, and ask again')
  })

  test('for another version the same pull request is brought up to date, and whoever asked last is bound', async () => {
    const story = await openStory({ policy: APPROVED })
    const first = await asked(story, 'erin', asks(BETTER))

    await says(story, 'finn', first.issue, asks(ALSO_BETTER))

    const pulls = openPulls(story)
    const pull = pulls[0] ?? expect.fail()
    expect(pulls.map(({ number }) => number)).toEqual(first.pulls.map(({ number }) => number))
    expect(answerIn(story, first.issue)).toContain(`Brought up to date: #${pull.number}`)
    expect(bodyOf(story, pull)).toContain('Asked for by `finn`')
    await story.after(pull.approve('finn'))
    expect(said(pull)).toContain('finn (asked for it')
    await story.after(pull.approve('erin'))
    expect(pull.check('weighbridge')?.conclusion).toBe('success')
  })

  test('asking again for what stands there changes nothing, and binds nobody else to it', async () => {
    const story = await openStory({ policy: APPROVED })
    const { issue, pulls } = await asked(story, 'erin', asks(BETTER))
    const pull = pulls[0] ?? expect.fail()
    const [head, body] = [pull.head, bodyOf(story, pull)]

    await says(story, 'finn', issue, asks(BETTER))

    expect(answerIn(story, issue)).toContain(`Open already, as it is to be: #${pull.number}`)
    expect(answerIn(story, issue)).toContain('`erin` asked for it')
    expect([pull.head, bodyOf(story, pull)]).toEqual([head, body])
    await story.after(pull.approve('finn'))
    expect(pull.check('weighbridge')?.conclusion).toBe('success')
  })

  test('asked for again after the manifest has changed beside it, it binds both who asked', async () => {
    const story = await openStory({ policy: APPROVED })
    const { issue, pulls } = await asked(story, 'erin', asks(BETTER))
    const pull = pulls[0] ?? expect.fail()
    const text = (await story.repository.file(MANIFEST)) ?? ''
    await story.after(story.repository.commit({ [MANIFEST]: text.replace('"onnx"', '"onnx" ') }))

    await says(story, 'finn', issue, asks(BETTER))

    await story.after(pull.approve('erin'))
    await story.after(pull.approve('finn'))
    expect(said(pull)).toContain('erin (asked for it')
    expect(said(pull)).toContain('finn (asked for it')
    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
  })

  test('two at once for one model and environment make one pull request', async () => {
    const story = await openStory({ policy: MEASURED })
    const issue = await opensIssue(story, 'dana', 'Two minds')

    await Promise.all([speaks(story, 'erin', issue, asks(BETTER)), speaks(story, 'finn', issue, asks(ALSO_BETTER))])
    await story.settles()

    const pulls = openPulls(story)
    expect(pulls).toHaveLength(1)
    expect(pulls[0]?.check('weighbridge')?.conclusion).toBe('success')
  })

  test('a comment that is delivered twice, or answered twice, opens one pull request', async () => {
    let failures = 1
    const network: (send: typeof fetch) => typeof fetch = (send) => async (input, init) => {
      const { method, url } = new Request(input, init)
      const isAnswer = method === 'POST' && /\/issues\/\d+\/comments$/.test(url)
      if (isAnswer && failures-- > 0) return new Response('{"message":"bad gateway"}', { status: 502 })
      return send(input, init)
    }
    const story = await openStory({ policy: MEASURED, network })
    const issue = await opensIssue(story, 'dana', 'Once')

    await says(story, 'erin', issue, asks(BETTER))
    await story.settles(600_000)
    const sent = [...story.world.github.state.deliveries].filter(([, { event }]) => event === 'issue_comment')
    const delivery = sent.at(-1)?.[0] ?? expect.fail()
    await story.after(redeliver(story.world.github.running, { app: story.world.app.id, delivery }))

    expect(openPulls(story)).toHaveLength(1)
    expect(answerIn(story, issue)).toContain(`#${openPulls(story)[0]?.number}`)
  })

  test('what people closed stays closed; asked for in a new comment it is opened anew', async () => {
    const story = await openStory({ policy: MEASURED })
    const { issue, pulls } = await asked(story, 'erin', asks(BETTER))
    await story.after((pulls[0] ?? expect.fail()).closedBy('dana'))

    await says(story, 'erin', issue, asks(BETTER))

    const now = openPulls(story)
    expect(now).toHaveLength(1)
    expect(now[0]?.number).not.toBe(pulls[0]?.number)
  })

  test('an app that lost its memory finds the one that is open', async () => {
    const story = await openStory({ policy: MEASURED })
    const { issue, pulls } = await asked(story, 'erin', asks(BETTER))
    for (const end of ['', '-wal', '-shm']) rmSync(`${story.home.path}/inbox.sqlite${end}`, { force: true })
    await story.restarts()

    await says(story, 'finn', issue, asks(ALSO_BETTER))

    expect(openPulls(story).map(({ number }) => number)).toEqual(pulls.map(({ number }) => number))
    expect(bodyOf(story, pulls[0] ?? expect.fail())).toContain('`adult 1.4.0`')
  })

  test('a branch that somebody else pushed to is his: nothing on it is written over', async () => {
    const story = await openStory({ policy: MEASURED })
    const { issue, pulls } = await asked(story, 'erin', asks(BETTER))
    const pull = pulls[0] ?? expect.fail()
    const theirs = await pushesAs(story, 'dana', { branch: branchOf(story, pull), files: { 'notes.md': 'mine' } })

    await says(story, 'finn', issue, asks(ALSO_BETTER))

    expect(pull.head).toBe(theirs)
    expect(openPulls(story)).toHaveLength(1)
    expect(answerIn(story, issue)).toContain('somebody else pushed to')
  })

  test('without a version takes the newest release; what cannot be is refused, each with the way out', async () => {
    const environments = [
      { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml' },
      { name: 'canary', manifests: 'deploy/canary', policy: 'policies/production.yml' },
    ]
    const story = await openStory({ policy: MEASURED, configuration: { environments } })
    await story.ledger.records({
      kind: 'quarantined',
      digest: await recordDigest(story, WORSE),
      version: WORSE,
      until: null,
      reason: 'error rate of @org/all doubled',
    })
    const lines = [
      '/promote adlut production',
      '/promote adult prod',
      '/promote adult@7.0.0 production',
      asks('1.0.0'),
      asks(BETTER, 'canary'),
      asks(WORSE),
      '/promote adult production',
    ]

    const { answer, pulls } = await asked(story, 'erin', lines.join('\n\n'))

    expect(answer).toContain('there is no model "adlut" here. Did you mean adult?')
    expect(answer).toMatch(
      /there is no environment "prod"\. (Did you mean production|Environments here: production, canary)/,
    )
    expect(answer).toContain('adult has no version 7.0.0')
    expect(answer).toContain('production serves adult 1.0.0 already')
    expect(answer).toContain('so there is no manifest to edit')
    expect(answer).toContain('kind: InferenceService')
    expect(answer).toContain('is quarantined there until it is released')
    expect(answer).not.toMatch(/[^`]@org\/all/)
    expect(answer).toContain('`adult 1.4.0` in `production`')
    expect(pulls).toHaveLength(1)
  })

  test('works where models live in another repository, and says of a freeze what it will do', async () => {
    const story = await openStory({ policy: MEASURED, registry: true })
    await story.ledger.records({ kind: 'frozen', until: null, reason: 'year end' })

    const { pulls } = await asked(story, 'erin', asks(BETTER))

    expect(pulls).toHaveLength(1)
    expect(bodyOf(story, pulls[0] ?? expect.fail())).toContain('frozen until somebody ends it: year end')
    expect(pulls[0]?.check('weighbridge')?.conclusion).toBe('failure')
  })

  test('is refused to somebody without the role, and opens nothing (S15)', async () => {
    const story = await openStory({ policy: MEASURED })

    const { answer, pulls } = await asked(story, 'dana', asks(BETTER))

    expect(answer).toContain('Not done')
    expect(pulls).toEqual([])
  })
})

async function recordDigest({ repository }: Story, version: string): Promise<string> {
  const text = (await repository.file(`models/adult/versions/${version}.yml`)) ?? ''
  return /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? ''
}
