import { engineName } from '../../adapters/evidence/engine-version.ts'
import { estimatedDocument } from '../../jobs/measure/estimated-document.ts'
import { estimatedPage } from '../../report/measured/estimated-quality-part.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'
import { openInputTables } from './input-tables.ts'
import { confidenceOf, scoredColumns } from './scored-options.ts'
import { tellMeasured } from './tell-measured.ts'
import { namesOf } from './words.ts'

/** `metrics --without-labels`: estimates the metrics of a window from the scores alone. */
export async function estimate(input: CommandInput): Promise<number> {
  const columns = scoredColumns(input)
  refuseWhatNeedsLabels(input)
  const inputs = openInputTables(input)
  try {
    const [window, calibration] = [await inputs.source('data'), await inputs.source('calibration')]
    const named = namesOf(input, 'inputs')
    const { id } = columns
    const document = await estimatedDocument(engineName(), {
      ...{ tables: inputs.tables, window, calibration, task: columns.task, label: columns.label },
      ...(columns.score === null ? {} : { score: columns.score }),
      ...(columns.scorePrefix === null ? {} : { scorePrefix: columns.scorePrefix }),
      ...(columns.prediction === null ? {} : { prediction: columns.prediction }),
      ...(named.length === 0 ? {} : { columns: named }),
      ...(columns.positive === null ? {} : { positive: columns.positive }),
      ...{ threshold: columns.threshold ?? 0.5, confidence: confidenceOf(input) },
      ...{ critical: namesOf(input, 'critical'), except: id === null ? [] : [id] },
      progress: (done, of, what) => input.terminal.progress(`${what}: ${done} of ${of}`),
    })
    return await tellMeasured(input, document, () => estimatedPage(document, window.called, calibration.called))
  } finally {
    await inputs.close()
  }
}

const NEED_LABELS = ['slices', 'where', 'weight', 'unit'] as const

/** What is not estimated is refused: a number of other rows than were asked for would be wrong. */
function refuseWhatNeedsLabels(input: CommandInput): void {
  if (input.text('calibration') === undefined) {
    const mend = "Name the version's evaluation set, with scores and labels, by --calibration FILE."
    throw new InvalidCommand('--without-labels learns from labelled rows, and there are none', mend)
  }
  const option = NEED_LABELS.find((name) => input.text(name) !== undefined)
  if (option !== undefined)
    throw new InvalidCommand(`--without-labels can't take --${option}`, 'Leave one of them out.')
}
