import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBareRepository } from './storage/object-store.ts'
import { Refs } from './storage/refs.ts'

export interface Shadow {
  readonly folder: string
  tip(ref: string): string | null
}

/** A copy of a bare repository that has its own refs and the same objects; it goes when the work is done. */
export async function withShadow<T>(folder: string, work: (shadow: Shadow) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'weighbridge-push-'))
  try {
    writeBareRepository(copy, 'main')
    writeFileSync(join(copy, 'HEAD'), readFileSync(join(folder, 'HEAD')))
    symlinkSync(realpathSync(join(folder, 'objects')), join(copy, 'objects'))
    const lines = [...new Refs(folder).all('refs/')].map(([ref, oid]) => `${oid} ${ref}\n`)
    writeFileSync(join(copy, 'packed-refs'), lines.join(''))
    const refs = new Refs(copy)
    return await work({ folder: copy, tip: (ref) => refs.tip(ref) })
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 3 })
  }
}
