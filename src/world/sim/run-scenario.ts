import { type VirtualClock, virtualClock } from '../clock.ts'
import { faultyTransport } from '../faults/faulty-transport.ts'
import { Refusal } from '../github/github-state.ts'
import { openWorld, type World } from '../world.ts'
import type { AppManifest } from '../world-app.ts'
import { actStep, pullNamed, type Stage } from './act-step.ts'
import { filesAt, NotInCheckout, resolved } from './checkout-files.ts'
import { failingCalls } from './failing-calls.ts'
import { ledgerLines } from './ledger-lines.ts'
import type { Expectation, Scenario, Step } from './scenario.ts'
import type { OpenBot, SimBot } from './sim-bot.ts'
import { unmet } from './unmet.ts'

export interface SimInput {
  readonly scenario: Scenario
  /** The user's checkout. Absolute. */
  readonly checkout: string
  readonly manifest: AppManifest
  readonly openBot: OpenBot
  readonly progress: (text: string) => void
}

/** Something that was expected and is not so. */
export interface Unmet {
  /** `steps[3]`, `expects[0]`. */
  readonly where: string
  readonly what: string
}

export interface SimReport {
  readonly about: string
  /** Expectations that were held against the world. */
  readonly expectations: number
  readonly unmet: readonly Unmet[]
  /** Requests of the app that changed something. */
  readonly writes: readonly string[]
  /** Requests of the app that GitHub's descriptions do not allow. */
  readonly contractBreaks: number
}

/** Within this time after a step the app may still pause, retry and settle. */
const SETTLES_WITHIN_MS = 60_000
const FIRST_MOMENT = '2026-11-18T10:00:00Z'

/** Plays a scenario in a world of its own and says what is not as expected. */
export async function runScenario(input: SimInput): Promise<SimReport> {
  const { scenario, manifest } = input
  const clock = virtualClock(Date.parse(scenario.given.now ?? FIRST_MOMENT))
  const world = await openWorld({ app: manifest, clock })
  try {
    return await played(input, world, clock)
  } finally {
    await world.close()
  }
}

async function played(input: SimInput, world: World, clock: VirtualClock): Promise<SimReport> {
  const { scenario, checkout } = input
  const repository = await begin(input, world)
  const failing = failingCalls()
  const transport = faultyTransport(world.fetch, { clock, faultAt: failing.faultAt })
  const { apiUrl } = world.github.state.settings
  const place = { fetch: transport.fetch, apiUrl, clock, app: world.app, checkout, repository: repository.fullName }
  const bot = await input.openBot(place)
  world.webhooksTo(bot.courier)
  const stage: Stage = {
    repository,
    failing,
    checkout,
    ref: scenario.given.ref ?? 'HEAD',
    pulls: new Map(),
    passes: world.passes,
    redeliver: (event) => lastAgain(world, bot, event),
  }
  try {
    const problems: Unmet[] = []
    for (const [index, step] of scenario.steps.entries()) {
      input.progress(`step ${index + 1} of ${scenario.steps.length}: ${Object.keys(step)[0] ?? ''}`)
      problems.push(...at(`steps[${index}]`, await stepped({ world, bot, stage }, step)))
    }
    for (const [index, expected] of (scenario.expects ?? []).entries())
      problems.push(...at(`expects[${index}]`, await lacking({ world, bot, stage }, expected)))
    problems.push(
      ...at(
        'steps',
        failing.unused.map((operation) => `call_fails: the app never called ${operation}`),
      ),
    )
    return reportOf(scenario, world, problems)
  } finally {
    await bot.close()
  }
}

interface Playing {
  readonly world: World
  readonly bot: SimBot
  readonly stage: Stage
}

/** The repository as it is given, before the app hears of anything. */
async function begin({ scenario, checkout }: SimInput, world: World) {
  const { given } = scenario
  for (const [login, { permission = 'write', teams = [] }] of Object.entries(given.people))
    await world.user(login, { permission, teams })
  const first = await filesAt(checkout, given.ref ?? 'HEAD')
  const text = async (path: string) => (first[path] === undefined ? null : Buffer.from(first[path]).toString())
  const files = { ...first, ...(await resolved(checkout, given.files ?? {}, text)) }
  const there = Object.entries(files).flatMap(([path, content]) => (content === null ? [] : [[path, content] as const]))
  world.webhooksTo({ deliver: async () => 200 })
  const repository = await world.repository(given.repository ?? 'acme/models', { files: Object.fromEntries(there) })
  const { protection } = given
  if (protection !== undefined)
    await repository.requires(protection.checks ?? ['weighbridge'], {
      strict: protection.strict ?? false,
      reviews: protection.reviews ?? 0,
      mergeQueue: protection.merge_queue ?? false,
    })
  await world.settles()
  return repository
}

/** What a step did not do or show. */
async function stepped(playing: Playing, step: Step): Promise<readonly string[]> {
  const refusal = await refusalOf(() => actStep(playing.stage, step))
  await settle(playing)
  if (step.expects !== undefined) return lacking(playing, step.expects)
  const wanted = step.merges?.refused === true
  if (refusal === null) return wanted ? ['merges: GitHub should have refused it, and did not'] : []
  return wanted ? [] : [`GitHub refused it: ${refusal.status} ${refusal.message}`]
}

async function refusalOf(act: () => Promise<void>): Promise<Refusal | null> {
  try {
    await act()
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Webhooks, the app and the time that it needs, until none of them brings anything new. */
async function settle({ world, bot }: Playing): Promise<void> {
  await world.settles()
  await bot.settle()
  await world.settles(SETTLES_WITHIN_MS)
  await bot.settle()
  await world.settles()
}

async function lacking({ world, bot, stage }: Playing, expected: Expectation): Promise<readonly string[]> {
  const pull = expected.pull === undefined ? null : pullNamed(stage, expected.pull)
  const gates = pull === null || expected.gates === undefined ? null : ((await bot.gates?.(pull.number)) ?? null)
  const ledger = expected.ledger === undefined ? [] : await ledgerLines(stage.repository)
  return unmet(expected, { pull, gates: gates ?? {}, ledger, app: world.app.slug, bot: world.app.bot.login })
}

async function lastAgain(world: World, bot: SimBot, event: string): Promise<void> {
  const last = [...world.github.state.deliveries.values()].filter((delivery) => delivery.event === event).at(-1)
  if (last === undefined)
    throw new NotInCheckout(`no ${event} was delivered so far`, 'Name an event that happened before.')
  await bot.courier.deliver(last)
}

function at(where: string, problems: readonly string[]): readonly Unmet[] {
  return problems.map((what) => ({ where, what }))
}

function reportOf({ about, steps, expects = [] }: Scenario, world: World, problems: readonly Unmet[]): SimReport {
  const inSteps = steps.filter((step) => step.expects !== undefined || step.merges?.refused !== undefined).length
  const { writes, contractBreaks } = world.github
  return {
    about,
    expectations: inSteps + expects.length,
    unmet: problems,
    writes,
    contractBreaks: contractBreaks.length,
  }
}
