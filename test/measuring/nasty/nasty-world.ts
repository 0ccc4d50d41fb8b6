import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect } from 'vitest'
import { openModelRunner } from '../../../src/adapters/onnx/model-runner.ts'
import { BadTable } from '../../../src/adapters/tables/bad-table.ts'
import { type ModelRunner, type ModelSession, type TableSource, Unavailable } from '../../../src/ports.ts'
import { BadProfile } from '../../../src/profiles/bad-profile.ts'
import type { Page } from '../../../src/report/page/page.ts'
import { pageHtml } from '../../../src/report/page/page-html.ts'
import { pageText } from '../../../src/report/page/page-text.ts'
import { type ScratchTables, scratchTables, sourceAt } from '../../adapters/tables/scratch-tables.ts'
import type { NastyTable } from '../../support/nasty-tables.ts'
import { spelled, type TableFormat } from '../../support/spelled-tables.ts'

export interface NastyWorld extends ScratchTables {
  put(table: NastyTable, format: TableFormat): Promise<TableSource>
  /** One child process for all models: it opens each file once. */
  readonly runner: ModelRunner
}

/** The real reader, and a pen that writes tables in every format. */
export async function nastyWorld(): Promise<NastyWorld> {
  const world = scratchTables()
  const duck = await DuckDBInstance.create(':memory:', { threads: '1' })
  const pen = await duck.connect()
  let files = 0
  const runner = openModelRunner()
  const sessions = new Map<string, ModelSession>()
  return {
    ...world,
    runner: {
      ...runner,
      async open(model, limits) {
        const session = sessions.get(model.path) ?? (await runner.open(model, limits))
        sessions.set(model.path, session)
        return { ...session, close: () => {} }
      },
    },
    async put(table, format) {
      const name = `nasty-${files++}.${format}`
      if (format !== 'parquet') return world.file(name, spelled(table, format))
      const path = join(world.folder, name)
      await pen.run(`COPY (${spelled(table, format)}) TO '${path}' (FORMAT parquet)`)
      return sourceAt(path)
    },
    async close() {
      for (const session of sessions.values()) session.close()
      pen.closeSync()
      duck.closeSync()
      await world.close()
    },
  }
}

/** What a job answered, or that it refused as people can understand; everything else is a bug. */
export async function answered<Document>(job: Promise<Document>): Promise<Document | null> {
  try {
    return await job
  } catch (error) {
    const isSaid = error instanceof Unavailable || error instanceof BadTable || error instanceof BadProfile
    if (!isSaid) throw error
    expect(error.message).not.toMatch(/undefined|\[object|Error:/)
    expect(error.mend).not.toBe('')
    return null
  }
}

/** Every number is finite, and nothing is there that JSON would leave out or change. */
export function mustBeSound(document: unknown, path = '$'): void {
  if (document === null || typeof document === 'string' || typeof document === 'boolean') return
  if (typeof document === 'number') {
    if (!Number.isFinite(document)) throw new Error(`${path} is ${document}`)
    return
  }
  if (Array.isArray(document)) {
    for (const [place, one] of document.entries()) mustBeSound(one, `${path}[${place}]`)
    return
  }
  const isPlain = typeof document === 'object' && Object.getPrototypeOf(document) === Object.prototype
  if (!isPlain) throw new Error(`${path} is ${typeof document}, which JSON has not`)
  for (const [key, value] of Object.entries(document as object)) mustBeSound(value, `${path}.${key}`)
}

const WORDS_FOR_NOTHING = ['NaN', 'undefined', '[object', 'Infinity']

/** Words of a program for nothing that stand in tables themselves, so that pages may show them. */
export function wordsIn(...tables: readonly NastyTable[]): readonly string[] {
  const all = tables.flatMap(({ columns }) => [
    ...columns.keys(),
    ...[...columns.values()].flatMap(({ cells }) => cells),
  ])
  return WORDS_FOR_NOTHING.filter((word) => all.some((text) => text?.includes(word)))
}

/** Both pages render, and show no word of a program for nothing. */
export function mustRender(page: Page, mayShow: readonly string[]): void {
  mustSayNothingOf([pageHtml(page), pageText(page, 100).join('\n')], mayShow)
}

export function mustSayNothingOf(pages: readonly string[], mayShow: readonly string[]): void {
  const words = WORDS_FOR_NOTHING.filter((word) => !mayShow.includes(word))
  for (const text of pages)
    for (const word of words) {
      // the advice of a finding names them
      const place = text.replaceAll('answers nothing, NaN or infinity', '').indexOf(word)
      if (place >= 0) throw new Error(`a page shows ${text.slice(Math.max(0, place - 60), place + 30)}`)
    }
}

/** The job's answer, or null where it refused; whatever it said is sound and can be shown. */
export async function soundAnswer<Document>(
  job: Promise<Document>,
  page: (document: Document) => Page,
  tables: readonly NastyTable[],
): Promise<Document | null> {
  const document = await answered(job)
  if (document === null) return null
  mustBeSound(document)
  mustRender(page(document), wordsIn(...tables))
  return document
}

/** Holds a claim against tables of many seeds; the message names the seed that breaks it. */
export async function ofManyTables(
  count: number,
  claim: (seed: number) => Promise<string>,
): Promise<Record<string, number>> {
  const answers: Record<string, number> = {}
  for (let seed = 0; seed < (process.env.WEIGHBRIDGE_DEEP === undefined ? count : 20 * count); seed++) {
    const answer = await claim(seed).catch((error: Error) => {
      throw new Error(`seed ${seed}: ${error.message}`, { cause: error })
    })
    answers[answer] = (answers[answer] ?? 0) + 1
  }
  return answers
}
