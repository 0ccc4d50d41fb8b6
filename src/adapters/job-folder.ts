import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()
const endings = new Set<() => void>()

/** A temporary folder of one job; it goes when the job ends, the process exits or is interrupted. */
export function openJobFolder(): { readonly path: string; close(): void } {
  const path = mkdtempSync(join(tmpdir(), 'weighbridge-'))
  folders.add(path)
  return { path, close: () => remove(path) }
}

/** Something that must happen when the work ends, however it ends: a child to kill, a server to close. */
export function atEnd(ending: () => void): () => void {
  endings.add(ending)
  return () => endings.delete(ending)
}

/** Ends what is open: children first, then folders. */
export function endWork(): void {
  for (const ending of endings) ending()
  endings.clear()
  for (const folder of folders) remove(folder)
}

/** On Ctrl-C and its like: end the work, leave nothing behind, exit as shells expect. */
export function interruptible(before: () => void): void {
  // not once: a second Ctrl-C must not end the process before its folders are gone
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => {
      before()
      endWork()
      process.exit(code)
    })
  process.once('exit', endWork)
}

function remove(folder: string): void {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
