import { crc32, inflateRawSync } from 'node:zlib'
import { TooLarge, Unavailable } from '../../ports/unavailable.ts'

const MOST_FILES = 1000
/** Longest path in an archive, in bytes. */
const MOST_NAME = 255

const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50]
const END_BYTES = 22
const MOST_COMMENT = 65_535

/** One entry of an archive's directory: nothing of it is believed before it was looked at. */
interface Entry {
  readonly name: string
  readonly isFolder: boolean
  readonly isPlain: boolean
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly unpacked: number
  readonly at: number
}

/**
 * The files in a zip archive that somebody else made.
 *
 * Count, names and the sizes that it claims are checked before anything is unpacked, and no file may unpack to more than
 * it claims: a bomb costs what its directory costs to read. An unzip library stops only at the end of the packed bytes.
 *
 * @param called    for messages
 * @param maxBytes  of all files together, unpacked
 * @throws {Unavailable} when it is no whole archive, holds too much, or a name that is no plain path
 * @see PKWARE, APPNOTE.TXT 6.3.10, 4.3
 */
export function archiveFiles(called: string, archive: Buffer, maxBytes: number): ReadonlyMap<string, Uint8Array> {
  const entries = readable(called, () => entriesOf(called, archive))
  if (entries.reduce((sum, { unpacked }) => sum + unpacked, 0) > maxBytes) throw new TooLarge(called, maxBytes)
  const files = new Map<string, Uint8Array>()
  for (const entry of entries) {
    if (!isPlainPath(entry.name) || !entry.isPlain || files.has(entry.name))
      throw unfit(called, `holds a path that is refused: ${JSON.stringify(entry.name.slice(0, 80))}`)
    if (!entry.isFolder)
      files.set(
        entry.name,
        readable(called, () => unpacked(archive, entry)),
      )
  }
  return files
}

function entriesOf(called: string, archive: Buffer): readonly Entry[] {
  const end = endOf(archive)
  const count = archive.readUInt16LE(end + 10)
  if (count > MOST_FILES) throw unfit(called, `holds more than ${MOST_FILES} files`)
  const entries: Entry[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new RangeError('no entry where one should be')
    const nameBytes = archive.readUInt16LE(at + 28)
    if (nameBytes > MOST_NAME) throw unfit(called, `holds a path of ${nameBytes} bytes`)
    entries.push(entryAt(archive, at, nameBytes))
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  if (at !== end) throw new RangeError('the directory does not end where it should')
  return entries
}

/** Where the directory's end record begins: its comment reaches exactly to the end of the archive. */
function endOf(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - MOST_COMMENT)
  for (let at = archive.length - END_BYTES; at >= first; at--) {
    const isEnd = archive.readUInt32LE(at) === END
    if (isEnd && at + END_BYTES + archive.readUInt16LE(at + 20) === archive.length) return at
  }
  throw new RangeError('no directory')
}

function entryAt(archive: Buffer, at: number, nameBytes: number): Entry {
  const bytes = archive.subarray(at + 46, at + 46 + nameBytes)
  const name = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const isEncrypted = (archive.readUInt16LE(at + 8) & 1) === 1
  const kind = (archive.readUInt32LE(at + 38) >>> 16) & 0o170000
  return {
    name: name.endsWith('/') ? name.slice(0, -1) : name,
    isFolder: name.endsWith('/'),
    // no links, devices and the like; 0: made where files have no such kinds
    isPlain: !isEncrypted && [0, 0o100000, 0o040000].includes(kind),
    method: archive.readUInt16LE(at + 10),
    crc: archive.readUInt32LE(at + 16),
    packed: archive.readUInt32LE(at + 20),
    unpacked: archive.readUInt32LE(at + 24),
    at: archive.readUInt32LE(at + 42),
  }
}

function unpacked(archive: Buffer, { at, packed, unpacked: size, method, crc }: Entry): Uint8Array {
  if (archive.readUInt32LE(at) !== LOCAL) throw new RangeError('no file where one should be')
  const from = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28)
  const data = archive.subarray(from, from + packed)
  if (method !== 0 && method !== 8) throw new RangeError(`packed by method ${method}`)
  const bytes = method === 0 ? Buffer.from(data) : inflateRawSync(data, { maxOutputLength: Math.max(1, size) })
  if (data.length !== packed || bytes.length !== size || crc32(bytes) !== crc) throw new RangeError('damaged')
  return new Uint8Array(bytes)
}

/** A relative path below the archive's root, of names that are what they look like. */
function isPlainPath(name: string): boolean {
  const isStrange = /[\\:\p{C}\p{Zl}\p{Zp}]/u.test(name)
  return !isStrange && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** What bytes make a reader trip over is their fault, not a bug. */
function readable<T>(called: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unavailable) throw error
    throw unfit(called, 'is no whole zip archive', error)
  }
}

function unfit(called: string, because: string, cause?: unknown): Unavailable {
  return new Unavailable('unreachable', `${called} ${because}`, 'Upload it anew with actions/upload-artifact.', {
    cause,
  })
}
