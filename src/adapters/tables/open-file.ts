import { lstat, open, realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { type LocalFile, type TableSource, Unavailable } from '../../ports.ts'
import { BadTable } from './bad-table.ts'

/** What a file is by its first bytes. */
export type FileKind = 'parquet' | 'gzip' | 'text'

const SAME_AGAIN = 'Check what the URI points to, and upload the table again.'

/**
 * Looks at a file before any parser does: inside the folder, not empty, and not something else in a table's place.
 * @throws {BadTable} or {Unavailable} when it is no table of the format that it is said to be
 */
export async function checkFile(file: LocalFile, source: TableSource, folder: string): Promise<FileKind> {
  await mustBeInside(file, source.called, folder)
  const { start, end, size } = await edges(file.path)
  if (size === 0)
    throw new BadTable('empty', `${source.called}: 0 bytes`, 'The upload may have been cut off. Write the table again.')
  refuseStandIn(start, source.called)
  const kind = kindOf(start)
  if (source.format === 'parquet') return mustBeParquet(start, end, source.called)
  if (kind === 'parquet')
    throw new BadTable('format', `${source.called} is Parquet, not ${source.format}`, 'Give it the ending .parquet.')
  if (kind === 'text') refuseOtherEncodings(start, source.called)
  return kind
}

async function mustBeInside(file: LocalFile, called: string, folder: string): Promise<void> {
  const found = await lstat(file.path).catch(() => undefined)
  if (found === undefined) throw new Unavailable('missing', `${called} is not there`, SAME_AGAIN)
  const real = await realpath(file.path)
  const home = await realpath(folder)
  if (!found.isFile() || !real.startsWith(home.endsWith(sep) ? home : home + sep)) {
    throw new Unavailable(
      'missing',
      `${called} is not a file of the folder that tables are read from`,
      'Only regular files are read, no links.',
    )
  }
}

async function edges(path: string) {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Buffer.alloc(Math.min(size, 4096))
    const end = Buffer.alloc(Math.min(size, 8))
    await file.read(start, 0, start.length, 0)
    await file.read(end, 0, end.length, size - end.length)
    return { size, start, end }
  } finally {
    await file.close()
  }
}

function kindOf(start: Buffer): FileKind {
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet'
  return start[0] === 0x1f && start[1] === 0x8b ? 'gzip' : 'text'
}

function refuseStandIn(start: Buffer, called: string): void {
  const text = start
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    throw new BadTable(
      'pointer',
      `${called} is a Git LFS pointer, not the data`,
      'Fetch the data (git lfs pull), or point at where it is stored.',
    )
  }
  if (/^(# [^\n]*\n)*(outs:|md5: [0-9a-f]{32})/.test(text)) {
    throw new BadTable(
      'pointer',
      `${called} is a DVC pointer, not the data`,
      'Fetch the data (dvc pull), or point at where DVC stores it.',
    )
  }
  const page = /^<(\?xml|!doctype|html|error)\b/i.exec(text)
  if (page !== null) {
    const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(text)?.[1]
    const what = code === undefined ? 'an XML or HTML page' : `an XML error page (${code})`
    throw new BadTable('not-data', `${called} is ${what}, not a table`, SAME_AGAIN)
  }
}

function mustBeParquet(start: Buffer, end: Buffer, called: string): FileKind {
  if (end.subarray(-4).toString('latin1') === 'PARE' || start.subarray(0, 4).toString('latin1') === 'PARE') {
    throw new BadTable(
      'format',
      `${called} is encrypted Parquet`,
      'Write it without encryption; the store encrypts it at rest.',
    )
  }
  if (kindOf(start) !== 'parquet')
    throw new BadTable(
      'format',
      `${called} is not Parquet: it does not begin with PAR1`,
      'Name the file after its format, .csv or .jsonl.',
    )
  if (end.subarray(-4).toString('latin1') !== 'PAR1')
    throw new BadTable('format', `${called} is cut off: Parquet ends with PAR1`, 'Write or upload it again.')
  return 'parquet'
}

function refuseOtherEncodings(start: Buffer, called: string): void {
  const mark = start.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff')
    throw new BadTable('encoding', `${called} is UTF-16`, 'Save the file as UTF-8.')
  if (start.subarray(0, 4).toString('hex') === '28b52ffd')
    throw new BadTable('codec', `${called} is compressed with Zstandard`, 'Compress text with gzip, or write Parquet.')
  if (start.includes(0))
    throw new BadTable('format', `${called} is not text: it holds NUL bytes`, 'Write CSV, JSON Lines or Parquet.')
}
