import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, type ScratchTables, scratchTables, sourceAt } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables({ memoryMb: 64 })
})
afterAll(() => world.close())

const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`
const DVC = 'outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  path: t.parquet\n'
const S3 = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'

test.each([
  ['lfs.parquet', LFS, 'lfs.parquet is a Git LFS pointer, not the data -> Fetch the data (git lfs pull)'],
  ['lfs.csv', LFS, 'lfs.csv is a Git LFS pointer'],
  ['dvc.csv', DVC, 'dvc.csv is a DVC pointer, not the data -> Fetch the data (dvc pull)'],
  ['dvc.jsonl', `# comment\n${DVC}`, 'dvc.jsonl is a DVC pointer'],
  ['s3.parquet', S3, 's3.parquet is an XML error page (AccessDenied), not a table'],
  ['page.csv', '\n<!DOCTYPE html><html><body>Sign in</body></html>', 'page.csv is an XML or HTML page, not a table'],
  ['text.parquet', 'a,b\n1,2\n', 'text.parquet is not Parquet: it does not begin with PAR1'],
  ['cut.parquet', 'PAR1 and no end', 'cut.parquet is cut off: Parquet ends with PAR1'],
  ['locked.parquet', 'PARE....PARE', 'locked.parquet is encrypted Parquet'],
  ['hollow.parquet', `PAR1${'x'.repeat(64)}PAR1`, "hollow.parquet can't be read as Parquet"],
  ['parquet.csv', 'PAR1....PAR1', 'parquet.csv is Parquet, not csv'],
  ['long.csv', `a,b\n1,"${'x'.repeat(3_000_000)}"\n`, 'long.csv has a row of more than 2 MB -> Check its quotes'],
  ['zip.csv', 'PK\u0003\u0004\0\0\0\0', 'zip.csv is not text: it holds NUL bytes'],
  ['ragged.csv', 'a,b\n"x\ny",1\n2\n3,4\n', 'ragged.csv:4: 1 fields where the header has 2'],
  ['too-many.csv', 'a,b\n1,2\n1,2,3\n', 'too-many.csv:3: 3 fields where the header has 2'],
  ['open.csv', 'a,b\n1,"2\n3,4\n', 'open.csv:2: a quoted field never ends -> Close the quotes'],
  ['twice.csv', 'a,b,a\n1,2,3\n', 'twice.csv: two columns are called a'],
  ['twice.jsonl', '{"a":1}\n{"a":1,"a":2}\n', 'twice.jsonl: a line is no object, or has a key twice'],
  ['broken.jsonl', '{"a":1}\n\n{"a":2\n{"a":3}\n', 'broken.jsonl:3: broken JSON'],
  ['list.jsonl', '{"a":1}\n[1,2]\n', 'list.jsonl:2: not an object'],
  ['blank.jsonl', '\n\n', 'blank.jsonl has 0 rows'],
])('%s is refused with its place and a way out', async (name, content, said) => {
  const answer = await refusal(world.tables.describe(world.file(name, content)))
  expect(answer).toContain(said)
  expect(answer).toMatch(/^BadTable: .* -> [A-Z]/s)
})

test('text in other encodings is named as such, with the line', async () => {
  expect(
    await refusal(world.tables.describe(world.file('latin.csv', Buffer.from('a,b\nx,1\ncaf\xe9,2\n', 'latin1')))),
  ).toContain('latin.csv:3: not UTF-8 -> Save the file as UTF-8.')
  expect(
    await refusal(world.tables.describe(world.file('utf16.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le')))),
  ).toContain('utf16.csv is UTF-16')
  expect(
    await refusal(world.tables.describe(world.file('header.csv', Buffer.from('caf\xe9,b\n1,2\n', 'latin1')))),
  ).toContain('header.csv: the header is not UTF-8')
  expect(
    await refusal(
      world.tables.describe(world.file('latin.jsonl', Buffer.from('{"a":"x"}\n{"a":"caf\xe9"}\n', 'latin1'))),
    ),
  ).toContain('latin.jsonl:2: not UTF-8')
  expect(await refusal(world.tables.describe(world.file('zstd.csv', Buffer.from('28b52ffd00', 'hex'))))).toContain(
    'compressed with Zstandard',
  )
})

test('a codec that cannot be read is named', async () => {
  const source = await world.written(
    'lzo.parquet',
    'copy (select i::bigint as identifier from range(2000) r(i)) to FILE (compression zstd)',
  )
  const { readFileSync } = await import('node:fs')
  const bytes = readFileSync(source.files[0]?.path ?? '')
  // Thrift compact: field 4 (codec, i32) follows the column's path; 6 is ZSTD, 3 is LZO, zigzag doubles them
  const at = bytes.lastIndexOf(Buffer.from('identifier\x15\x0c', 'latin1'))
  expect(at).toBeGreaterThan(0)
  bytes[at + 11] = 6
  expect(await refusal(world.tables.describe(world.file('lzo.parquet', bytes)))).toContain(
    'lzo.parquet is compressed with codec LZO',
  )
})

test('2,001 columns are too many, 2,000 are read; a line that never ends is refused', async () => {
  const roomy = scratchTables()
  const table = (width: number) =>
    roomy.written(
      `${width}.parquet`,
      `copy (select ${Array.from({ length: width }, (_, index) => `${index} as c${index}`)}) to FILE`,
    )
  expect((await roomy.tables.describe(await table(2000))).columns).toHaveLength(2000)
  expect(await refusal(roomy.tables.describe(await table(2001)))).toContain(
    '2001.parquet has 2001 columns, more than 2000',
  )
  const header = Array.from({ length: 2001 }, (_, index) => `c${index}`).join(',')
  expect(await refusal(roomy.tables.describe(roomy.file('2001.csv', `${header}\n`)))).toContain(
    '2001.csv has 2001 columns',
  )
  const long = roomy.file('long.jsonl', `{"a":"${'x'.repeat(34_000_000)}"}\n`)
  expect(await refusal(roomy.tables.describe(long))).toContain('long.jsonl has a line of more than 16 MB')
  await roomy.close()
})

test('what unpacks to far more than memory ends in an error with a name', async () => {
  const tight = scratchTables({ memoryMb: 16 })
  const bomb = tight.file('bomb.csv.gz', gzipSync(Buffer.alloc(130_000_000, 'a,b\n1,2\n'), { level: 1 }))
  expect(await refusal(tight.tables.describe(bomb))).toBe(
    'BadTable: bomb.csv.gz unpacks to more than 128 MB -> Write Parquet, or split it into several files.',
  )
  await tight.close()
  const rows = await world.written(
    'rows.parquet',
    'copy (select 1 as a from range(10000000)) to FILE (compression zstd)',
  )
  expect((await world.tables.describe(rows)).rows).toBe(10_000_000)
  expect(await refusal(world.tables.read(rows, { columns: ['a'] }))).toContain(
    'rows.parquet: 10000000 rows of 1 columns need 90 MB, more than 64 MB',
  )
  const page = await world.written(
    'page.parquet',
    "copy (select repeat('x', 100000000) as a) to FILE (compression zstd)",
  )
  expect(await refusal(world.tables.read(page, { columns: ['a'] }))).toContain(
    'page.parquet needs more than the 64 MB that reading may take',
  )
})

test('a gzip that is cut off, a link, a folder and an absent file are not read', async () => {
  const whole = gzipSync('a,b\n1,2\n3,4\n')
  expect(
    await refusal(world.tables.describe(world.file('cut.csv.gz', whole.subarray(0, whole.length - 10)))),
  ).toContain("cut.csv.gz can't be unpacked: unexpected end of file")
  symlinkSync('/etc/passwd', join(world.folder, 'link.csv'))
  expect(await refusal(world.tables.describe(sourceAt(join(world.folder, 'link.csv'))))).toContain(
    'link.csv is not a file of the folder that tables are read from',
  )
  const absent = {
    ...world.file('gone.csv', 'a\n1\n'),
    files: [{ path: join(world.folder, 'nothing.csv'), digest: '', size_bytes: 0 }],
  }
  expect(await refusal(world.tables.describe(absent))).toContain('Unavailable: gone.csv is not there')
})
