import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { onTestFinished } from 'vitest'
import { openJobFolder } from '../../src/adapters/job-folder.ts'
import { openModelRunner } from '../../src/adapters/onnx/model-runner.ts'
import { openTables } from '../../src/adapters/tables/tables.ts'
import { explainModel } from '../../src/jobs/measure/explain.ts'
import type { ExplainInput } from '../../src/jobs/measure/explain-input.ts'
import { modelFile } from '../../src/jobs/measure/model-file.ts'
import { tableOf } from '../../src/jobs/prediction-files.ts'
import type { ExplanationDocument } from '../../src/measuring/explanation.ts'
import { catalogue } from '../adapters/onnx/fixture-models.ts'
import { fixture } from '../support/fixtures.ts'

export type SetName = 'adult' | 'bike' | 'compas' | 'elec2'

/** Reference numbers of scikit-learn and of the enumeration of all coalitions; see test/fixtures/README.md. */
// biome-ignore lint/suspicious/noExplicitAny: the reference files have no schema of their own
export function explainReference(set: SetName): any {
  return JSON.parse(readFileSync(fixture(`reference/${set}.explain.json`), 'utf8'))
}

export interface Explainer {
  readonly folder: string
  /** Writes the rows of a fixture table with these ids, in their order; gives its path. */
  rowsOf(table: string, ids: readonly number[], name: string): Promise<string>
  write(name: string, text: string): string
  explain(model: string, data: string, more?: ExplainAsk): Promise<ExplanationDocument>
}

export interface ExplainAsk extends Partial<Omit<ExplainInput, 'model' | 'data' | 'background' | 'rows'>> {
  readonly background?: string
  readonly rows?: string
}

/** The job behind the command, in this process, with the real reader and the real child process. */
export function openExplainer(): Explainer {
  const folder = openJobFolder()
  const tables = openTables({ folder: folder.path })
  onTestFinished(async () => {
    await tables.close()
    folder.close()
  })
  const source = (path: string) => tableOf(path, folder.path, path.split('/').at(-1) ?? path)
  return {
    folder: folder.path,
    rowsOf: (table, ids, name) => pickRows(fixture(table), ids, join(folder.path, `${name}.parquet`)),
    write(name, text) {
      writeFileSync(join(folder.path, name), text)
      return join(folder.path, name)
    },
    async explain(model, data, { background, rows, ...more } = {}) {
      return explainModel({
        tables,
        runner: openModelRunner(),
        limits: { timeoutMs: 120_000, memoryMb: 2048 },
        engine: 'test',
        progress: () => {},
        model: await modelFile(model),
        words: {},
        data: await source(data),
        ...(background === undefined ? {} : { background: await source(background) }),
        ...(rows === undefined ? {} : { rows: await source(rows) }),
        positive: 1,
        repeats: 20,
        seed: 0,
        sample: 20_000,
        dependence: [],
        ...more,
      })
    },
  }
}

async function pickRows(table: string, ids: readonly number[], path: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const rows = `select * from '${table}' where row_id in (${ids.join(', ')}) order by row_id`
  await connection.run(`copy (${rows}) to '${path}' (format parquet)`)
  connection.closeSync()
  instance.closeSync()
  return path
}

/** How a set's models are filled: those of adult name their columns. */
export function wordsOf(set: SetName) {
  return set === 'adult' ? {} : { features: catalogue(set).features }
}
