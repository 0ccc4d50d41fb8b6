import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { LAUNCH } from '../cli/terminal-user.ts'

/** A block of shell in a page for people, by the name before it. */
export interface Steps {
  /** The lines of one step; a name that the page has not is a story that has lost its page. */
  of(name: string): string
  readonly names: readonly string[]
}

const README = new URL('../../README.md', import.meta.url)
const FIXTURES = new URL('../fixtures/', import.meta.url)

/** What stands between `<!-- <name> -->` and its end in the README, or in the fixture of that name until it stands there. */
export function stepsOf(name: string): Steps {
  const part = new RegExp(`<!-- ${name} -->\n([\\s\\S]+?)<!-- /${name} -->`)
  const fixture = new URL(`${name}.md`, FIXTURES)
  const texts = [README, ...(existsSync(fixture) ? [fixture] : [])].map((url) => readFileSync(url, 'utf8'))
  const text = texts.flatMap((one) => part.exec(one)?.[1] ?? []).at(0) ?? ''
  const steps = new Map([...text.matchAll(/<!-- step: (\w+) -->\n```sh\n([\s\S]+?)\n```/g)].map(([, a, b]) => [a, b]))
  return {
    names: [...steps.keys()].map(String),
    of: (step) => {
      const lines = steps.get(step)
      if (lines === undefined) throw new Error(`the page "${name}" has no step "${step}"`)
      return lines
    },
  }
}

/** A program that somebody has typed and that goes on. */
export interface Running {
  /** All that was said, once these words are among it. */
  says(words: string): Promise<string>
  readonly said: string
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  /** What Ctrl-C does: the program and all that it has started. */
  interrupt(): Promise<number | null>
}

const SAYS_WITHIN_MS = 60_000

/** Types lines into a shell that has `weighbridge`, and nothing of this process but what `env` names. */
export function types(lines: string, cwd: string, env: Readonly<Record<string, string>>): Running {
  const program = `set -eo pipefail; weighbridge() { "${process.execPath}" "${LAUNCH}" "$@"; }; ${lines}`
  const child = spawn('bash', ['-c', program], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    get said() {
      return said
    },
    ended,
    says: (words) => heard(child, () => said, words),
    interrupt: async () => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
      return ended
    },
  }
}

async function heard(child: ChildProcess, said: () => string, words: string): Promise<string> {
  for (const began = performance.now(); !said().includes(words); await pause(25)) {
    if (child.exitCode !== null) throw new Error(`it ended and never said "${words}":\n${said().slice(-3000)}`)
    if (performance.now() - began > SAYS_WITHIN_MS) throw new Error(`it never said "${words}":\n${said().slice(-3000)}`)
  }
  return said()
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
