import { engineName } from '../../adapters/evidence/engine-version.ts'
import { measureTable } from '../../jobs/measure/metrics.ts'
import { metricsPage } from '../../report/measured/metrics-page.ts'
import type { CommandInput } from '../command.ts'
import { estimate } from './estimate.ts'
import { openInputTables } from './input-tables.ts'
import { confidenceOf, scoredColumns } from './scored-options.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf } from './words.ts'

/** Measures one table of predictions. */
export async function run(input: CommandInput): Promise<number> {
  if (input.flag('without-labels')) return estimate(input)
  const columns = scoredColumns(input)
  const confidence = confidenceOf(input)
  const inputs = openInputTables(input)
  try {
    const source = await inputs.source('data')
    const document = await measureTable(
      {
        ...columns,
        source,
        confidence,
        slices: namesOf(input, 'slices'),
        engine: engineName(),
        progress: (what) => input.terminal.progress(what),
      },
      inputs.tables,
    )
    return await tellMeasured(input, document, () => metricsPage(document, source.called))
  } finally {
    await inputs.close()
  }
}
