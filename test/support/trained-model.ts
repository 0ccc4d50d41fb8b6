import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openModelRunner } from '../../src/adapters/onnx/model-runner.ts'
import { scoresOf } from '../../src/adapters/onnx/scores.ts'
import { openTables } from '../../src/adapters/tables/tables.ts'

export const NUMBERS = ['age', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week']
export const CATEGORIES = ['workclass', 'marital_status', 'occupation', 'relationship', 'race', 'sex']

export interface Rescored {
  /** Of our runner, in the order of validation.csv. */
  readonly scores: Float64Array
  /** Largest distance between them and those of predictions.csv. */
  readonly furthest: number
  /** Problems that the runner found in the outputs. */
  readonly problems: readonly string[]
}

/** Runs the model that a training left in a folder on its validation rows, as weighing would. */
export async function rescored(folder: string): Promise<Rescored> {
  const tables = openTables({ folder })
  try {
    const columns = [...NUMBERS, ...CATEGORIES]
    const source = (name: string) => ({ files: [localFile(join(folder, name))], format: 'csv', called: name }) as const
    const validation = await tables.read(source('validation.csv'), { columns, asCategory: CATEGORIES })
    const said = await tables.read(source('predictions.csv'), { columns: ['row_id', 'score'] })
    const limits = { timeoutMs: 60_000, memoryMb: 2048 }
    const outputs = await openModelRunner().run(
      localFile(join(folder, 'model.onnx')),
      validation.columns,
      columns,
      limits,
    )
    const { score, problems } = scoresOf({ task: 'binary', positive: 1, threshold: 0.5, outputs })
    const claimed = said.columns.get('score')
    const scores = score ?? new Float64Array()
    if (claimed === undefined || 'codes' in claimed || claimed.values.length !== scores.length)
      throw new Error('predictions.csv is not about these rows')
    const furthest = scores.reduce((most, value, row) => Math.max(most, Math.abs(value - claimed.values[row]!)), 0)
    return { scores, furthest, problems: problems.map(({ code }) => code) }
  } finally {
    await tables.close()
  }
}

function localFile(path: string) {
  const digest = `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`
  return { path, digest, size_bytes: statSync(path).size }
}
