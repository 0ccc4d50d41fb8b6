import { engineName } from '../../adapters/evidence/engine-version.ts'
import { type DriftAsk, measureDriftOfTables } from '../../jobs/measure/drift.ts'
import { importanceFrom } from '../../jobs/measure/drift-importance.ts'
import { decidingTest, wantedStatistics } from '../../jobs/measure/drift-names.ts'
import { periodTerms } from '../../jobs/measure/drift-terms.ts'
import type { DriftDocument } from '../../measuring/drift.ts'
import { modelKind } from '../../registry/file-kinds.ts'
import type { Model } from '../../registry/model.ts'
import { driftPage } from '../../report/measured/drift-page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { driftOfProfiles } from './drift-of-profiles.ts'
import { driftTogether, pageTogether } from './drift-together.ts'
import { openInputTables } from './input-tables.ts'
import { profileOfNamed } from './profile-of-version.ts'
import { registryFile } from './registry-file.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf } from './words.ts'

/** What moved between two tables, profiles, or the reference of a version and either; judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const version = await profileOfNamed(input, 'reference')
  const model = (await registryFile(input, 'model', modelKind)) ?? null
  const given = { model: model ?? version?.described ?? null, reference: version?.profile ?? null }
  const ask = await askOf(input, given.model)
  const document = (await driftOfProfiles(input, { ...given, ask })) ?? (await ofTables(input, ask))
  const sources = { reference: input.text('reference') ?? '', current: input.text('current') ?? '' }
  return tellMeasured(input, document, () => pageTogether(driftPage(document, sources), document))
}

async function ofTables(input: CommandInput, ask: DriftAsk): Promise<DriftDocument> {
  const opened = openInputTables(input)
  try {
    const [reference, current] = [await opened.source('reference'), await opened.source('current')]
    const windows = { tables: opened.tables, reference, current }
    const document = await measureDriftOfTables(ask, windows)
    return await driftTogether(input, document, { ...windows, opened, columns: ask.columns })
  } finally {
    await opened.close()
  }
}

async function askOf(input: CommandInput, model: Model | null): Promise<DriftAsk> {
  const importance = input.text('importance')
  const preset = input.text('preset') as DriftAsk['preset']
  return {
    engine: engineName(),
    terms: termsOf(input),
    statistics: wantedStatistics(namesOf(input, 'tests')),
    dataset: {
      max_drifted_share: share(input, 'max-drifted-share', 0.3),
      critical: namesOf(input, 'critical'),
      ...(importance !== undefined && { importance: await importanceFrom(pathFrom(input.calledFrom, importance)) }),
    },
    preset,
    correction: input.text('correction') === 'fdr' ? 'fdr' : 'bonferroni',
    columns: columnsOf(input, model),
    named: input.text('columns') === undefined ? 'declared' : 'typed',
    features: model?.features,
    personal: personalColumns(model),
    periods: periodTerms({
      time: input.text('time') ?? model?.columns?.time,
      calibrate: input.text('calibrate'),
      window: input.text('window'),
      season: input.text('season'),
      byTime: preset === 'nannyml' && input.text('time') !== undefined,
    }),
    progress: (done, of, column) => input.terminal.progress(`${done} of ${of} columns, ${column}`),
  }
}

function termsOf(input: CommandInput): DriftAsk['terms'] {
  const [by, max] = [input.text('by'), input.text('max')]
  const min_effect = share(input, 'min-effect', 0.05)
  if (by === undefined && max !== undefined)
    throw new InvalidCommand('--max needs --by', 'Say which test has the limit.')
  if (by === undefined || by === 'default') return { test: 'default', min_effect }
  if (max === undefined) throw new InvalidCommand(`--by ${by} needs --max`, 'Give the limit of its score.')
  return { test: decidingTest(by), min_effect, max: number('max', max) }
}

/** Named columns, else what a model declares, else all. */
function columnsOf(input: CommandInput, model: Model | null): readonly string[] | undefined {
  const named = namesOf(input, 'columns')
  const critical = namesOf(input, 'critical')
  const missing = named.length === 0 ? undefined : critical.find((name) => !named.includes(name))
  if (missing !== undefined)
    throw new InvalidCommand(`--critical ${missing} is not among --columns`, 'Name it there too.')
  if (named.length > 0) return named
  return model?.features?.filter(({ type }) => type !== 'text' && type !== 'time').map(({ name }) => name)
}

function personalColumns(model: Model | null): readonly string[] {
  const sensitive = (model?.sensitive ?? []).flatMap((one) =>
    typeof one !== 'string' && one.personal ? [one.name] : [],
  )
  const features = (model?.features ?? []).filter(({ personal }) => personal).map(({ name }) => name)
  return [...features, ...sensitive]
}

function share(input: CommandInput, option: string, otherwise: number): number {
  const text = input.text(option)
  if (text === undefined) return otherwise
  const value = number(option, text)
  if (value >= 0 && value <= 1) return value
  throw new InvalidCommand(`--${option} ${text} is not from 0 to 1`, 'Give a share, such as 0.3.')
}

function number(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new InvalidCommand(`--${option} ${text} is no number of 0 or more`, 'Give a number, such as 0.2.')
}
