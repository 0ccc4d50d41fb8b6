import { join } from 'node:path'
import { InvalidOperatorFile } from '../adapters/operator/operator-file.ts'
import { keepHeapLean } from '../app/lean-heap.ts'
import { homeFolder, readSettings } from '../app/settings.ts'
import { ENV_FILE, isSetUp } from '../app/setup/keep-app.ts'
import { type App, openApp } from '../app.ts'
import { type CommandInput, EXIT, InvalidCommand, InvalidRecord } from './command.ts'

/** Runs the GitHub App until it is told to end; what has begun is ended or given back first. */
export async function run(input: CommandInput): Promise<number> {
  loadSetUpApp()
  const reading = readSettings(process.env)
  if (!reading.ok) throw new InvalidCommand(reading.problems.join('\n'), 'Mend the environment, then start again.')
  keepHeapLean()
  const app = opened(() => openApp({ settings: reading.settings }))
  const ended = untilSignal()
  await app.start()
  const { host, publicUrl } = reading.settings
  input.terminal.line(`Weighbridge listens on ${host}:${app.port}, reached at ${publicUrl}. Ctrl-C ends.`)
  await ended
  await app.stop()
  return EXIT.passed
}

/** What `setup` has kept; a variable that is set already stands. */
function loadSetUpApp(): void {
  const home = homeFolder(process.env)
  if (process.env.APP_ID === undefined && isSetUp(home)) process.loadEnvFile(join(home, ENV_FILE))
}

/** What is wrong before anything runs is the operator's to mend. */
function opened(open: () => App): App {
  try {
    return open()
  } catch (error) {
    if (error instanceof InvalidOperatorFile) throw new InvalidRecord(error.mistakes)
    const isOfKeys = error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined
    if (!isOfKeys) throw error
    throw new InvalidCommand((error as Error).message, 'Mend the operator’s file or the file that it names.')
  }
}

/** The first signal ends in good order, the second at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal)
      process.once(signal, () => resolve())
    }
  })
}
