import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openAppHost } from './adapters/github/app-host.ts'
import type { HeardAnswer } from './adapters/github/hearing.ts'
import { openInbox } from './adapters/inbox/inbox.ts'
import { LEDGER_BRANCH } from './adapters/ledger/view.ts'
import { ledgerKeys } from './adapters/operator/ledger-keys.ts'
import { type OperatorFile, openOperatorFile } from './adapters/operator/operator-file.ts'
import { appSealKeys } from './adapters/operator/seal-keys.ts'
import { openContext } from './app/app-context.ts'
import { openGrounds } from './app/app-ports.ts'
import { appRoutes } from './app/app-routes.ts'
import { type ClockSkew, openClockSkew, watchDate } from './app/clock-skew.ts'
import { openExclusive } from './app/executor/exclusive.ts'
import { type Executor, openExecutor } from './app/executor/executor.ts'
import { type AppLog, openLogger } from './app/logger.ts'
import { machineClock } from './app/machine-clock.ts'
import { type Metrics, openMetrics } from './app/metrics.ts'
import { type OwnAccount, ownAccount } from './app/own-account.ts'
import { type Settings, secretsOf } from './app/settings.ts'
import { type Sweeps, startSweeps } from './app/sweeps.ts'
import { type Intake, openIntake } from './intake/intake.ts'
import { answerFrom, type Route, type RouteAnswer, type RouteRequest } from './intake/route.ts'
import { type DoorAnswer, type DoorOptions, type WebhookDoor, webhookDoor } from './intake/webhook-door.ts'
import { openSecrets } from './intake/webhook-secrets.ts'
import type { Clock, JobContext } from './jobs/github/job-context.ts'
import { onDeadWork, runWork } from './jobs/github/run-work.ts'
import type { AppHost } from './ports/git-host.ts'
import type { Inbox } from './ports/inbox.ts'

export interface AppOptions {
  readonly settings: Settings
  /** Default: GitHub, by the settings. */
  readonly appHost?: AppHost
  /** Default: a file in the app's own folder. */
  readonly inbox?: Inbox
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** 0 to 1, for jitter. */
  readonly chance?: () => number
  /** How long GitHub's lists may lag behind a write, ms. */
  readonly lagMs?: number
  /** Holds a clock that somebody else moves while work runs. */
  readonly during?: <Value>(work: () => Promise<Value>) => Promise<Value>
  /** Lets such a clock go on while work only waits for other work. */
  readonly whileWaiting?: (wait: Promise<void>) => Promise<void>
  /** Acts later unless called off; measures our own work and so goes by the machine's clock. */
  readonly after?: JobContext['after']
  /** Told of every verdict on a pull request, once its checks stand. */
  readonly onWeighed?: JobContext['onWeighed']
  /** Where the log goes; standard output unless given. */
  readonly logTo?: { write(line: string): void }
  /** false: no socket; deliveries come through `receive` alone. */
  readonly listens?: boolean
  /** false: sweeps come by `sweep` alone. */
  readonly sweeps?: boolean
}

/** The app. Nothing happens before it is started. */
export interface App {
  /** Sweeps once, then opens the door. */
  start(): Promise<void>
  /** Takes a delivery without a socket: the same door. */
  receive(headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<DoorAnswer>
  /** A page of the app without a socket; null where there is none. */
  answer(request: Omit<RouteRequest, 'params'>): Promise<RouteAnswer | null>
  /** Enqueues what is due now. */
  sweep(): Promise<void>
  /** Resolves when nothing runs and nothing waits that may start within this time. */
  settle(withinMs?: number): Promise<void>
  /** Takes nothing more, waits for what runs, and gives the rest back to the next process. */
  stop(graceMs?: number): Promise<void>
  /** Once started and listening. */
  readonly port: number | null
}

const LAG_MS = 10_000
const GRACE_MS = 20_000

interface Parts {
  readonly options: AppOptions
  readonly appHost: AppHost
  readonly inbox: Inbox
  readonly clock: Clock
  readonly log: AppLog
  readonly executor: Executor
  readonly account: OwnAccount
  readonly routes: readonly Route[]
  readonly ending: AbortController
  /** Nothing that still sleeps keeps the process. */
  readonly rest: () => void
}

/**
 * Puts the app together: door, inbox, executor, jobs, sweeps and pages.
 *
 * @throws {InvalidOperatorFile} when the operator's file has mistakes
 * @throws {RangeError} when a key that it names is none
 */
export function openApp(options: AppOptions): App {
  const parts = openParts(options)
  const { inbox, executor, log } = parts
  let door: WebhookDoor | null = null
  let intake: Intake | null = null
  let sweeps: Sweeps | null = null
  return {
    start: async () => {
      sweeps = await startSweeps(sweepOptions(parts), options.sweeps ?? true)
      await parts.account.ask()
      const doorOptions = doorOptionsOf(parts)
      if (options.listens === false) door = webhookDoor(doorOptions)
      else {
        const { host, port } = options.settings
        intake = await openIntake({ ...doorOptions, host, port, routes: parts.routes })
        door = intake.door
        log.started({ port: intake.port, waiting: inbox.counts().jobs.waiting })
      }
      executor.start()
    },
    receive: async (headers, body) => {
      if (door === null) throw new Error('the app has not been started')
      return door.take(headers, [body])
    },
    answer: (request) => answerFrom(parts.routes, request),
    sweep: async () => sweeps?.tick(),
    settle: (withinMs) => executor.settle(withinMs),
    stop: async (graceMs = GRACE_MS) => {
      parts.ending.abort()
      sweeps?.stop()
      await intake?.close()
      await executor.drain(graceMs)
      inbox.close()
      parts.rest()
    },
    get port() {
      return intake?.port ?? null
    },
  }
}

function openParts(options: AppOptions): Parts {
  const { settings, chance = Math.random, during = (work) => work(), lagMs = LAG_MS } = options
  const machine = machineClock()
  const clock = options.clock ?? machine
  const now = () => new Date(clock.now())
  mkdirSync(settings.home, { recursive: true, mode: 0o700 })
  const stream = options.logTo === undefined ? {} : { stream: options.logTo }
  const log = openLogger({ level: settings.logLevel, secrets: secretsOf(settings), ...stream })
  const operator = openOperatorFile(settings.operatorFile, (error) => log.failed({ where: 'operator file', error }))
  requireKeys(operator.current(), settings.home)
  const inbox = options.inbox ?? openInbox({ path: join(settings.home, 'inbox.sqlite'), now })
  const skew = openClockSkew()
  const metrics = openMetrics({ inbox, now, skew })
  const appHost = options.appHost ?? hostOf(options, { clock, chance, lagMs, skew, metrics })
  const exclusive = openExclusive(options.whileWaiting)
  const grounds = openGrounds({ operator, ...settings })
  const ending = new AbortController()
  const after = options.after ?? timersUntil(ending.signal)
  const of = {
    settings,
    appHost,
    inbox,
    clock,
    chance,
    lagMs,
    operator,
    grounds,
    exclusive,
    after,
    onWeighed: options.onWeighed,
    log: log.jobs,
    figures: metrics,
  }
  const context = openContext(of)
  const executor = openExecutor({
    inbox,
    clock,
    chance,
    work: (leased) => during(() => runWork(context, leased)),
    onDead: (work) => during(() => onDeadWork(context, work)),
    watches: [log.jobs, metrics.jobs],
    isHeld: true,
  })
  const routes = appRoutes({ settings, inbox, clock, grounds, metrics, skew, fetch: options.fetch ?? fetch })
  const account = ownAccount(appHost)
  return { options, appHost, inbox, clock, log, executor, account, routes, ending, rest: machine.rest }
}

/** A key that is none shows at the start, not at the first merge. */
function requireKeys(operator: ReturnType<OperatorFile['current']>, home: string): void {
  appSealKeys(operator, home)
  ledgerKeys(operator, home)
}

function hostOf(
  { settings, fetch: send }: AppOptions,
  { skew, metrics, ...of }: Pick<Required<AppOptions>, 'clock' | 'chance' | 'lagMs'> & HostWatches,
): AppHost {
  const { weigher, mover, apiUrl } = settings
  const watched = watchDate(send ?? fetch, skew, () => of.clock.now())
  const heard = ({ operation, status, quota }: HeardAnswer) => {
    metrics.apiCall(operation, status)
    if (quota !== null) metrics.rateLimitLeft(quota.resource, quota.left)
  }
  return openAppHost({ ...of, weigher, mover, baseUrl: apiUrl, fetch: watched, heard })
}

interface HostWatches {
  readonly skew: ClockSkew
  readonly metrics: Metrics
}

function sweepOptions({ inbox, clock, appHost, log, account }: Parts): Parameters<typeof startSweeps>[0] {
  return {
    inbox,
    clock,
    installations: async () => {
      const all = await appHost.installations()
      await account.ask()
      return all.filter(({ isSuspended }) => !isSuspended).map(({ id }) => id)
    },
    failed: (line) => log.failed(line),
  }
}

function doorOptionsOf({ options, inbox, clock, account, log }: Parts): DoorOptions {
  const { weigher, webhook } = options.settings
  return {
    secrets: openSecrets(webhook),
    inbox,
    identity: {
      appId: weigher.appId,
      get botId() {
        return account.id()
      },
    },
    ledgerBranch: LEDGER_BRANCH,
    now: () => new Date(clock.now()),
    log: log.intake,
  }
}

/** Timers that do nothing once the app has ended. */
function timersUntil(ended: AbortSignal): JobContext['after'] {
  return (ms, act) => {
    const timer = setTimeout(() => ended.aborted || act(), ms)
    timer.unref()
    return () => clearTimeout(timer)
  }
}
