import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after } from '../../../clock.ts'
import { readCommandFile } from './command-file.ts'
import type { JobRoom } from './job-room.ts'
import { runProcess } from './run-process.ts'

export interface StepRun {
  readonly end: 'success' | 'failure' | 'cancelled'
  readonly outputs: Readonly<Record<string, string>>
  readonly state?: Readonly<Record<string, string>>
}

export interface ScriptedStep {
  readonly script: string
  readonly shell: string | null
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
  readonly name: string
}

const SHELLS: Readonly<Record<string, readonly [string, string]>> = {
  bash: ['bash --noprofile --norc -eo pipefail {0}', '.sh'],
  sh: ['sh -e {0}', '.sh'],
  python: ['python3 {0}', '.py'],
}
const DEFAULT_SHELL = ['bash -e {0}', '.sh'] as const

/** A `run:` step. */
export async function runScript(room: JobRoom, step: ScriptedStep): Promise<StepRun> {
  const { shell } = step
  const form = shell === null ? DEFAULT_SHELL : (SHELLS[shell] ?? (shell.includes('{0}') ? [shell, ''] : null))
  if (form === null) return refuse(room, `Invalid shell option '${shell}': bash, sh, python, or a form with {0}.`)
  const path = join(room.folders.temp, `${randomUUID()}${form[1]}`)
  writeFileSync(path, `${step.script}\n`)
  const [command = 'bash', ...args] = (form[0] ?? '').split(/\s+/).map((part) => part.replace('{0}', path))
  return runCommand(room, { ...step, command, args })
}

export interface CommandStep extends Omit<ScriptedStep, 'script' | 'shell'> {
  readonly command: string
  readonly args: readonly string[]
}

/** Summaries larger than this are not kept. */
const MOST_SUMMARY_BYTES = 1024 * 1024

/** A process of a step, with the files by which it talks to its runner. */
export async function runCommand(room: JobRoom, step: CommandStep): Promise<StepRun> {
  const folder = resolve(room.folders.workspace, step.folder)
  if (!existsSync(folder)) return refuse(room, `The working directory '${folder}' is not there.`)
  const files = commandFiles(room)
  const running = runProcess({
    command: step.command,
    args: step.args,
    cwd: folder,
    env: { ...processEnvironment(room, step.env), ...files.env },
    onLine: (line) => room.log.hear(line),
  })
  let isTimedOut = false
  const callOff =
    step.timeoutMs === null
      ? () => undefined
      : after(room.github.clock, step.timeoutMs, () => {
          isTimedOut = true
          running.signal('SIGKILL')
        })
  const { code, problem } = await room.stop.holding(running, running.done).finally(callOff)
  const said = files.read()
  const { outputs, state } = said
  if (room.stop.reason !== null && code !== 0) return { end: 'cancelled', outputs, state }
  const why = isTimedOut
    ? `The action '${step.name}' has timed out after ${(step.timeoutMs ?? 0) / 60_000} minutes.`
    : (problem ?? said.problem ?? (code === 0 ? null : `Process completed with exit code ${code}.`))
  return why === null ? { end: 'success', outputs, state } : { ...refuse(room, why), outputs, state }
}

/** A step that fails, with why. */
export function refuse(room: JobRoom, why: string): StepRun {
  room.log.write(`##[error]${why}`)
  room.log.annotate('failure', why)
  return { end: 'failure', outputs: {} }
}

export function processEnvironment(
  room: JobRoom,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const all = { ...room.base, ...Object.fromEntries(room.env), ...env }
  return { ...all, PATH: [...room.paths, all.PATH].join(':') }
}

function commandFiles(room: JobRoom) {
  const folder = join(room.folders.temp, '_runner_file_commands')
  mkdirSync(folder, { recursive: true })
  const id = randomUUID()
  const paths = Object.fromEntries(
    ['ENV', 'OUTPUT', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => {
      const path = join(folder, `${name.toLowerCase()}_${id}`)
      writeFileSync(path, '')
      return [name, path]
    }),
  )
  const text = (name: string) => readFileSync(paths[name] ?? '', 'utf8')
  return {
    env: Object.fromEntries(Object.entries(paths).map(([name, path]) => [`GITHUB_${name}`, path])),
    /** What the step left, the environment of the steps to come with it. */
    read: () => {
      try {
        for (const [name, value] of readCommandFile(text('ENV'))) mayBeSet(room, name, value)
        room.paths.unshift(
          ...text('PATH')
            .split('\n')
            .filter((line) => line !== '')
            .reverse(),
        )
        keepSummary(room, paths.STEP_SUMMARY ?? '')
        const outputs = Object.fromEntries(readCommandFile(text('OUTPUT')))
        return { outputs, state: Object.fromEntries(readCommandFile(text('STATE'))), problem: null }
      } catch (error) {
        return { outputs: {}, state: {}, problem: `Unable to process file command: ${(error as Error).message}` }
      }
    },
  }
}

/** A step may not set what would run in another's place. */
function mayBeSet(room: JobRoom, name: string, value: string): void {
  if (name === 'NODE_OPTIONS') throw new Error(`Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`)
  if (name.startsWith('GITHUB_') || name.startsWith('RUNNER_')) room.log.write(`##[warning]${name} stays as it is`)
  else room.env.set(name, value)
}

function keepSummary(room: JobRoom, path: string): void {
  const { size } = statSync(path)
  if (size === 0) return
  const why = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(size / 1024)}k`
  if (size > MOST_SUMMARY_BYTES) room.log.annotate('failure', why)
  else room.summaries.push(room.log.masked(readFileSync(path, 'utf8')))
}
