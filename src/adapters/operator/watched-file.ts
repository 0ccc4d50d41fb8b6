import { readFileSync, statSync } from 'node:fs'

/** A file that is read again when it has changed; a reading that fails leaves the last sound one in force. */
export interface WatchedFile<Value> {
  current(): Value
}

/**
 * Reads a file now, and again whenever its time or size has changed.
 *
 * @param told  hears why a changed file was not taken over
 * @throws whatever `parse` or the file system throws, at the first reading only
 */
export function watchFile<Value>(
  path: string,
  parse: (bytes: Buffer) => Value,
  told: (because: unknown) => void,
): WatchedFile<Value> {
  let seen = stampOf(path)
  let value = parse(readFileSync(path))
  return {
    current: () => {
      try {
        const stamp = stampOf(path)
        if (stamp === seen) return value
        seen = stamp
        value = parse(readFileSync(path))
      } catch (error) {
        told(error)
      }
      return value
    },
  }
}

function stampOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path)
  return `${mtimeMs} ${size} ${ino}`
}
