import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { TableSource } from '../../ports.ts'

type Format = TableSource['format']

const ENDINGS: readonly (readonly [ending: RegExp, format: Format])[] = [
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(jsonl|ndjson|json)$/i, 'jsonl'],
  [/\.(csv|tsv|tab)$/i, 'csv'],
]

/** The format that a name promises; null when it says nothing. */
export function formatOfName(name: string): Format | null {
  const plain = name.replace(/\.gz$/i, '')
  return ENDINGS.find(([ending]) => ending.test(plain))?.[1] ?? null
}

/** The format by the first bytes, unpacked if need be: Parquet's mark, a brace for JSON Lines, else CSV. */
export async function formatOfContent(path: string): Promise<Format> {
  const start = await firstBytes(createReadStream(path, { end: 65_535 }))
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  const plain = isPacked ? await firstBytes(createReadStream(path).pipe(createGunzip())) : start
  if (plain.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet'
  return plain
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
    .startsWith('{')
    ? 'jsonl'
    : 'csv'
}

/** Empty when there are none, or when they can't be unpacked: the reader says more. */
async function firstBytes(stream: Readable): Promise<Buffer> {
  try {
    for await (const chunk of stream) return chunk as Buffer
  } catch {
    // a damaged gzip
  }
  return Buffer.alloc(0)
}
