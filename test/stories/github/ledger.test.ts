import { execFile } from 'node:child_process'
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { openAppHost } from '../../../src/adapters/github/app-host.ts'
import { takeLock } from '../../../src/adapters/ledger/lock.ts'
import type { App } from '../../../src/app.ts'
import { LEDGER_RULESET_PATH, ledgerRuleset } from '../../../src/jobs/init-ledger-ruleset.ts'
import { signingKeyOf } from '../../../src/ledger/signature.ts'
import { addRuleset } from '../../../src/world/github/acts/change-repository.ts'
import { issueUserToken } from '../../../src/world/github/acts/issue-token.ts'
import { createRef } from '../../../src/world/github/acts/move-ref.ts'
import { forcePush } from '../../../src/world/github/acts/push.ts'
import { type Actor, Refusal } from '../../../src/world/github/github-state.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import { newKey } from '../../adapters/ledger/ledger-world.ts'
import { git, types } from '../../cli/ledger-clone.ts'
import { emptyFolder } from '../../cli/terminal-user.ts'
import {
  ALSO_BETTER,
  BETTER,
  MODEL,
  openStory,
  type Story,
  type StoryOptions,
  UNFAIR,
} from '../../support/github-world.ts'
import { openHome, startApp } from '../../support/story-app.ts'

const run = promisify(execFile)

const LOCK = 'weighbridge/lock/merge-main'
const LEDGER = 'weighbridge/ledger'
const STATE = 'state/production/adult.json'
const LINES = 'facts/production/adult/2026-11.jsonl'
const HEAD = 'head.json'

/** Passes without anybody's approval, so that only the ledger can hold it. */
const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }

/** A story in which 1.3.0 has been taken out of production, and a promotion of 1.1.0 is green. */
async function withLedger(options: StoryOptions = {}): Promise<Story> {
  const story = await openStory({ policy: OPEN, people: { root: { permission: 'admin' } }, ...options })
  await quarantines(story, ALSO_BETTER)
  return story
}

async function quarantines(story: Story, version: string): Promise<void> {
  const digest = await digestOf(story, version)
  await story.ledger.records({ kind: 'quarantined', digest, version, until: null, reason: 'error rate doubled' })
  await story.settles()
}

async function digestOf({ repository }: Story, version: string): Promise<string> {
  const record = (await repository.file(`models/${MODEL}/versions/${version}.yml`)) ?? ''
  return /sha256:[0-9a-f]{64}/.exec(record)?.[0] ?? ''
}

function person({ world }: Story, login: string): Actor {
  const account = findAccount(world.github.state, login)
  if (account === null) throw new Error(`nobody is called ${login}`)
  return { kind: 'user', account }
}

/** Three versions were taken out, one after the other; the last is 1.3.0. */
async function withThreeLines() {
  const story = await openStory({ policy: OPEN, people: { root: { permission: 'admin' } } })
  const tips: (string | null)[] = []
  for (const version of [UNFAIR, BETTER, ALSO_BETTER]) {
    await quarantines(story, version)
    tips.push(await story.repository.tip(LEDGER))
  }
  const [first = null, second = null] = tips
  return { story, first, second }
}

/** Pushes files to a branch as somebody, and lets everything happen. */
function pushes({ after, repository }: Story, files: Record<string, string | null>, by = 'dana'): Promise<string> {
  return after(repository.commit(files, { by, branch: LEDGER }))
}

function puts(story: Story, to: string | null, by = 'root'): Promise<void> {
  const { after, repository, world } = story
  return after(forcePush(world.github.running, person(story, by), { repository: repository.id, branch: LEDGER, to }))
}

async function read({ repository }: Story, path: string): Promise<string> {
  const text = await repository.file(path, LEDGER)
  if (text === null) throw new Error(`the ledger has no ${path}`)
  return text
}

describe('a ledger that is whole', () => {
  test('holds what it took out, and lets everything else pass', async () => {
    const story = await withLedger()

    const out = await story.promotes(ALSO_BETTER)
    const other = await story.promotes(BETTER)

    expect(out.check('weighbridge')?.conclusion).toBe('failure')
    expect(out.check('weighbridge')?.summary).toContain('error rate doubled')
    expect(other.check('weighbridge')?.conclusion).toBe('success')
  })
})

describe('a ledger that somebody wrote to', () => {
  test('a line that a writer forged is not believed: promotions are held at once, and the line is named', async () => {
    const story = await withLedger()
    const before = await story.promotes(BETTER)
    const line = JSON.parse((await read(story, LINES)).trim())
    const forged = { ...line, seq: 2, kind: 'released', reason: 'all is well again' }

    await pushes(story, { [LINES]: `${await read(story, LINES)}${JSON.stringify(forged)}\n` })
    const after = await story.promotes(ALSO_BETTER)

    for (const pull of [before, after]) {
      expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
      expect(pull.check('weighbridge')?.summary).toContain('ledger broken at 2')
    }
    expect(after.check('weighbridge')?.summary).not.toContain('all is well again')
  })

  test('a state file that a writer edited frees nothing', async () => {
    const story = await withLedger()
    const file = JSON.parse(await read(story, STATE))
    file.state.quarantined = []

    await pushes(story, { [STATE]: JSON.stringify(file) })
    const pull = await story.promotes(ALSO_BETTER)

    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
    expect(pull.check('weighbridge')?.summary).toMatch(/ledger broken at \d+/)
  })

  test('lines that were signed with somebody else’s key are nobody’s, whatever keys the branch lists', async () => {
    const story = await withLedger()
    const { text } = newKey().public
    const keys = JSON.parse(await read(story, 'keys.json'))
    const head = { ...JSON.parse(await read(story, HEAD)), key_id: 'ffffffffffffffff' }

    await pushes(story, {
      'keys.json': JSON.stringify(JSON.parse(JSON.stringify(keys).replace(/ed25519:[A-Za-z0-9+/]+=/, text))),
      [HEAD]: JSON.stringify(head),
    })
    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
    expect(pull.check('weighbridge')?.summary).toMatch(/ledger broken at \d+/)
  })

  test('an administrator who shortens it frees nothing: the mirror knows how far it went', async () => {
    const { story, first } = await withThreeLines()

    await puts(story, first)
    const pull = await story.promotes(ALSO_BETTER)

    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
    expect(pull.check('weighbridge')?.summary).toContain('ledger broken at 3')
  })

  test('an app that starts after it was shortened knows that as well', async () => {
    const { story, first } = await withThreeLines()

    await puts(story, first)
    rmSync(join(story.home.path, 'inbox.sqlite'), { force: true })
    await story.restarts()
    const pull = await story.promotes(ALSO_BETTER)

    expect(pull.check('weighbridge')?.summary).toContain('ledger broken at 3')
  })

  test('without its newest line it is as after a crash: the line holds on from the mirror', async () => {
    const { story, second } = await withThreeLines()

    await puts(story, second)
    const pull = await story.promotes(ALSO_BETTER)

    expect(pull.check('weighbridge')?.conclusion).toBe('failure')
    expect(pull.check('weighbridge')?.summary).toContain('error rate doubled')
  })

  test('one that is deleted is missed, not empty', async () => {
    const story = await withLedger()
    await quarantines(story, BETTER)
    const pull = await story.promotes(ALSO_BETTER)

    await puts(story, null)
    await story.passes(700_000)

    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
    expect(pull.check('weighbridge')?.summary).toMatch(/ledger broken at \d+/)
  })

  test('what lands meanwhile is not lost: it is recorded as soon as the branch is put back', async () => {
    const story = await withLedger({ requires: null })
    const pull = await story.promotes(BETTER)
    const sound = await story.repository.tip(LEDGER)
    await pushes(story, { [STATE]: '{}' })

    await story.after(pull.mergedBy('root'))
    const meanwhile = await story.ledger.kinds()
    await puts(story, sound)
    await story.settles(3_600_000)

    expect(meanwhile).toEqual(['quarantined'])
    expect(await story.ledger.kinds()).toContain('deployed')
  })
})

describe('mending', () => {
  test('audit verify names the line, ledger restore rebuilds the branch from the mirror, and verdicts re-open', async () => {
    const story = await withLedger()
    const { repository, world } = story
    const pull = await story.promotes(BETTER)
    const place = mirrorOf(story)
    const file = JSON.parse(await read(story, STATE))
    await pushes(story, { [STATE]: JSON.stringify({ ...file, state: { ...file.state, quarantined: [] } }) })
    const clone = await cloneOf(story)
    const held = pull.check('weighbridge')

    const broken = await types(['audit', 'verify', '--keys', place.keys, '--store', place.mirror], clone)
    const mended = await types(
      ['ledger', 'restore', '--from', place.mirror, '--keys', place.keys, '--key', place.key],
      clone,
    )
    git(clone, 'fetch', '--quiet', '.', `${LEDGER}:refs/remotes/origin/${LEDGER}`)
    const sound = await types(['audit', 'verify', '--keys', place.keys, '--store', place.mirror], clone)
    await story.after(run('git', ['push', '--quiet', 'origin', LEDGER], { cwd: clone }))

    expect(held?.conclusion).toBe('action_required')
    expect([broken.code, mended.code, sound.code]).toEqual([1, 0, 0])
    expect(broken.out).toContain('BROKEN')
    expect(pull.check('weighbridge')?.conclusion).toBe('success')
    expect((await story.ledger.state())?.quarantined).toHaveLength(1)
    expect(await repository.tip(LEDGER)).not.toBeNull()
    expect(world.github.contractBreaks).toEqual([])
  })

  test('the audit of a clone lists what the app wrote, also for a spreadsheet', async () => {
    const story = await withLedger()
    const pull = await story.promotes(BETTER)
    await story.after(pull.mergedBy('erin'))

    const shown = await types(['audit', MODEL, '--json'], await cloneOf(story))

    const kinds = JSON.parse(shown.out).lines.map(({ kind }: { kind: string }) => kind)
    expect(shown.code).toBe(0)
    expect(kinds).toEqual(expect.arrayContaining(['quarantined', 'decided', 'deployed', 'looked']))
  })
})

describe('two instances of the app', () => {
  test('that hear of every landing at once tell each fact once, in one chain (S38)', async () => {
    const story = await openStory({ policy: OPEN })
    const second = await anotherInstance(story)
    const pull = await story.promotes(BETTER)

    await story.after(pull.mergedBy('erin'))
    const next = await story.promotes(ALSO_BETTER)
    await story.after(next.mergedBy('erin'))
    await story.settles(600_000)
    const verified = await types(['audit', 'verify', '--keys', mirrorOf(story).keys], await cloneOf(story))
    await second.stop()

    const facts = (await story.ledger.facts()).map(({ kind, version }) => `${kind} ${version ?? ''}`.trim())
    expect(facts.toSorted()).toEqual(
      [
        'decided',
        `deployed ${BETTER}`,
        `looked ${BETTER}`,
        'decided',
        `deployed ${ALSO_BETTER}`,
        `looked ${ALSO_BETTER}`,
      ].toSorted(),
    )
    expect(verified.out).toContain('SOUND')
  })
})

describe('a lock', () => {
  test('that a writer planted beforehand holds nothing up: it is taken over (S38)', async () => {
    const { repository, world } = await openStory({ policy: OPEN })
    await repository.commit(
      { 'lock.json': '{"owner":"me","until":"2099-01-01T00:00:00Z"}' },
      { by: 'dana', branch: LOCK },
    )
    const { id, privateKey } = world.app
    const clock = { now: () => world.clock.now(), sleep: (ms: number) => world.clock.sleep(ms) }
    const weigher = { appId: id, privateKey }
    const installation = world.installation(repository.fullName)
    const host = openAppHost({ weigher, mover: null, fetch: world.fetch, clock, throttle: { spacingMs: 0 } })
    const key = newKey()
    const ports = {
      host: host.weigher(installation),
      repository: { id: repository.id, owner: 'acme', name: 'risk', installation },
      signingKey: key,
      publicKeys: [key.public],
    }
    const ask = { name: 'merge-main', purpose: 'merge', now: new Date(world.clock.now()).toISOString(), forMs: 60_000 }

    const [mine, other] = [await takeLock(ports, { ...ask, owner: 'a' }), await takeLock(ports, { ...ask, owner: 'b' })]

    expect(mine.is).toBe('held')
    expect(other).toMatchObject({ is: 'taken', by: { owner: 'a' } })
    expect(world.github.contractBreaks).toEqual([])
  })
})

describe('the ruleset that init writes', () => {
  test('refuses writers and administrators, and lets the app write on', async () => {
    const story = await withLedger()
    const { repository, world } = story
    await imports(story)

    await expect(pushes(story, { [STATE]: '{}' }, 'dana')).rejects.toThrow()
    await expect(puts(story, null, 'root')).rejects.toThrow()
    await expect(
      createRef(world.github.running, person(story, 'dana'), {
        repository: repository.id,
        ref: 'refs/heads/weighbridge/lock/merge-main',
        sha: (await repository.tip()) ?? '',
      }),
    ).rejects.toThrow(Refusal)
    const pull = await story.promotes(BETTER)
    await story.after(pull.mergedBy('erin'))

    expect(await story.ledger.kinds()).toContain('deployed')
    expect(world.github.contractBreaks).toEqual([])
  })
})

describe('looks at one exam', () => {
  test('are counted, and when the policy allows no more the next version is refused with what to do', async () => {
    const story = await openStory({ policy: { ...OPEN, evaluation: { max_looks: 1 } } })
    const first = await story.promotes(BETTER)
    await story.after(first.mergedBy('erin'))

    const second = await story.promotes(ALSO_BETTER)

    expect(first.check('weighbridge')?.conclusion).toBe('success')
    expect(second.check('weighbridge')?.conclusion).toBe('failure')
    expect(second.check('weighbridge')?.summary).toContain('2 versions were judged on this exam')
  })

  test('count also when the pull request that looked was closed', async () => {
    const story = await openStory({ policy: { ...OPEN, evaluation: { max_looks: 1 } } })
    const first = await story.promotes(BETTER)
    await story.after(first.closedBy('dana'))

    const second = await story.promotes(ALSO_BETTER)

    expect(second.check('weighbridge')?.conclusion).toBe('failure')
    expect(await story.ledger.kinds()).toEqual(['looked', 'looked'])
  })
})

/** Where the mirror and the keys lie, as the operator has them. */
function mirrorOf({ home, repository }: Story) {
  const key = join(home.path, 'weighbridge', 'ledger.pem')
  const keys = join(home.path, 'ledger-keys.txt')
  writeFileSync(keys, `${signingKeyOf(readFileSync(key, 'utf8')).public.text}\n`)
  return { key, keys, mirror: home.evidence(repository.id) }
}

/** A clone over HTTP, by a real Git, as somebody. */
async function cloneOf({ world }: Story, login = 'root'): Promise<string> {
  const account = findAccount(world.github.state, login)
  const { token } = issueUserToken(world.github.running, account?.id ?? 0)
  const { githubUrl } = await world.listens()
  const folder = join(emptyFolder(), 'clone')
  const url = `${githubUrl.replace('http://', `http://x:${token}@`)}/acme/risk.git`
  await run('git', ['clone', '--quiet', url, folder])
  return folder
}

/** A second process with an inbox of its own, on the same store and keys; each hears of everything. */
async function anotherInstance({ app, home, store, world }: Story): Promise<{ stop(): Promise<void> }> {
  const folder = openHome([])
  rmSync(join(folder.path, 'files'), { recursive: true })
  symlinkSync(join(home.path, 'files'), join(folder.path, 'files'))
  cpSync(join(home.path, 'weighbridge'), join(folder.path, 'weighbridge'), { recursive: true })
  const other = await startApp(world, folder, { fileRoot: join(store, '../..') })
  world.webhooksTo({
    deliver: async ({ requestHeaders, requestBody }) => {
      const headers = Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), value])
      const take = (one: App) => one.receive(Object.fromEntries(headers), Buffer.from(requestBody))
      return (await Promise.all([take(app), take(other)]))[0].status
    },
  })
  return {
    stop: async () => {
      const stopped = other.stop(0)
      await world.passes(1000)
      await stopped
      folder.close()
    },
  }
}

/** Imports the ruleset as an administrator does in GitHub's settings. */
async function imports({ repository, world }: Story): Promise<void> {
  const { path, content } = ledgerRuleset(world.app.id)
  const { name, conditions, bypass_actors, rules } = JSON.parse(content.toString())
  expect(path).toBe(LEDGER_RULESET_PATH)
  await addRuleset(world.github.running, repository.id, {
    name,
    include: conditions.ref_name.include,
    exclude: conditions.ref_name.exclude,
    bypass: bypass_actors,
    rules,
  })
}
