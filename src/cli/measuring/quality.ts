import { engineName } from '../../adapters/evidence/engine-version.ts'
import { measureQualityOf } from '../../jobs/measure/quality.ts'
import { modelKind } from '../../registry/file-kinds.ts'
import { qualityPage } from '../../report/measured/quality-page.ts'
import type { CommandInput } from '../command.ts'
import { openInputTables } from './input-tables.ts'
import { registryFile } from './registry-file.ts'
import { tellMeasured } from './tell-measured.ts'

/** Findings about one table; judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const model = (await registryFile(input, 'model', modelKind)) ?? null
  const opened = openInputTables(input)
  try {
    const data = await opened.source('data')
    const reference = input.text('reference') === undefined ? null : await opened.source('reference')
    const named = (option: string) => input.text(option) ?? null
    const columns = {
      id: named('id'),
      label: named('label'),
      time: named('time'),
      prediction: named('prediction'),
      score: named('score'),
    }
    const ask = { data, reference, model, ...columns, engine: engineName() }
    const document = await measureQualityOf(ask, opened.tables, input.terminal.progress)
    const sources = { data: data.called, reference: reference?.called ?? null, model: named('model') }
    return await tellMeasured(input, document, () => qualityPage(document, sources))
  } finally {
    await opened.close()
  }
}
