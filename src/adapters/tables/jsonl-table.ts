import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { BadTable } from './bad-table.ts'
import type { Engine } from './engine.ts'
import { mustFit, type OpenedTable, sameColumns } from './opened-table.ts'
import { typedTable } from './typed-table.ts'
import { KIND, kindSql } from './value-kinds.ts'

const READ = "read_json_objects(?, format = 'newline_delimited', ignore_errors = false)"

/**
 * Opens JSON Lines as one table: one object a line, keys are columns, an absent key is null.
 * @throws {BadTable} for a line that is no object, or that has a key twice, with the line
 */
export async function jsonlTable(
  engine: Engine,
  paths: readonly string[],
  names: readonly string[],
  called: string,
): Promise<OpenedTable> {
  const files = paths.map((path, index) => ({ path, called: names[index] ?? called }))
  try {
    const keys = await Promise.all(files.map((file) => keysOf(engine, file)))
    const columns = sameColumns(keys)
    mustFit(columns.length, called)
    return await typedTable(engine, textOf(paths, columns, called))
  } catch (error) {
    throw (await firstBroken(error as Error, files)) ?? error
  }
}

interface JsonFile {
  readonly path: string
  readonly called: string
}

async function keysOf(
  engine: Engine,
  file: JsonFile,
): Promise<{ readonly called: string; readonly names: readonly string[] }> {
  const odd =
    "count(*) FILTER (json_type(json) <> 'OBJECT' OR len(json_keys(json)) <> len(list_distinct(json_keys(json))))"
  const [counts] = await engine.rows(`SELECT count(*), ${odd} FROM ${READ}`, [file.path])
  if (Number(counts?.[1]) > 0)
    throw new BadTable(
      'format',
      `${file.called}: a line is no object, or has a key twice`,
      'Write one object on each line.',
    )
  if (Number(counts?.[0]) === 0)
    throw new BadTable('no-rows', `${file.called} has 0 rows`, 'Nothing can be measured on it; write the table again.')
  const [first] = await engine.rows(`SELECT json_keys(json) FROM ${READ} LIMIT 1`, [file.path])
  const all = await engine.rows(`SELECT DISTINCT unnest(json_keys(json)) AS k FROM ${READ} ORDER BY k`, [file.path])
  return {
    called: file.called,
    names: [...new Set([...((first?.[0] ?? []) as string[]), ...all.map(([key]) => String(key))])],
  }
}

function textOf(paths: readonly string[], names: readonly string[], called: string) {
  const pointers = names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  const list = `[${pointers.map(() => '?').join(', ')}]`
  const one = `SELECT json_extract_string(json, ${list}) AS texts, json_type(json, ${list}) AS types FROM ${READ}`
  const picked = names
    .map((_, index) => `texts[${index + 1}] AS v${index}, types[${index + 1}] AS k${index}`)
    .join(', ')
  return {
    called,
    names,
    from: `(SELECT ${picked} FROM (${paths.map(() => one).join(' UNION ALL ')}))`,
    parameters: paths.flatMap((path) => [...pointers, ...pointers, path]),
    kind: jsonKind,
    isOfKinds: (index: number, kinds: number) => `(((${jsonKind(index)}) & ~${kinds}) = 0)`,
    decimalComma: false,
  }
}

/** A string stays text even when it looks like a number, but for the numbers that JSON has no word for. */
function jsonKind(index: number): string {
  const [text, type] = [`v${index}`, `k${index}`]
  const inText = `CASE WHEN ${text} IN ('NaN', 'Infinity', '-Infinity') THEN ${KIND.special}
    WHEN (${kindSql(text)}) = ${KIND.time} THEN ${KIND.time} ELSE ${KIND.text} END`
  return `CASE WHEN ${text} IS NULL OR ${type} = 'NULL' THEN 0 WHEN ${type} IN ('OBJECT', 'ARRAY') THEN ${KIND.nested}
    WHEN ${type} = 'BOOLEAN' THEN ${KIND.boolean} WHEN ${type} = 'VARCHAR' THEN ${inText} ELSE (${kindSql(text)}) END`
}

/** The line of the mistake, counted as editors do. */
async function firstBroken(error: Error, files: readonly JsonFile[]): Promise<BadTable | undefined> {
  if (/maximum_object_size/.test(error.message)) {
    return new BadTable(
      'too-large',
      `${files[0]?.called} has a line of more than 16 MB`,
      'Write one object on each line.',
    )
  }
  const isOurs = error instanceof BadTable && error.code !== 'format'
  if (isOurs || (!(error instanceof BadTable) && !/JSON|unicode|UTF-?8/i.test(error.message))) return undefined
  for (const { path, called } of files) {
    let line = 0
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1
      const what = lineMistake(line === 1 ? text.replace(/^\ufeff/, '') : text)
      if (what !== undefined)
        return new BadTable('format', `${called}:${line}: ${what}`, 'Write one object on each line.', line)
    }
  }
  return undefined
}

function lineMistake(text: string): string | undefined {
  if (text.trim() === '') return undefined
  if (text.includes('\ufffd')) return 'not UTF-8'
  try {
    const value: unknown = JSON.parse(text.replace(/([:[,]\s*)-?(NaN|Infinity|inf|nan)\b/gi, '$1null'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object'
    return undefined
  } catch (error) {
    return `broken JSON (${(error as Error).message.slice(0, 100)})`
  }
}
