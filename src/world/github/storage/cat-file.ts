import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { environment, SAFE } from '../../../adapters/checkout/git.ts'
import { atEnd } from '../../../adapters/job-folder.ts'
import type { GitObject } from './git-storage.ts'

interface Waiting {
  readonly resolve: (object: GitObject | null) => void
  readonly reject: (error: Error) => void
}

/** One long-lived `git cat-file --batch`: objects by id, in the order asked. */
export class CatFile {
  readonly #folder: string
  readonly #waiting: Waiting[] = []
  #child: ChildProcessWithoutNullStreams | null = null
  #forget: () => void = () => undefined
  #rest: Buffer = Buffer.alloc(0)
  #chunks: Buffer[] = []
  #missing = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  read(oid: string): Promise<GitObject | null> {
    const child = this.#child ?? this.#start()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      child.stdin.write(`${oid}\n`)
    })
  }

  close(): void {
    this.#forget()
    this.#child?.kill('SIGKILL')
    this.#child = null
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', [...SAFE, 'cat-file', '--batch'], { cwd: this.#folder, env: environment() })
    this.#child = child
    this.#forget = atEnd(() => child.kill('SIGKILL'))
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk))
    child.stdin.on('error', () => undefined)
    child.on('error', (cause) => this.#fail(cause))
    child.on('close', () => this.#fail(new Error(`git cat-file ended in ${this.#folder}`)))
    return child
  }

  #fail(error: Error): void {
    this.#child = null
    this.#rest = Buffer.alloc(0)
    this.#chunks = []
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#missing -= chunk.length
    // a large object comes in many pieces: put together once, when all are there
    if (this.#missing > 0) return
    this.#rest = Buffer.concat([this.#rest, ...this.#chunks])
    this.#chunks = []
    while (this.#answerOne());
  }

  #answerOne(): boolean {
    const end = this.#rest.indexOf(10)
    if (end < 0) return false
    const [, type, size] = this.#rest.toString('latin1', 0, end).split(' ')
    if (size === undefined) return this.#answer(null, end + 1)
    const next = end + 1 + Number(size) + 1
    this.#missing = Math.max(0, next - this.#rest.length)
    if (this.#missing > 0) return false
    const bytes = Buffer.from(this.#rest.subarray(end + 1, next - 1))
    return this.#answer({ type: type as GitObject['type'], bytes }, next)
  }

  #answer(object: GitObject | null, next: number): boolean {
    this.#rest = this.#rest.subarray(next)
    this.#waiting.shift()?.resolve(object)
    return this.#rest.length > 0
  }
}
