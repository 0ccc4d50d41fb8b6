import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import {
  BETTER,
  configuration,
  openStory,
  type Story,
  type StoryOptions,
  serves,
  WORSE,
} from '../../support/github-world.ts'
import { leavesTeam, renamesAccount } from '../../support/story-acts.ts'
import {
  answerIn,
  answersIn,
  deletesComment,
  editsComment,
  opensIssue,
  reactionsTo,
  says,
  saysAsApp,
  speaks,
} from '../../support/story-talk.ts'
import { BUDGET, TRAINER_ROLES, TRAINING_FILES } from '../../support/training-runs.ts'

/** A hold stands at what is promoted, and at its environment for what a later push promotes. */
const HELD = ['held', 'held']
const UNHELD = ['unheld', 'unheld']
const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }

/** A pull request that passes. */
async function promoted(more: StoryOptions = {}) {
  const story = await openStory({ policy: MEASURED, ...more })
  const pull = await story.promotes(BETTER)
  return { story, pull, number: pull.number }
}

const operations = ({ world }: Story) => world.github.calls.map(({ operation }) => operation)

/** What a command asks of GitHub until its answer stands; the weighing that it starts comes beside it. */
function ownCalls(story: Story): readonly string[] {
  const all = operations(story).map(String)
  const weighing = all.indexOf('graphql PullNow')
  const isOther = (name: string) => /^checks\/|Minimise|create-comment/.test(name)
  const own = all.slice(0, weighing === -1 ? undefined : weighing).filter((name) => !isOther(name))
  return [...own, ...all.filter((name) => name.endsWith('create-comment'))]
}

/** The sections of the newest answer, without the commands that they repeat. */
function toldIn(story: Story, number: number): readonly string[] {
  const [, ...text] = answerIn(story, number).split('\n')
  return text
    .join('\n')
    .split('\n\n---\n\n')
    .map((section) => section.split('\n\n').slice(1).join('\n\n'))
}

describe('a comment with commands', () => {
  test('is acknowledged within 300 ms, before anything else of it is done', async () => {
    const acknowledged: number[] = []
    const network = (send: typeof fetch): typeof fetch => {
      return (input, init) => {
        if (new Request(input, init).url.endsWith('/reactions')) acknowledged.push(performance.now())
        return send(input, init)
      }
    }
    const { story, number } = await promoted({ network })
    const waited: number[] = []

    for (let time = 0; time < 3; time++) {
      const at = performance.now()
      const comment = await says(story, 'erin', number, '/help')
      expect(reactionsTo(story, comment)).toEqual(['eyes'])
      waited.push(acknowledged[time]! - at)
    }

    console.info(`acknowledged after ${waited.map(Math.round).join(', ')} ms`)
    expect(Math.min(...waited)).toBeLessThan(300)
  })

  test('does not wait for two weighings of the repository that are under way', async () => {
    const told: { readonly what: string; readonly atMs: number }[] = []
    const tells = (what: string) => void told.push({ what, atMs: story.world.clock.now() })
    const network = (send: typeof fetch): typeof fetch => {
      return async (input, init) => {
        const request = new Request(input, init)
        const { url } = request
        if (url.endsWith('/reactions')) tells('acknowledged')
        if (request.method === 'POST' && url.endsWith('/comments')) tells('answered')
        if (!(await request.clone().text()).includes('query PullNow')) return send(request)
        tells('begins to weigh')
        await story.world.clock.sleep(20_000)
        tells('weighs')
        return send(request)
      }
    }
    const story = await openStory({ policy: MEASURED, network })
    const issue = await opensIssue(story, 'dana', 'How do I promote?')
    for (const branch of ['one', 'another'])
      await story.repository.opensPull({ branch, files: serves(BETTER), by: 'dana' })
    await story.world.passes(1000)
    const saidMs = story.world.clock.now()

    await says(story, 'erin', issue, '/help')

    const order = told.map(({ what }) => what).slice(0, 5)
    expect(order).toEqual(['begins to weigh', 'begins to weigh', 'acknowledged', 'answered', 'weighs'])
    expect(told[2]!.atMs - saidMs).toBeLessThan(300)
  })

  test('has them done in order, and one answer with a section for each; prose and code ask for nothing', async () => {
    const { story, number } = await promoted()

    await says(
      story,
      'erin',
      number,
      'Please:\n\n/hold reason="wait"\n\n```\n/freeze production until=2d reason="no"\n```\n\n/unhold\n\n> /weigh',
    )

    expect(await story.ledger.kinds()).toEqual([...HELD, ...UNHELD])
    expect(answersIn(story, number)).toHaveLength(1)
    expect(toldIn(story, number)).toEqual([
      expect.stringMatching(/^Held: adult in production, /),
      expect.stringMatching(/^No longer held: adult in production\./),
    ])
  })

  test('whose command is wrong hears where, what was meant and how it is written, and the others go on', async () => {
    const { story, number } = await promoted()

    await says(story, 'erin', number, '/hold raeson="wait"\n\n/weigh metrcs\n\n/help hold')
    const [hold, weigh, help] = toldIn(story, number)

    expect(hold).toMatch(/^Not done, at character 7: .*Did you mean reason.*Usage: \/hold reason="..."/s)
    expect(weigh).toContain('Did you mean metrics?')
    expect(help).toContain('Stops this promotion until somebody lifts it.')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('in an issue is answered there; what belongs to a pull request says so', async () => {
    const { story } = await promoted()
    const issue = await opensIssue(story, 'dana', 'How do I promote?')

    await says(story, 'dana', issue, '/help\n\n/hold reason="x"')
    const [help, hold] = toldIn(story, issue)

    expect(help).toContain('| `/promote <model>[@version] <environment>` |')
    expect(help).toMatch(/`\/freeze .*` \|.*\| no: role oncall.* \|/)
    expect(hold).toContain('/hold is about a pull request')
  })

  test('folds the finished answer above it away, and nothing that somebody else wrote with our marker (S44)', async () => {
    const { story, pull, number } = await promoted()
    const forged = '<!-- weighbridge:answer:1 -->\nAll is well.'
    await says(story, 'dana', number, forged)

    await says(story, 'erin', number, '/help weigh')
    await says(story, 'erin', number, '/help hold')

    expect(answersIn(story, number).map(({ isFolded }) => isFolded)).toEqual([true, false])
    expect(pull.comments.find(({ author }) => author === 'dana')).toMatchObject({ body: forged, isMinimised: false })
  })

  test('costs at most 8 calls before its long work, re-opened verdicts and folded answers apart', async () => {
    const { story, number } = await promoted({
      configuration: { roles: TRAINER_ROLES, training: BUDGET },
      files: TRAINING_FILES,
      people: { tess: { teams: ['science'] } },
    })
    await says(story, 'erin', number, '/hold reason="first"\n\n/unhold')
    const costs: Record<string, readonly string[]> = {}

    for (const [by, command, work] of [
      ['tess', '/train adult', 'graphql RepositoryNow'],
      ['tess', '/tune adult trials=2', 'graphql RepositoryNow'],
      ['tess', '/cancel', 'graphql RepositoryNow'],
      ['erin', `/retire adult@${WORSE} reason="x"`, 'graphql ProposalNow'],
    ] as const) {
      story.world.github.forgetCalls()
      await says(story, by, number, command)
      const all = operations(story).map(String)
      expect(all).toContain(work)
      costs[command] = all.slice(0, all.indexOf(work))
    }
    for (const command of [
      '/help',
      '/status',
      '/weigh',
      '/hold reason="x"',
      '/unhold',
      '/freeze production until=2d reason="x"',
      '/unfreeze production',
    ]) {
      story.world.github.forgetCalls()
      await says(story, 'erin', number, command)
      costs[command] = ownCalls(story)
    }

    for (const calls of Object.values(costs)) expect(calls.length).toBeLessThanOrEqual(8)
    expect(costs['/help']).toHaveLength(5)
  })
})

describe('a comment that is not what it was', () => {
  test('edited between its delivery and now does nothing, and says what to do (S14)', async () => {
    const { story, number } = await promoted()
    const { id } = await speaks(story, 'erin', number, '/hold reason="wait"')
    story.before('graphql CommentNow', () => editsComment(story, 'erin', id, '/freeze production until=9d reason="x"'))

    await story.settles()

    expect(await story.ledger.kinds()).toEqual([])
    expect(answerIn(story, number)).toContain(
      'Nothing was done: the comment was edited. Write the command in a new comment.',
    )
    expect(answersIn(story, number)).toHaveLength(1)
  })

  test('whose edit brings a command is told to write a new one; what was done before stands in the answer (S14)', async () => {
    const { story, number } = await promoted()
    const id = await says(story, 'erin', number, '/hold reason="wait"')

    await story.after(editsComment(story, 'erin', id, '/hold reason="wait"\n\n/unhold'))

    expect(await story.ledger.kinds()).toEqual(HELD)
    expect(toldIn(story, number)).toEqual([
      expect.stringMatching(/^Held: /),
      'Nothing was done: the comment was edited. Write the command in a new comment.',
    ])
  })

  test('deleted before it is read does nothing and is answered by nobody', async () => {
    const { story, number } = await promoted()
    const { id } = await speaks(story, 'erin', number, '/hold reason="wait"')
    story.before('graphql CommentNow', () => deletesComment(story, 'erin', id))

    await story.settles()

    expect(await story.ledger.kinds()).toEqual([])
    expect(answersIn(story, number)).toEqual([])
  })

  test('of a bot, another app or ourselves asks for nothing (S13)', async () => {
    const { story, number } = await promoted()
    await says(story, 'erin', number, '/help')
    story.world.github.forgetCalls()

    await saysAsApp(story, number, '/hold reason="I am a bot"')

    expect(operations(story)).toEqual([])
    expect(answersIn(story, number)).toHaveLength(1)
  })
})

describe('the same comment told again', () => {
  test('twenty times at once, and answered after a write got lost, holds once and is answered once (S06)', async () => {
    let lost = 2
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        if (!(request.method === 'POST' && request.url.endsWith('/comments')) || lost-- <= 0) return send(request)
        await send(request)
        return new Response('{}', { status: 502 })
      }
    const { story, number } = await promoted({ network })
    story.world.webhooksTo({
      deliver: async (delivery) => {
        const headers = Object.entries(delivery.requestHeaders).map(([name, value]) => [name.toLowerCase(), value])
        const body = Buffer.from(delivery.requestBody)
        const again = Array.from({ length: 20 }, () => story.app.receive(Object.fromEntries(headers), body))
        return (await Promise.all(again)).at(0)!.status
      },
    })

    await says(story, 'erin', number, '/hold reason="wait"')
    await story.passes(300_000)

    expect(await story.ledger.kinds()).toEqual(HELD)
    expect(answersIn(story, number)).toHaveLength(1)
  })

  test('whichever answer of GitHub gets lost on the way, holds once and is answered once (S06)', async () => {
    let left = Number.POSITIVE_INFINITY
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const answer = await send(input, init)
        return --left === 0 ? new Response('{}', { status: 502 }) : answer
      }
    const { story, number } = await promoted({ network })
    const done: number[] = []

    for (let call = 1; call <= 12; call++) {
      const before = (await story.ledger.facts()).length
      left = call
      await says(story, 'erin', number, `/hold reason="${call}"`)
      await story.settles(600_000)
      left = Number.POSITIVE_INFINITY
      done.push((await story.ledger.facts()).length - before)
    }

    expect(done).toEqual(done.map(() => HELD.length))
    expect(answersIn(story, number)).toHaveLength(12)
    expect(answersIn(story, number).every(({ body }) => body.includes('Held: adult in production, '))).toBe(true)
  })

  test('deleted once it was done, it is answered all the same', async () => {
    const { story, number } = await promoted()
    const { id } = await speaks(story, 'erin', number, '/hold reason="wait"')
    story.before('issues/create-comment', () => deletesComment(story, 'erin', id))

    await story.settles()

    expect(await story.ledger.kinds()).toEqual(HELD)
    expect(toldIn(story, number)).toEqual([expect.stringMatching(/^Held: /)])
  })

  test('after a restart of the app is answered, and not done again (S06)', async () => {
    let isDown = true
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        const isAnswer = request.method === 'POST' && request.url.endsWith('/comments')
        return isDown && isAnswer ? new Response('{}', { status: 503 }) : send(request)
      }
    const { story, number } = await promoted({ network })
    await says(story, 'erin', number, '/hold reason="wait"')
    const before = answersIn(story, number)
    isDown = false
    story.world.github.forgetCalls()

    await story.restarts()
    await story.passes(600_000)

    expect(before).toEqual([])
    expect(operations(story)).not.toContain('graphql Commit')
    expect(await story.ledger.kinds()).toEqual(HELD)
    expect(toldIn(story, number)).toEqual([expect.stringMatching(/^Held: /)])
  })
})

describe('a command that fails', () => {
  test('again and again is given up after eight tries, and the answer says so', async () => {
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        return request.url.endsWith('/git/trees') ? new Response('{}', { status: 503 }) : send(request)
      }
    const { story, number } = await promoted({ network })

    await says(story, 'erin', number, '/help hold\n\n/hold reason="wait"')
    await story.settles(6 * 3_600_000)

    expect(toldIn(story, number)).toEqual([
      expect.stringContaining('Stops this promotion'),
      expect.stringContaining('This could not be finished: it was tried several times'),
    ])
  })

  test('only to be acknowledged, because the thread is locked, is done all the same', async () => {
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        return request.url.endsWith('/reactions')
          ? Response.json({ message: 'locked' }, { status: 403 })
          : send(request)
      }
    const { story, number } = await promoted({ network })

    await says(story, 'erin', number, '/hold reason="wait"')

    expect(toldIn(story, number)).toEqual([expect.stringMatching(/^Held: /)])
  })

  test('because GitHub refuses it says so, and the others go on', async () => {
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        return request.url.endsWith('/git/trees') ? Response.json({ message: 'no' }, { status: 422 }) : send(request)
      }
    const { story, number } = await promoted({ network })

    await says(story, 'erin', number, '/hold reason="wait"\n\n/help hold')

    expect(toldIn(story, number)).toEqual([
      expect.stringContaining('Not done, or not wholly: GitHub refused what this needs.'),
      expect.stringContaining('Stops this promotion'),
    ])
  })
})

describe('who may is looked up now', () => {
  test('who may only read, who left the team a moment ago, and who took another’s name may not (S15)', async () => {
    const people = { visitor: { permission: 'read' }, erin: { permission: 'read', teams: ['ml'] } } as const
    const { story, number } = await promoted({ people })

    await says(story, 'visitor', number, '/hold reason="x"')
    const visitor = toldIn(story, number)
    await speaks(story, 'erin', number, '/hold reason="x"')
    story.before('graphql CommentNow', async () => leavesTeam(story, 'erin', 'ml'))
    await story.settles()
    const leaver = toldIn(story, number)
    await speaks(story, 'finn', number, '/freeze production until=2d reason="x"')
    story.before('graphql CommentNow', async () => renamesAccount(story, 'finn', 'somebody-else'))
    await story.settles()

    expect(visitor).toEqual([expect.stringMatching(/^Not done: visitor .*It takes role promoter/)])
    expect(leaver).toEqual([expect.stringMatching(/^Not done: erin /)])
    expect(await story.ledger.kinds()).toEqual(['frozen'])
  })

  test('a command that is not there delegates nothing (S17)', async () => {
    const { story, number } = await promoted()

    await says(story, 'dana', number, '/approve user=finn\n\n/delegate finn')

    expect(answersIn(story, number)).toEqual([])
    expect(await story.ledger.kinds()).toEqual([])
  })
})

describe('what others can write', () => {
  test('mentions, links and ends nothing in our answer, however long it is (S43)', async () => {
    const { story, number } = await promoted()
    const hostile = '@acme/ml <!-- weighbridge:answer:1 --> </details> | ![x](https://evil.example/x.png) #1'
    const long = `/hold reason="${'@acme/ml '.repeat(50)}"`

    await says(
      story,
      'erin',
      number,
      `/hold reason="${hostile}"\n\n${long}\n\n${`/hold ${'@acme/ml '.repeat(700)}\n\n`.repeat(9)}`,
    )
    const answer = answerIn(story, number)
    const outside = answer
      .split('\n')
      .slice(1)
      .join('\n')
      .replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, '')

    expect(answer.length).toBeLessThan(65_536)
    expect(outside).not.toMatch(/@acme|<!--|https:\/\/|(?<!\\)<\/details|!\[x\]\(/)
    expect(answersIn(story, number)).toHaveLength(1)
  })

  test('in a flood is one answer a comment, its writes a second apart (S50)', async () => {
    const { story, number } = await promoted()
    story.world.github.forgetCalls()
    const begun = story.world.clock.now()

    for (let time = 0; time < 6; time++) await speaks(story, 'erin', number, '/help\n\n'.repeat(15))
    await story.settles()
    const { writes } = story.world.github

    expect(answersIn(story, number)).toHaveLength(6)
    expect(writes.filter((call) => call === 'POST issues/comments')).toHaveLength(6)
    expect(story.world.clock.now() - begun).toBeGreaterThanOrEqual((writes.length - 1) * 1000)
  })
})

describe('a pull request that is not weighed', () => {
  test('because its base is no governed branch hears so, and nothing is done: no workflow of that branch runs (S65)', async () => {
    const story = await openStory({ policy: MEASURED })
    await story.repository.commit({ 'x.md': 'x' }, { by: 'keeper', branch: 'develop' })
    const pull = await story.promotes(BETTER, { base: 'develop' })

    await says(story, 'erin', pull.number, '/hold reason="x"\n\n/freeze production until=2d reason="x"')

    expect(answerIn(story, pull.number)).toContain('this pull request goes into `develop`, no governed branch.')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('because it comes from a fork can be held; what would run something there is refused', async () => {
    const story = await openStory({ policy: MEASURED, people: { stranger: { permission: 'read' } } })
    const fork = await story.repository.forkedBy('stranger')
    const pull = await story.after(fork.opensPull({ branch: 'mine', files: serves(BETTER), by: 'stranger' }))

    await says(story, 'erin', pull.number, '/train adult\n\n/hold reason="look first"')
    const [train, hold] = toldIn(story, pull.number)

    expect(train).toContain('from a fork')
    expect(hold).toContain('Held: adult in production, ')
  })
})

describe('a repository that does not use us yet', () => {
  test('hears once how to start', async () => {
    const story = await openStory({ files: { '.github/weighbridge.yml': '' } })
    await story.after(story.repository.commit({ '.github/weighbridge.yml': null }, { by: 'keeper' }))
    const issue = await opensIssue(story, 'dana', 'Hello')

    await says(story, 'dana', issue, '/status')
    await says(story, 'dana', issue, '/status')

    expect(answersIn(story, issue).map(({ body }) => body)).toEqual([expect.stringContaining('npx weighbridge init')])
  })

  test('or whose configuration has mistakes hears that nothing was done', async () => {
    const story = await openStory()
    await story.after(story.repository.commit({ ...configuration({ nonsense: 1 }) }, { by: 'keeper' }))
    const issue = await opensIssue(story, 'dana', 'Hello')

    await says(story, 'dana', issue, '/freeze production until=2d reason="x"')

    expect(answerIn(story, issue)).toContain('has mistakes')
    expect(await story.ledger.kinds()).toEqual([])
  })
})
