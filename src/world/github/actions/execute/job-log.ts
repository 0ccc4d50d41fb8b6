import type { JobAnnotation } from '../../github-state.ts'
import { readCommand, type WorkflowCommand } from './workflow-command.ts'

/** GitHub keeps this many annotations of each kind for a step. */
const MOST_OF_A_KIND = 10
/** A log is cut in the middle of nothing: its oldest lines go. */
const MOST_CHARACTERS = 4 * 1024 * 1024

const LEVELS = { error: 'failure', warning: 'warning', notice: 'notice' } as const

/** What a job says, line by line, with its secrets made unreadable and its commands understood. */
export class JobLog {
  readonly #now: () => number
  readonly #masks = new Set<string>()
  readonly #annotations: JobAnnotation[] = []
  #lines: string[] = []
  #size = 0
  /** Commands are text until this word is said. */
  #stopped: string | null = null
  #counts = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  get text(): string {
    return this.#lines.join('')
  }

  get annotations(): readonly JobAnnotation[] {
    return this.#annotations
  }

  beginStep(): void {
    this.#counts = new Map()
    this.#stopped = null
  }

  /** Each line of a secret is one, as nobody prints it whole. */
  mask(secret: string): void {
    for (const line of secret.split(/\r?\n/)) if (line.trim() !== '') this.#masks.add(line)
  }

  masked(text: string): string {
    const longestFirst = [...this.#masks].sort((one, other) => other.length - one.length)
    return longestFirst.reduce((all, secret) => all.replaceAll(secret, '***'), text)
  }

  write(line: string): void {
    const text = `${new Date(this.#now()).toISOString()} ${this.masked(line)}\n`
    this.#lines.push(text)
    this.#size += text.length
    while (this.#size > MOST_CHARACTERS) this.#size -= this.#lines.shift()?.length ?? 0
  }

  /** A line of a program: a command does what it says, everything else is written. */
  hear(line: string): void {
    const command = this.#commandIn(line)
    if (command === null) this.write(line)
    else this.#obey(command, line)
  }

  #obey({ name, data, properties }: WorkflowCommand, line: string): void {
    if (name === 'add-mask') this.mask(data)
    else if (name === 'stop-commands') this.#stopped = data
    else if (name === 'error' || name === 'warning' || name === 'notice') {
      this.annotate(LEVELS[name], data, properties)
      this.write(`##[${name}]${data}`)
    } else if (name === 'group') this.write(`##[group]${data}`)
    else if (name === 'endgroup') this.write('##[endgroup]')
    else if (name !== 'debug') this.write(line)
  }

  annotate(
    level: JobAnnotation['annotation_level'],
    message: string,
    { file, title, line, endLine }: Readonly<Record<string, string>> = {},
  ): void {
    const count = this.#counts.get(level) ?? 0
    if (count >= MOST_OF_A_KIND) return
    this.#counts.set(level, count + 1)
    const start = Number(line) || 1
    this.#annotations.push({
      annotation_level: level,
      message: this.masked(message),
      path: file ?? '.github',
      start_line: start,
      end_line: Math.max(start, Number(endLine) || start),
      title: title === undefined ? null : this.masked(title),
    })
  }

  #commandIn(line: string) {
    if (this.#stopped === null) return readCommand(line)
    if (line.trim() === `::${this.#stopped}::`) this.#stopped = null
    return null
  }
}
