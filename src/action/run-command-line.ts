import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandSpec, InvalidRecord } from '../cli/command.ts'
import { parseCommand } from '../cli/parse.ts'
import type { Terminal } from '../cli/terminal.ts'
import { explain } from '../cli/trouble.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Page } from '../report/page/page.ts'
import type { AskedCommand } from './asked-command.ts'
import type { StepContext } from './step-context.ts'

/** How a command of the command line ended. */
export interface CommandLineRun {
  readonly exit: number
  /** Its JSON document; null when it could not make one. */
  readonly document: object | null
  /** The same for people, where the command has a page. */
  readonly page: Page | null
  /** What it complained of, a line each. */
  readonly complaints: readonly string[]
  readonly mistakes: readonly Mistake[]
}

/** Wide enough for tables; the runner's log is not wrapped. */
export const LOG_COLUMNS = 120

/** Runs a command of the command line in this process, as `--json` would, and keeps what it says. */
export async function runCommandLine(
  spec: CommandSpec,
  args: readonly string[],
  { folder, log }: StepContext,
): Promise<CommandLineRun> {
  const kept: { document: object | null; page: Page | null } = { document: null, page: null }
  const complaints: string[] = []
  const mistakes: Mistake[] = []
  const terminal = keepingTerminal(kept, complaints, log)
  const attempt = async () => {
    const { run } = await spec.load()
    return run(parseCommand(spec, ['--json', ...args], folder, terminal))
  }
  const exit = await attempt().catch((error: unknown) => {
    if (error instanceof InvalidRecord) mistakes.push(...error.mistakes)
    return explain(error, terminal, false)
  })
  const problems = problemsIn(kept.document)
  if (problems === null) return { exit, ...kept, complaints, mistakes }
  for (const problem of problems) terminal.complain(problem)
  return { exit, document: null, page: null, complaints, mistakes }
}

function keepingTerminal(
  kept: { document: object | null; page: Page | null },
  complaints: string[],
  log: StepContext['log'],
): Terminal {
  return {
    line: (text = '') => log(text),
    document: (value) => {
      kept.document = value as object
    },
    page: (page) => {
      kept.page = page
    },
    complain: (text) => {
      complaints.push(text)
      log(text)
    },
    progress: nowAndThen(log),
    style: (_style, text) => text,
    columns: LOG_COLUMNS,
  }
}

const BETWEEN_LINES_MS = 10_000

/** A log cannot be wiped as a terminal can: a line of what is being done, no more often than a person wants to read. */
function nowAndThen(log: StepContext['log']): Terminal['progress'] {
  let last = Date.now()
  return (text) => {
    if (text === null || Date.now() - last < BETWEEN_LINES_MS) return
    last = Date.now()
    log(text)
  }
}

/** A command that refuses with --json says so in its document. */
function problemsIn(document: object | null): readonly string[] | null {
  const { schema, error } = (document ?? {}) as { readonly schema?: string; readonly error?: ErrorDocument }
  if (schema !== 'weighbridge.error/v1' || error === undefined) return null
  const lines = (error.problems ?? []).map(({ where, what, mend }) => `${where}: ${what}. ${mend}`)
  return [...lines, `weighbridge: ${error.message}.`]
}

interface ErrorDocument {
  readonly message: string
  readonly problems?: readonly { readonly where: string; readonly what: string; readonly mend: string }[]
}

/** The arguments that the inputs stand for; no value can be taken for an option. */
export function argumentsOf(spec: CommandSpec, { inputs }: AskedCommand): readonly string[] {
  const isFlag = (name: string) => spec.options[name]?.type === 'boolean'
  const isArgument = (name: string) => name !== 'repo' && !Object.hasOwn(spec.options, name)
  const options = [...inputs].flatMap(([name, values]) => {
    if (isArgument(name)) return []
    if (isFlag(name)) return values[0] === 'true' ? [`--${name}`] : []
    return values.map((value) => `--${name}=${value}`)
  })
  const positionals = [...inputs].flatMap(([name, values]) => (isArgument(name) ? values : []))
  return [...options, ...(positionals.length === 0 ? [] : ['--', ...positionals])]
}

/** Writes the document where later steps find it; its path. */
export function keepDocument(name: string, document: object, { env }: StepContext): string {
  const folder = mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), 'weighbridge-'))
  const path = join(folder, `${name}.json`)
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`)
  return path
}
