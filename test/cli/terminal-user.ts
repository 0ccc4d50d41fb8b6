import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { parseCommand } from '../../src/cli/parse.ts'
import { openTerminal } from '../../src/cli/terminal.ts'
import { explain } from '../../src/cli/trouble.ts'
import { columnsOf } from '../support/rows.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const LAUNCH = join(ROOT, 'src/launch.js')

export interface Answer {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Surroundings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly node?: string
}

/** Types a command and waits for its answer: the real program in a process of its own. */
export function weighbridge(args: readonly string[], surroundings: Surroundings = {}): Promise<Answer> {
  return answerOf(start(args, surroundings))
}

/** Types a command in this process, which costs no start of a program. */
export async function typesHere(args: readonly string[], cwd: string): Promise<Answer> {
  const out: string[] = []
  const err: string[] = []
  const into = (lines: string[]) => ({ write: (text: string) => lines.push(text) > 0 }) as unknown as NodeJS.WriteStream
  const terminal = openTerminal(into(out), into(err), {})
  const [name, ...rest] = args
  const spec = COMMANDS.find((one) => one.name === name)
  if (spec === undefined) throw new Error(`there is no command ${name}`)
  const run = async () => (await spec.load()).run(parseCommand(spec, rest, cwd, terminal))
  const code = await run().catch((error: unknown) => explain(error, terminal, rest.includes('--json')))
  return { code, out: out.join(''), err: err.join('') }
}

/** Starts a command and leaves it running. */
export function start(args: readonly string[], { cwd = ROOT, env = {}, node }: Surroundings = {}): ChildProcess {
  const child = spawn(node ?? process.execPath, [LAUNCH, ...args], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return child
}

/** Runs a line of shell, with `weighbridge` on the PATH. */
export function shell(line: string, cwd: string): Promise<Answer> {
  const program = `weighbridge() { "${process.execPath}" "${LAUNCH}" "$@"; }; set -o pipefail; ${line}`
  return answerOf(spawn('bash', ['-c', program], { cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] }))
}

export function answerOf(child: ChildProcess): Promise<Answer> {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** What a shell would have; nothing of npm or vitest, which run this test. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|VITEST|NODE_|FORCE_COLOR)/.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: undefined, GIT_CONFIG_GLOBAL: '/dev/null' }
}

/** An empty folder that goes when the test ends. */
export function emptyFolder(): string {
  const folder = scratch()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty folder for a whole file of tests; the caller removes it. */
export function scratch(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'weighbridge-cli-test-')))
}

/** Predictions of a version of the adult model on the first 500 rows of its exam, as a newcomer would have them. */
export async function writePredictions(folder: string, name: string, version: string, rows = 500): Promise<void> {
  const names = ['row_id', 'label', 'sex', 'score']
  const columns = await columnsOf(`adult/predictions/${version}.parquet`, names)
  const order = (columns.row_id ?? []).map((id, at) => [Number(id), at] as const).sort(([a], [b]) => a - b)
  const lines = order.slice(0, rows).map(([, at]) => names.map((column) => columns[column]?.[at]).join(','))
  writeFileSync(join(folder, name), `${[names.join(','), ...lines].join('\n')}\n`)
}
