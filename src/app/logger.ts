import { type DestinationStream, pino } from 'pino'
import type { IntakeLog } from '../intake/intake-log.ts'
import { HostFailure } from '../ports/host-failure.ts'
import type { Work } from '../ports/inbox.ts'
import { openScrub, type Scrub } from '../report/scrub.ts'
import type { JobWatch } from './executor/executor.ts'

/** What jobs tell: facts about our own work. */
interface JobLog {
  info(about: Readonly<Record<string, unknown>>, text: string): void
  warn(about: Readonly<Record<string, unknown>>, text: string): void
}

/** One function for each kind of line; there is no way to log an object as it comes. */
export interface AppLog {
  readonly intake: IntakeLog
  readonly jobs: JobWatch & JobLog
  started(line: { readonly port: number; readonly waiting: number }): void
  stopping(line: { readonly signal: string }): void
  failed(line: { readonly where: string; readonly error: unknown }): void
}

export interface LoggerOptions {
  readonly level: string
  /** Values that must never appear: webhook secrets, private keys, tokens of the environment. */
  readonly secrets: readonly string[]
  /** Standard output unless given. */
  readonly stream?: DestinationStream
}

/** Refusals that are told in a second; of a flood the rest is only counted. */
const REFUSALS_PER_S = 20

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Lines of JSON without payloads, secrets or persons: numbers, our own words, ids, and texts that were scrubbed. */
export function openLogger({ level, secrets, stream }: LoggerOptions): AppLog {
  const options = {
    level: LEVELS.includes(level) ? level : 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const lines = stream === undefined ? pino(options) : pino(options, stream)
  const scrub = openScrub(secrets)
  const failed = ({ where, error }: { readonly where: string; readonly error: unknown }) =>
    lines.error({ where: scrub(where), ...errorWords(error, scrub) }, 'failed')
  return {
    intake: {
      refused: atMost(REFUSALS_PER_S, ({ status, because }, untold) =>
        lines.warn({ status, because, ...(untold === 0 ? {} : { untold }) }, 'refused'),
      ),
      delivery: ({ guid, event, action, outcome, ms, because }) =>
        lines.info(
          { guid, event, action: scrub(action ?? ''), outcome, ms: Math.round(ms), ...(because && { because }) },
          'delivery',
        ),
      failed,
    },
    jobs: {
      ended: (line) => {
        const isBad = line.is === 'dead' || line.is === 'installation-gone'
        const words = { ...workWords(line.work, scrub), attempt: line.attempt, is: line.is, ms: Math.round(line.ms) }
        const because = line.because === null ? {} : { because: scrub(line.because) }
        lines[isBad ? 'error' : line.is === 'failed' ? 'warn' : 'info']({ ...words, ...because }, 'job')
      },
      failed,
      info: (about, text) => lines.info(plainWords(about, scrub), scrub(text)),
      warn: (about, text) => lines.warn(plainWords(about, scrub), scrub(text)),
    },
    started: ({ port, waiting }) => lines.info({ port, waiting }, 'started'),
    stopping: ({ signal }) => lines.info({ signal: scrub(signal) }, 'stopping'),
    failed,
  }
}

/** Tells the first lines of each second; the first one after that says how many it left out. */
function atMost<Line>(perSecond: number, tell: (line: Line, untold: number) => void): (line: Line) => void {
  let [second, told, untold] = [0, 0, 0]
  return (line) => {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) [second, told] = [now, 0]
    if (told++ >= perSecond) untold++
    else {
      tell(line, untold)
      untold = 0
    }
  }
}

/** Ids only: names of repositories and branches may be those of people. */
function workWords({ lane, repository, subject, head }: Work, scrub: Scrub) {
  const number = subject.kind === 'pull' ? { pull: subject.number } : {}
  const of = repository === null ? {} : { repository: repository.id, installation: repository.installation }
  return { subject: scrub(subject.kind), lane, ...number, ...of, ...(head === null ? {} : { head: scrub(head) }) }
}

function errorWords(error: unknown, scrub: Scrub) {
  if (error instanceof HostFailure)
    return { operation: scrub(error.operation), status: error.status, retryable: error.retryable }
  if (error instanceof Error)
    return { error: scrub(error.name), message: scrub(error.message), at: placeOf(error, scrub) }
  return { error: 'unknown' }
}

/** Where a bug is: the top of the stack, without the folder it lies in. */
function placeOf(error: Error, scrub: Scrub): string {
  const top = error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? ''
  return scrub(/[\w-]{1,60}\/[\w-]{1,60}\.[jt]s:\d+:\d+/.exec(top.slice(-300))?.[0] ?? '')
}

/** Numbers, booleans and scrubbed texts; anything deeper is left out, because nobody knows what is in it. */
function plainWords(about: Readonly<Record<string, unknown>>, scrub: Scrub): Record<string, unknown> {
  const words: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(about)) {
    if (typeof value === 'string') words[name] = scrub(value)
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) words[name] = value
  }
  return words
}
