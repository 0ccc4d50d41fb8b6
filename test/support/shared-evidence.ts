import { existsSync, globSync, linkSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Sealed evidence below a folder: two digits, then the key. */
const EVIDENCE = '??/*.json'

/** Puts everything that others have computed into a place; links, because evidence is never changed. */
export function lendEvidence(shared: string, place: string): void {
  link(shared, place)
}

/** Keeps what was computed in a place for those who come later. */
export function keepEvidence(place: string, shared: string): void {
  if (existsSync(place)) link(place, shared)
}

function link(from: string, to: string): void {
  for (const path of globSync(EVIDENCE, { cwd: from })) {
    if (existsSync(join(to, path))) continue
    mkdirSync(dirname(join(to, path)), { recursive: true })
    linkOnce(join(from, path), join(to, path))
  }
}

/** Two processes may keep the same key at once; what they keep is the same. */
function linkOnce(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
