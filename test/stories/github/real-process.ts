import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Courier } from '../../../src/world/github/github-state.ts'
import { httpCourier } from '../../../src/world/github/webhooks/post.ts'
import type { World } from '../../../src/world/world.ts'

const LAUNCH = fileURLToPath(new URL('../../../src/launch.js', import.meta.url))
const STARTS_WITHIN_MS = 30_000

/** `weighbridge serve` as an operator starts it, against a world on ports, one process after another on one folder. */
export interface RealProcess {
  /** Resolves when it listens. */
  start(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** The next delivery that is answered is the last thing that the process does. */
  killAfterNextAnswer(): void
  /** Memory that is resident, bytes; Linux only. */
  residentBytes(): number
  /** What it has printed, all processes together. */
  readonly said: string
}

export interface RealPlace {
  readonly world: World
  readonly home: string
  readonly fileRoot: string
}

/** Puts the world on ports as an Enterprise Server and gets the process ready; webhooks go there from now on. */
export async function realProcess({ world, home, fileRoot }: RealPlace): Promise<RealProcess> {
  const { githubUrl } = await world.listens()
  Object.assign(world.github.state.settings, { apiUrl: `${githubUrl}/api/v3`, htmlUrl: githubUrl })
  const port = await freePort()
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    APP_ID: String(world.app.id),
    PRIVATE_KEY: world.app.privateKey,
    WEBHOOK_SECRET: world.app.webhookSecret,
    GHE_HOST: new URL(githubUrl).host,
    GHE_PROTOCOL: 'http',
    PORT: String(port),
    WEIGHBRIDGE_HOME: home,
    WEIGHBRIDGE_FILE_ROOT: fileRoot,
    LOG_LEVEL: process.env.APP_LOG ?? 'warn',
  }
  let [child, said, diesNext]: [ChildProcess | null, string, boolean] = [null, '', false]
  const ended = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const one = child
    child = null
    if (one === null || one.exitCode !== null || one.signalCode !== null) return one?.exitCode ?? null
    one.kill(signal)
    await once(one, 'exit')
    return one.exitCode
  }
  const courier: Courier = {
    async deliver(delivery) {
      const status = await httpCourier.deliver(delivery)
      if (diesNext) {
        diesNext = false
        await ended('SIGKILL')
      }
      return status
    },
  }
  world.webhooksTo(`http://127.0.0.1:${port}/api/github/webhooks`)
  world.webhooksTo(courier)
  return {
    async start() {
      const one = spawn(process.execPath, [LAUNCH, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      child = one
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const hear = (chunk: Buffer) => {
        said += chunk
        if (String(chunk).includes('listens on')) resolve()
      }
      one.stdout.on('data', hear)
      one.stderr.on('data', hear)
      one.once('exit', () => reject(new Error(`weighbridge serve ended before it listened:\n${said.slice(-2000)}`)))
      const timer = setTimeout(() => reject(new Error(`it did not listen:\n${said.slice(-2000)}`)), STARTS_WITHIN_MS)
      await promise.finally(() => clearTimeout(timer))
    },
    kill: async () => void (await ended('SIGKILL')),
    stop: () => ended('SIGTERM'),
    killAfterNextAnswer: () => {
      diesNext = true
    },
    residentBytes: () => {
      const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child?.pid}/status`, 'utf8')) ?? []
      return Number(kilobytes) * 1024
    },
    get said() {
      return said
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return port
}
