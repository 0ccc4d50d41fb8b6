import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Inbox } from '../../src/ports/inbox.ts'

export interface DoorProcess {
  readonly url: string
  readonly port: number
  readonly child: ChildProcess
  counts(): Promise<ReturnType<Inbox['counts']>>
  /** Resident memory now and at its highest, MB. */
  rssMb(): { readonly now: number; readonly peak: number }
  kill(): Promise<void>
}

/** The door in a real process, to be measured, flooded and killed; with the executor where a file for its work is given. */
export async function doorInProcess(inboxPath: string, workFile?: string): Promise<DoorProcess> {
  const name = workFile === undefined ? 'door-process.ts' : 'house-process.ts'
  const script = fileURLToPath(new URL(name, import.meta.url))
  const child = fork(script, [inboxPath, workFile ?? ''], { execArgv: ['--disable-warning=ExperimentalWarning'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    url: `http://127.0.0.1:${port}/api/github/webhooks`,
    child,
    async counts() {
      child.send('counts')
      const [{ counts }] = (await once(child, 'message')) as [{ counts: ReturnType<Inbox['counts']> }]
      return counts
    },
    rssMb() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
      return { now: mb('VmRSS'), peak: mb('VmHWM') }
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
