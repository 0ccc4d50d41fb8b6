import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes by their sha256: immutable, so snapshots share them. */
export interface Bodies {
  keep(bytes: Buffer): string
  read(sha256: string): Buffer
}

export function bodiesInMemory(): Bodies {
  const kept = new Map<string, Buffer>()
  return {
    keep(bytes) {
      const name = sha256Of(bytes)
      if (!kept.has(name)) kept.set(name, Buffer.from(bytes))
      return name
    },
    read: (name) => kept.get(name) ?? lost(name),
  }
}

/** One file a body, written beside its place and then moved: there is never half of one. */
export function bodiesInFolder(folder: string): Bodies {
  mkdirSync(folder, { recursive: true })
  return {
    keep(bytes) {
      const name = sha256Of(bytes)
      const place = join(folder, name)
      if (existsSync(place)) return name
      writeFileSync(`${place}.${process.pid}.part`, bytes)
      renameSync(`${place}.${process.pid}.part`, place)
      return name
    },
    read: (name) => readFileSync(join(folder, name)),
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function lost(name: string): never {
  throw new Error(`the body ${name} was never kept`)
}
