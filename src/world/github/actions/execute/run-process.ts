import { spawn } from 'node:child_process'
import { atEnd } from '../../../../adapters/job-folder.ts'

export interface ProcessRun {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
}

export interface RunningProcess {
  /** Exit code, 128 + signal as shells have it; null when it could not be started. */
  readonly done: Promise<{ readonly code: number | null; readonly problem: string | null }>
  /** To the process and all that it started. */
  signal(name: NodeJS.Signals): void
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/** A process in a group of its own, so that it ends with all that it started. */
export function runProcess({ command, args, cwd, env, onLine }: ProcessRun): RunningProcess {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, name)
    } catch {
      // it is gone
    }
  }
  const forget = atEnd(() => signal('SIGKILL'))
  const flush = [child.stdout, child.stderr].map((stream) => linesOf(stream, onLine))
  const done = new Promise<{ code: number | null; problem: string | null }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, problem: error.message }))
    // not `close`: a child that went its own way may keep the pipes open for ever
    child.once('exit', (code, name) => {
      const ended = { code: code ?? 128 + (SIGNALS[name ?? ''] ?? 15), problem: null }
      const drained = new Promise<void>((over) => child.once('close', () => over()))
      const patience = new Promise<void>((over) => setTimeout(over, 500).unref())
      void Promise.race([drained, patience]).then(() => resolve(ended))
    })
  }).finally(() => {
    for (const one of flush) one()
    signal('SIGKILL')
    forget()
  })
  return { done, signal }
}

/** Whole lines as they come; gives back what says the last one. */
function linesOf(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  return () => {
    if (rest !== '') onLine(rest)
    rest = ''
    stream.removeAllListeners('data')
  }
}
