/** Lines of a file, from 1, both ends included. */
export interface ShownLines {
  readonly start: number
  readonly end: number
}

/** A version that a manifest names. */
export interface NamedVersion {
  readonly model: string
  readonly version: string
}

const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm
const MODEL = /weighbridge\.dev\/model["']?\s*:\s*["']?([a-z0-9-]+)/g
const VERSION = /weighbridge\.dev\/version["']?\s*:\s*["']?([0-9][0-9A-Za-z.-]*)/g

/** Lines of the new file that a diff shows. */
export function shownLines(patch: string): readonly ShownLines[] {
  return [...patch.matchAll(HUNK)].flatMap(([, at, many]) => {
    const [start, count] = [Number(at), many === undefined ? 1 : Number(many)]
    return count === 0 ? [] : [{ start, end: start + count - 1 }]
  })
}

/** Versions before and after, as far as a diff of a manifest shows them: a guess that only saves round trips. */
export function versionsIn(patch: string): readonly NamedVersion[] {
  const named = (pattern: RegExp) => [...new Set([...patch.matchAll(pattern)].map(([, name = '']) => name))].slice(0, 4)
  return named(MODEL).flatMap((model) => named(VERSION).map((version) => ({ model, version })))
}
