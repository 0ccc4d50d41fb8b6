import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Unavailable } from '../../ports.ts'
import { needNativePart } from '../native-part.ts'
import { BadTable } from './bad-table.ts'
import type { TableAnswer, TableFailure, TableLimits, TableQuestion, TableReply, TableRequest } from './messages.ts'

/** Built, the child is JavaScript; from a checkout, Node strips its types. */
const CHILD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './tables-child.ts' : './tables-child.js', import.meta.url),
)

export interface ReaderProcess {
  ask(question: TableQuestion): Promise<TableAnswer>
  kill(): void
}

/** The reader process: started at the first question, again after it was killed, and never left behind. */
export function readerProcess(limits: TableLimits, timeoutMs: number): ReaderProcess {
  let child: ChildProcess | undefined
  let asked = 0
  const kill = () => {
    child?.kill('SIGKILL')
    child = undefined
    process.off('exit', kill)
  }
  const start = () => {
    const started = startChild()
    process.once('exit', kill)
    started.once('exit', () => {
      if (child === started) kill()
    })
    return started
  }
  const ask = async (question: TableQuestion) => {
    child ??= start()
    const request: TableRequest = { id: asked++, limits, question }
    return conversation(child, request, timeoutMs, kill)
  }
  return { ask, kill }
}

function startChild(): ChildProcess {
  needNativePart('@duckdb/node-api')
  const env: NodeJS.ProcessEnv = { NODE_NO_WARNINGS: '1', TZ: 'UTC' }
  // Windows starts no process without it
  if (process.env.SystemRoot !== undefined) env.SystemRoot = process.env.SystemRoot
  const child = fork(CHILD, [], {
    execArgv: [],
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  hold(child, false)
  return child
}

/** An idle reader keeps nobody's program running. */
function hold(child: ChildProcess, isHeld: boolean): void {
  if (isHeld) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

function conversation(
  child: ChildProcess,
  request: TableRequest,
  timeoutMs: number,
  kill: () => void,
): Promise<TableAnswer> {
  const { called } = request.question.source
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
      hold(child, false)
      settle()
    }
    const onMessage = (reply: TableReply) => {
      if (reply.id === request.id) finish(() => (reply.ok ? resolve(reply.answer) : reject(errorOf(reply.failure))))
    }
    const onExit = (code: number | null, signal: string | null) =>
      finish(() => reject(ended(called, signal ?? `code ${code}`)))
    const onError = (error: Error) => finish(() => reject(ended(called, error.message)))
    const timer = setTimeout(() => {
      finish(() => reject(tooSlow(called, timeoutMs)))
      kill()
    }, timeoutMs)
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
    hold(child, true)
    child.send(request, (error) => error && onError(error))
  })
}

function errorOf(failure: TableFailure): Error {
  if (failure.kind === 'bad-table') return new BadTable(failure.code, failure.message, failure.mend, failure.line)
  if (failure.kind === 'unavailable') return new Unavailable(failure.status, failure.message, failure.mend)
  return new Error(failure.message)
}

function ended(called: string, how: string): Unavailable {
  return new Unavailable(
    'unreachable',
    `${called}: the process that reads tables ended (${how})`,
    'Ask again; if it ends again, the table is too large for this machine, or damaged.',
  )
}

function tooSlow(called: string, timeoutMs: number): Unavailable {
  return new Unavailable(
    'unreachable',
    `${called}: reading took longer than ${timeoutMs / 1000} s and was stopped`,
    'Ask again, ask for fewer columns, or raise the time limit.',
  )
}
