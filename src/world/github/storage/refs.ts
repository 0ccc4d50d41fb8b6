import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { environment, GitFailure, SAFE } from '../../../adapters/checkout/git.ts'
import { atEnd } from '../../../adapters/job-folder.ts'
import type { RefChange } from './git-storage.ts'

const NONE = '0'.repeat(40)

/**
 * The refs of one bare repository, in Git's own files. One ref that moves is written as Git writes it, lock and rename;
 * everything else is left to a long-lived `git update-ref --stdin`.
 */
export class Refs {
  readonly #folder: string
  #child: ChildProcessWithoutNullStreams | null = null
  #forget: () => void = () => undefined
  #said = ''
  #line = ''
  #waiting: ((isDone: boolean) => void) | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string) {
    this.#folder = folder
  }

  tip(ref: string): string | null {
    return this.#loose(ref) ?? this.#packed().get(ref) ?? null
  }

  all(prefix: string): ReadonlyMap<string, string> {
    const found = new Map(this.#packed())
    for (const ref of looseRefs(this.#folder, 'refs')) {
      const oid = this.#loose(ref)
      if (oid !== null) found.set(ref, oid)
    }
    const wanted = [...found].filter(([ref]) => ref.startsWith(prefix))
    return new Map(wanted.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** All or none; false when one of them is not where `from` says. */
  update(changes: readonly RefChange[]): Promise<boolean> {
    const next = this.#turn.then(() => this.#update(changes))
    this.#turn = next.catch(() => undefined)
    return next
  }

  close(): void {
    this.#forget()
    this.#child?.kill('SIGKILL')
    this.#child = null
  }

  async #update(changes: readonly RefChange[]): Promise<boolean> {
    for (const one of changes) if (!isSafeRef(one.ref) || !isOid(one.from) || !isOid(one.to)) throw unsafe(one)
    if (!this.#areWhereExpected(changes)) return false
    const [only, ...others] = changes
    if (only !== undefined && others.length === 0 && this.#moved(only)) return true
    const lines = changes.map((one) => `update ${one.ref} ${one.to ?? NONE} ${one.from ?? NONE}`)
    if (await this.#send(`start\n${lines.join('\n')}\nprepare\ncommit\n`)) return true
    if (!this.#areWhereExpected(changes)) return false
    throw new GitFailure('update-ref', this.#said.trim().replace(/^fatal: /, ''))
  }

  /** Whether one ref could be moved without Git: it is not when another one is in its way, or somebody holds its lock. */
  #moved({ ref, from, to }: RefChange): boolean {
    const isForGit = to === null ? this.#packed().has(ref) : from === null && this.#isInTheWay(ref)
    if (!/^refs\/(heads|tags|pull)\/./.test(ref) || isForGit) return false
    const path = join(this.#folder, ref)
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(`${path}.lock`, `${to}\n`, { flag: 'wx' })
    } catch {
      return false
    }
    const isStill = this.tip(ref) === from
    if (isStill && to !== null) renameSync(`${path}.lock`, path)
    else rmSync(`${path}.lock`)
    if (isStill && to === null) rmSync(path)
    return isStill
  }

  /** Whether a new ref would be a folder of others, or lie below another. */
  #isInTheWay(ref: string): boolean {
    const parts = ref.split('/')
    const above = parts.slice(3).map((_, index) => parts.slice(0, index + 3).join('/'))
    return (
      this.all(`${ref}/`).size > 0 || above.some((one) => this.tip(one) !== null) || isFolder(join(this.#folder, ref))
    )
  }

  #areWhereExpected(changes: readonly RefChange[]): boolean {
    return changes.every((one) => this.tip(one.ref) === one.from)
  }

  /** True when Git said that the transaction is committed; false when it gave up. */
  #send(transaction: string): Promise<boolean> {
    const child = this.#child ?? this.#start()
    this.#line = ''
    return new Promise((resolve) => {
      this.#waiting = resolve
      child.stdin.write(transaction)
    })
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', [...SAFE, 'update-ref', '--stdin'], { cwd: this.#folder, env: environment() })
    this.#child = child
    this.#said = ''
    this.#forget = atEnd(() => child.kill('SIGKILL'))
    child.stdout.on('data', (chunk: Buffer) => {
      this.#line += chunk.toString()
      if (this.#line.includes('commit: ok\n')) this.#answer(true)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString()
    })
    child.stdin.on('error', () => undefined)
    child.on('error', () => this.#end(child))
    child.on('close', () => this.#end(child))
    return child
  }

  #end(child: ChildProcessWithoutNullStreams): void {
    if (this.#child === child) this.#child = null
    this.#answer(false)
  }

  #answer(isDone: boolean): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.(isDone)
  }

  #loose(ref: string): string | null {
    if (!isSafeRef(ref)) return null
    const text = textAt(join(this.#folder, ref))
    return text !== null && /^[0-9a-f]{40}\n?$/.test(text) ? text.slice(0, 40) : null
  }

  #packed(): ReadonlyMap<string, string> {
    const text = textAt(join(this.#folder, 'packed-refs')) ?? ''
    const lines = text.split('\n').filter((line) => /^[0-9a-f]{40} /.test(line))
    return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]))
  }
}

/** Whether a name may be a ref: what `git check-ref-format` says, for full names below `refs/`. */
export function isSafeRef(ref: string): boolean {
  if (!/^refs\/[^/]/.test(ref) || ref.endsWith('/') || ref.endsWith('.')) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what may not be in a ref
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\//.test(ref)) return false
  return ref.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
}

function isOid(oid: string | null): boolean {
  return oid === null || /^[0-9a-f]{40}$/.test(oid)
}

function unsafe(change: RefChange): GitFailure {
  return new GitFailure('update-ref', `${change.ref} from ${change.from} to ${change.to} is no change of a ref`)
}

function looseRefs(folder: string, below: string): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = `${below}/${entry.name}`
    if (entry.isDirectory()) return looseRefs(folder, path)
    return entry.name.endsWith('.lock') ? [] : [path]
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function textAt(path: string): string | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}
