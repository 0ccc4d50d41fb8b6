import { engineName } from '../../adapters/evidence/engine-version.ts'
import { compareTables } from '../../jobs/measure/compare-predictions.ts'
import { comparisonPage } from '../../report/measured/comparison-page.ts'
import type { CommandInput } from '../command.ts'
import { openInputTables } from './input-tables.ts'
import { confidenceOf, scoredColumns } from './scored-options.ts'
import { tellMeasured } from './tell-measured.ts'

/** Measures two tables of predictions about the same rows, and how they differ. */
export async function run(input: CommandInput): Promise<number> {
  const columns = scoredColumns(input)
  const confidence = confidenceOf(input)
  const inputs = openInputTables(input)
  try {
    const [a, b] = [await inputs.source('a'), await inputs.source('b')]
    const document = await compareTables(
      { ...columns, a, b, confidence, engine: engineName(), progress: (what) => input.terminal.progress(what) },
      inputs.tables,
    )
    return await tellMeasured(input, document, () => comparisonPage(document, { a: a.called, b: b.called }))
  } finally {
    await inputs.close()
  }
}
