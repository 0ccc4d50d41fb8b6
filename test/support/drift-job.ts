import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openTables } from '../../src/adapters/tables/tables.ts'
import { tableFormat } from '../../src/jobs/job-files.ts'
import { type DriftAsk, measureDriftOfTables } from '../../src/jobs/measure/drift.ts'
import type { DriftColumnDocument, DriftDocument } from '../../src/measuring/drift.ts'
import type { TableSource, Tables } from '../../src/ports.ts'

export const DRIFT_ASK: DriftAsk = {
  engine: 'weighbridge under test',
  terms: { test: 'default', min_effect: 0.05 },
  statistics: 'default',
  dataset: { max_drifted_share: 0.3, critical: [] },
  correction: 'bonferroni',
  personal: [],
}

export interface DriftGround {
  readonly tables: Tables
  /** A table of these files, copied to where the reader sees them. */
  source(...paths: readonly string[]): TableSource
  measure(reference: string, current: string, ask?: Partial<DriftAsk>): Promise<DriftDocument>
}

/** The job of `weighbridge drift` on files, with the real reader. */
export function driftGround(): DriftGround {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-drift-'))
  const tables = openTables({ folder })
  onTestFinished(async () => {
    await tables.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const source = (...paths: readonly string[]): TableSource => ({
    files: paths.map((path, index) => {
      const copy = join(
        folder,
        `${createHash('sha256').update(path).digest('hex').slice(0, 8)}-${index}-${basename(path)}`,
      )
      copyFileSync(path, copy)
      const digest = `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`
      return { path: copy, digest, size_bytes: statSync(path).size }
    }),
    format: tableFormat(paths[0]!),
    called: basename(paths[0]!),
  })
  return {
    tables,
    source,
    measure: (reference, current, ask = {}) =>
      measureDriftOfTables(
        { ...DRIFT_ASK, ...ask },
        { tables, reference: source(reference), current: source(current) },
      ),
  }
}

export function columnOf({ columns }: DriftDocument, name: string): DriftColumnDocument {
  const found = columns.find(({ column }) => column === name)
  if (found === undefined) throw new Error(`the document has no column ${name}`)
  return found
}
