import { onTestFinished } from 'vitest'
import { openJobFolder } from '../../src/adapters/job-folder.ts'
import { openTables } from '../../src/adapters/tables/tables.ts'
import type { ScoredColumns } from '../../src/jobs/measure/scored-table.ts'
import { tableOf } from '../../src/jobs/prediction-files.ts'
import type { TableSource, Tables } from '../../src/ports.ts'

/** The real reader of tables, as a measuring command has it; it goes when the test ends. */
export function openMeasured(): { readonly tables: Tables; source(path: string): Promise<TableSource> } {
  const folder = openJobFolder()
  const tables = openTables({ folder: folder.path })
  onTestFinished(async () => {
    await tables.close()
    folder.close()
  })
  return { tables, source: (path) => tableOf(path, folder.path, path.split('/').at(-1) ?? path) }
}

/** What the options of a command say where nothing else is given. */
export const PLAIN: ScoredColumns & { readonly confidence: number; readonly engine: string } = {
  task: 'binary',
  label: 'label',
  score: 'score',
  scorePrefix: null,
  prediction: null,
  positive: 1,
  threshold: 0.5,
  id: null,
  weight: null,
  unit: null,
  where: null,
  confidence: 0.95,
  engine: 'test',
}
