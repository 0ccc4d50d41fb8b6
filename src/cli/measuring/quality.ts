import { readFile, stat } from 'node:fs/promises'
import { engineName } from '../../adapters/evidence/engine-version.ts'
import { measureQualityOf } from '../../jobs/measure/quality.ts'
import { readFile as readRegistryFile } from '../../registry/file-kind.ts'
import { modelKind } from '../../registry/file-kinds.ts'
import type { Model } from '../../registry/model.ts'
import { qualityPage } from '../../report/measured/quality-page.ts'
import { type CommandInput, InvalidCommand, InvalidRecord } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { openInputTables } from './input-tables.ts'
import { tellMeasured } from './tell-measured.ts'

const MAX_MODEL_BYTES = 1_000_000

/** Findings about one table; judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const model = await modelOf(input)
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

/** The file that is named; where it stands in a registry does not matter here. */
async function modelOf(input: CommandInput): Promise<Model | null> {
  const called = input.text('model')
  if (called === undefined) return null
  const path = pathFrom(input.calledFrom, called)
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile())
    throw new InvalidCommand(`--model: there is no file ${called}`, 'Name a model.yml.')
  if (found.size > MAX_MODEL_BYTES)
    throw new InvalidCommand(`--model: ${called} has ${found.size} bytes, too many for a model.yml`, 'Check the path.')
  const { name, about, schema } = modelKind
  const reading = readRegistryFile({ name, about, schema }, called, await readFile(path, 'utf8'))
  if (!reading.ok) throw new InvalidRecord(reading.mistakes)
  return reading.value
}
