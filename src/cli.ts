import { existsSync } from 'node:fs'
import { engineVersion } from './adapters/evidence/engine-version.ts'
import { endWork, interruptible } from './adapters/job-folder.ts'
import { type CommandSpec, EXIT, InvalidCommand } from './cli/command.ts'
import { COMMANDS } from './cli/commands.ts'
import { helpDocument, helpOf, overview } from './cli/help.ts'
import { parseCommand } from './cli/parse.ts'
import { openTerminal, type Terminal } from './cli/terminal.ts'
import { suggest } from './registry/did-you-mean.ts'

/** The terminal's door: reads the command line, runs one command, ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = openTerminal(process.stdout, process.stderr, process.env)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endUnread)
  interruptible(() => terminal.progress(null))
  process.exitCode = await answer(args, terminal)
  terminal.progress(null)
  endWork()
}

/** Whoever read us has left, `| head -1`: quiet, and never 0 for a verdict that was not reached. */
function endUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(process.exitCode ?? EXIT.unread)
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
  const json = rest.includes('--json')
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return help(rest.find((word) => !word.startsWith('-')) ?? null, json, terminal)
  if (name === '--version' || name === '-v') return version(json, terminal)
  const spec = commandNamed(name)
  const input = parseCommand(spec, rest, calledFrom(), terminal)
  if (input.flag('help')) return help(name, input.json, terminal)
  if (spec.makesFolder !== true && !existsSync(input.folder))
    throw new InvalidCommand(`there is no folder ${input.folder}`, 'Give the folder of a repository with --repo DIR.')
  const { run } = await spec.load()
  return run(input)
}

function commandNamed(name: string): CommandSpec {
  const spec = COMMANDS.find((command) => command.name === name)
  if (spec !== undefined) return spec
  if (name.startsWith('-')) throw new InvalidCommand(`${name} stands before the command`, 'Options come after it.')
  throw new InvalidCommand(
    `there is no command "${name}"`,
    suggest(
      name,
      COMMANDS.map((command) => command.name),
      'Commands',
    ),
  )
}

function help(name: string | null, json: boolean, terminal: Terminal): number {
  const spec = name === null ? null : commandNamed(name)
  const engine = engineVersion()
  if (json) terminal.document(helpDocument(engine, spec === null ? COMMANDS : [spec]))
  else terminal.line(spec === null ? overview(engine, terminal.columns) : helpOf(spec, terminal.columns))
  return EXIT.passed
}

function version(json: boolean, terminal: Terminal): number {
  const engine = engineVersion()
  if (json) terminal.document({ schema: 'weighbridge.engine/v1', engine })
  else terminal.line(engine)
  return EXIT.passed
}

/** npm runs scripts in the package's folder and names the folder it was called from. */
function calledFrom(): string {
  const script = process.env.npm_lifecycle_event
  const initial = process.env.INIT_CWD
  return (script === 'weighbridge' || script === 'demo') && initial !== undefined ? initial : process.cwd()
}
