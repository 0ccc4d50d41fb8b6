import { readFileSync } from 'node:fs'
import { endWork, interruptible } from './adapters/job-folder.ts'
import { type CommandInput, EXIT, InvalidCommand } from './cli/command.ts'
import { COMMANDS } from './cli/commands.ts'
import { helpOf, overview } from './cli/help.ts'
import { parseCommand } from './cli/parse.ts'
import { openTerminal, type Terminal } from './cli/terminal.ts'
import { didYouMean } from './registry/did-you-mean.ts'

/** The terminal's door: reads the command line, runs one command, ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = openTerminal(process.stdout, process.stderr, process.env)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.passed)
  })
  interruptible(() => terminal.progress(null))
  process.exitCode = await answer(args, terminal)
  terminal.progress(null)
  endWork()
}

async function answer(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal)
  } catch (error) {
    const { explain } = await import('./cli/trouble.ts')
    return explain(error, terminal, args.includes('--json'))
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(rest[0], terminal)
  if (name === '--version' || name === '-v') return say(terminal, version())
  const spec = COMMANDS.find((command) => command.name === name)
  if (spec === undefined) throw unknownCommand(name)
  const input: CommandInput = parseCommand(spec, rest, calledFrom(), terminal)
  if (input.flag('help')) return say(terminal, helpOf(spec))
  const { run } = await spec.load()
  return run(input)
}

function help(name: string | undefined, terminal: Terminal): number {
  if (name === undefined) return say(terminal, overview(version()))
  const spec = COMMANDS.find((command) => command.name === name)
  if (spec === undefined) throw unknownCommand(name)
  return say(terminal, helpOf(spec))
}

function unknownCommand(name: string): InvalidCommand {
  const known = COMMANDS.map((command) => command.name)
  const near = didYouMean(name, known)
  return new InvalidCommand(
    `there is no command "${name}"`,
    `${near === null ? '' : `Did you mean ${near}? `}Commands: ${known.join(', ')}.`,
  )
}

function say(terminal: Terminal, text: string): number {
  terminal.line(text)
  return EXIT.passed
}

function version(): string {
  const file = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url))
  const text = file.map((url) => read(url)).find((one) => one !== null) ?? '{}'
  return String((JSON.parse(text) as { version?: string }).version ?? 'unknown')
}

function read(url: URL): string | null {
  try {
    return readFileSync(url, 'utf8')
  } catch {
    return null
  }
}

/** npm runs scripts in the package's folder and names the folder it was called from. */
function calledFrom(): string {
  const script = process.env.npm_lifecycle_event
  const initial = process.env.INIT_CWD
  return (script === 'weighbridge' || script === 'demo') && initial !== undefined ? initial : process.cwd()
}
