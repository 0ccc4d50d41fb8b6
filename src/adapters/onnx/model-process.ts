import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ModelLimits, Unavailable } from '../../ports.ts'
import { atEnd, openJobFolder } from '../job-folder.ts'
import { needNativePart } from '../native-part.ts'
import { type FromChild, type ToChild, WATCH_LARGE, WATCH_LATE } from './model-messages.ts'
import { quoted } from './problem.ts'

/** A child process that holds one model; whatever happens, `close` leaves neither process nor folder behind. */
export interface ModelProcess {
  readonly pid: number
  /** Questions are answered one after the other, in the order in which they were asked. */
  ask<Kind extends FromChild['kind']>(message: ToChild, kind: Kind): Promise<Extract<FromChild, { kind: Kind }>>
  close(): void
}

const POLL_MS = 50
const SAID_BYTES = 4096
/** The child's own JavaScript needs little: the model's memory is the runtime's, which only `memoryMb` bounds. */
const HEAP_MB = 512
const PAGE_BYTES = 4096

/**
 * Starts the process that opens a model: empty environment, empty folder, no shell.
 *
 * It is killed when it takes more memory or time than allowed, and when the work ends.
 */
export function startModelProcess(called: string, limits: ModelLimits): ModelProcess {
  needNativePart('onnxruntime-node')
  const folder = openJobFolder()
  const child = forkChild(folder.path, limits)
  const end: Ending = { because: null, said: '' }
  listenTo(child, end)
  const kill = (because: Unavailable | null): void => {
    end.because ??= because
    child.kill('SIGKILL')
  }
  const timer = setTimeout(() => kill(tooSlow(called, limits)), limits.timeoutMs)
  const poll = setInterval(() => {
    if (residentBytes(child.pid) > limits.memoryMb * 2 ** 20) kill(tooMuch(called, limits))
  }, POLL_MS)
  const forget = atEnd(() => kill(null))
  const close = (): void => {
    clearTimeout(timer)
    clearInterval(poll)
    forget()
    kill(null)
    folder.close()
  }
  return {
    pid: child.pid ?? -1,
    ask: openAsking(child, { called, limits, end }),
    close,
  }
}

interface Context {
  readonly called: string
  readonly limits: ModelLimits
  readonly end: Ending
}

interface Ending {
  because: Unavailable | null
  said: string
}

function forkChild(folder: string, limits: ModelLimits): ChildProcess {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './model-child.ts' : './model-child.js', import.meta.url)
  const heapMb = Math.max(64, Math.min(HEAP_MB, limits.memoryMb))
  return fork(fileURLToPath(entry), {
    cwd: folder,
    env: bareEnvironment(),
    execArgv: [`--max-old-space-size=${heapMb}`, '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

/** Nothing of ours; Windows cannot load a library without its own root. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env
  return SystemRoot === undefined ? {} : { SystemRoot }
}

function listenTo(child: ChildProcess, end: Ending): void {
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      if (end.said.length < SAID_BYTES) end.said += chunk.toString('utf8').slice(0, SAID_BYTES - end.said.length)
    })
  child.on('error', () => child.kill('SIGKILL'))
}

/** Answers come in the order of the questions, so whoever asked first hears first. */
function openAsking(child: ChildProcess, context: Context): ModelProcess['ask'] {
  const waiting: { readonly answered: (answer: FromChild) => void; readonly failed: (error: Error) => void }[] = []
  child.on('message', (answer: FromChild) => waiting.shift()?.answered(answer))
  child.once('close', (_, signal) => {
    for (const { failed } of waiting.splice(0)) failed(endedError(context, signal))
  })
  return <Kind extends FromChild['kind']>(message: ToChild, kind: Kind) =>
    new Promise<Extract<FromChild, { kind: Kind }>>((resolve, failed) => {
      if (child.exitCode !== null || child.signalCode !== null) return failed(endedError(context, child.signalCode))
      const answered = (answer: FromChild): void => {
        if (answer.kind === kind) resolve(answer as Extract<FromChild, { kind: Kind }>)
        else failed(refusal(context.called, answer))
      }
      waiting.push({ answered, failed })
      child.send(message, (error) => {
        if (error !== null) child.kill('SIGKILL')
      })
    })
}

function refusal(called: string, answer: FromChild): Unavailable {
  const because = answer.kind === 'refused' ? answer.because : 'it answered something else'
  const mend = 'Run the file with onnxruntime on your own machine, and export it again.'
  return new Unavailable('missing', `the runtime cannot run ${called}: ${readable(because)}`, mend)
}

/** The runtime's own words without the places in its source, which stand in front. */
function readable(message: string): string {
  return quoted(
    message
      .replace(/^.*\/onnxruntime_src\/\S+ .*?\)\s(?=[A-Z])/s, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    300,
  )
}

function endedError({ called, limits, end }: Context, signal: string | null): Error {
  if (end.because !== null) return end.because
  if (end.said.endsWith(WATCH_LATE)) return tooSlow(called, limits)
  if (end.said.endsWith(WATCH_LARGE)) return tooMuch(called, limits)
  const how = signal === null ? 'ended early' : `was ended by ${signal}`
  const said = end.said.trim() === '' ? '' : `; it said: ${quoted(end.said.trim())}`
  return new Unavailable(
    'unreachable',
    `the process that ran ${called} ${how}${said}`,
    'Weigh again, with more memory.',
  )
}

function tooSlow(called: string, { timeoutMs }: ModelLimits): Unavailable {
  const mend = 'Raise the time limit, or ship a faster model.'
  return new Unavailable('unreachable', `${called} was not done after ${timeoutMs / 1000} s and was stopped`, mend)
}

function tooMuch(called: string, { memoryMb }: ModelLimits): Unavailable {
  const mend = 'Raise the memory limit, or ship a smaller model.'
  return new Unavailable('unreachable', `${called} took more than ${memoryMb} MB of memory and was stopped`, mend)
}

/** Memory that a process holds, where the system says so (Linux); elsewhere its own watch counts alone. */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES
  } catch {
    return 0
  }
}
