import { type TogetherAsk, withTogether } from '../../jobs/measure/drift-together.ts'
import type { DriftDocument } from '../../measuring/drift.ts'
import type { TableSource, Tables } from '../../ports.ts'
import { modelKind } from '../../registry/file-kinds.ts'
import type { Model } from '../../registry/model.ts'
import { multivariateParts } from '../../report/measured/multivariate-part.ts'
import { predictionDriftAlarms, predictionDriftParts } from '../../report/measured/prediction-drift-part.ts'
import type { Page } from '../../report/page/page.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import type { InputTables } from './input-tables.ts'
import { registryFile } from './registry-file.ts'
import { TOGETHER_OPTIONS } from './together-options.ts'

/** Adds what was asked for besides the columns one by one: all of them together, answers, labels. */
export async function driftTogether(
  input: CommandInput,
  document: DriftDocument,
  found: {
    readonly opened: InputTables
    readonly tables: Tables
    readonly reference: TableSource
    readonly current: TableSource
    readonly columns: readonly string[] | undefined
  },
): Promise<DriftDocument> {
  if (!isAsked(input)) return document
  const { opened, columns } = found
  const model = (await registryFile(input, 'model', modelKind)) ?? null
  const evaluation = input.text('evaluation') === undefined ? null : await opened.source('evaluation')
  return withTogether(document, askOf(input, columns, model), { ...found, evaluation })
}

/** Profiles hold no rows, and what is looked at together needs them. */
export function requireRows(input: CommandInput): void {
  const option = Object.keys(TOGETHER_OPTIONS).find((name) => input.text(name) !== undefined || input.flag(name))
  if (option !== undefined) throw new InvalidCommand(`--${option} needs rows, and a profile has none`, 'Give tables.')
}

/** The page of drift with the further parts. */
export function pageTogether(page: Page, { multivariate, predictions, labels }: DriftDocument): Page {
  const answers = { predictions: predictions ?? null, labels: labels ?? null }
  const together = multivariate ? multivariateParts(multivariate) : []
  return {
    ...page,
    parts: [...page.parts, ...predictionDriftParts(answers), ...together],
    alarms: [...(page.alarms ?? []), ...predictionDriftAlarms(answers)],
  }
}

function isAsked(input: CommandInput): boolean {
  return (
    input.flag('multivariate') || ['score', 'prediction', 'label'].some((option) => input.text(option) !== undefined)
  )
}

function askOf(input: CommandInput, columns: readonly string[] | undefined, model: Model | null): TogetherAsk {
  const time = input.text('time') ?? model?.columns?.time
  const named = (key: 'score' | 'prediction' | 'label', option: string = key) => {
    const text = input.text(option)
    return text === undefined ? {} : { [key]: text }
  }
  const delay = input.text('label-delay') ?? model?.monitoring?.label_delay
  return {
    multivariate: input.flag('multivariate'),
    ...named('score'),
    ...named('prediction'),
    ...named('label'),
    ...(delay === undefined ? {} : { labelDelay: delay }),
    ...(time === undefined ? {} : { time }),
    ...(columns === undefined ? {} : { columns }),
    ...(model?.features === undefined ? {} : { features: model.features }),
    except: [model?.columns?.id, model?.columns?.unit, model?.columns?.weight].filter((name) => name !== undefined),
    minEffect: Number(input.text('min-effect') ?? 0.05),
    progress: (done, of, what) => input.terminal.progress(`${what}: ${done} of ${of}`),
  }
}
