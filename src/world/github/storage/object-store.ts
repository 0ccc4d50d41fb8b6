import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { git } from '../../../adapters/checkout/git.ts'
import { CatFile } from './cat-file.ts'
import { encodeObject } from './git-objects.ts'
import type { GitObject } from './git-storage.ts'

const KEPT_BYTES = 64 * 1024 * 1024
const KEPT_OBJECT_BYTES = 256 * 1024

/**
 * The Git objects of a network of forks, and every answer that depends on nothing but them.
 *
 * Objects never change, so what was read or computed once is true for ever, in every copy of the world.
 */
export class ObjectStore {
  /** A bare repository without refs. */
  readonly folder: string
  readonly #reader: CatFile
  readonly #objects = new Map<string, GitObject>()
  readonly #answers = new Map<string, Promise<unknown>>()
  #bytes = 0
  #written = 0
  #users = 1

  constructor(folder: string) {
    this.folder = folder
    this.#reader = new CatFile(folder)
    writeBareRepository(folder, 'main')
    mkdirSync(join(folder, 'objects', 'pack'), { recursive: true })
    mkdirSync(join(folder, 'objects', 'info'), { recursive: true })
  }

  async read(oid: string): Promise<GitObject | null> {
    if (!/^[0-9a-f]{40}$/.test(oid)) return null
    const known = this.#objects.get(oid)
    if (known !== undefined) return known
    const object = await this.#reader.read(oid)
    if (object !== null) this.#keep(oid, object)
    return object
  }

  /** Writes a loose object, as `git hash-object -w` would, without a process. */
  write(object: GitObject): string {
    const { oid, bytes } = encodeObject(object)
    const folder = join(this.folder, 'objects', oid.slice(0, 2))
    const path = join(folder, oid.slice(2))
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true })
      const draft = join(folder, `tmp_obj_${process.pid}_${this.#written++}`)
      writeFileSync(draft, deflateSync(bytes, { level: 1 }), { mode: 0o444 })
      renameSync(draft, path)
    }
    this.#keep(oid, object)
    return oid
  }

  /** The answer to a question about objects only, asked once. */
  remember<T>(question: string, answer: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question) as Promise<T> | undefined
    if (known !== undefined) return known
    const asked = answer()
    this.#answers.set(question, asked)
    // a commit that is missing now may be pushed later
    asked.catch(() => this.#answers.delete(question))
    return asked
  }

  git(args: readonly string[]): Promise<string> {
    return git(this.folder, args)
  }

  share(): this {
    this.#users += 1
    return this
  }

  release(): void {
    this.#users -= 1
    if (this.#users === 0) this.#reader.close()
  }

  #keep(oid: string, object: GitObject): void {
    if (object.bytes.length > KEPT_OBJECT_BYTES || this.#objects.has(oid)) return
    if (this.#bytes > KEPT_BYTES) {
      this.#objects.clear()
      this.#bytes = 0
    }
    this.#objects.set(oid, object)
    this.#bytes += object.bytes.length
  }
}

/** What `git init --bare` leaves, without a process; `objects` is the caller's. */
export function writeBareRepository(folder: string, branch: string): void {
  mkdirSync(join(folder, 'refs', 'heads'), { recursive: true })
  writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${branch}\n`)
  writeFileSync(join(folder, 'config'), CONFIG)
}

const CONFIG = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	logAllRefUpdates = false
[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[transfer]
	fsckObjects = true
[gc]
	auto = 0
[receive]
	autogc = false
`
