import { basename } from 'node:path'
import type { ScoreAsk } from '../../adapters/onnx/scores.ts'
import { type ExplainedComparison, toldImportance } from '../../measuring/explanation.ts'
import type { LocalFile } from '../../ports.ts'
import { importanceShares, importanceShift } from '../../statistics/importance-shift.ts'
import type { ImportanceAnswer } from '../../statistics/permutation-importance.ts'
import { importanceIn } from './explain-importance.ts'
import type { ExplainInput, Held } from './explain-input.ts'
import { columnsOfModel, type FeatureWords } from './explained-columns.ts'
import { readFeatures } from './explained-tables.ts'

/** Importance of another model on the same rows, permuted alike, and how far the two lie apart. */
export async function comparedImportance(
  input: ExplainInput,
  about: {
    readonly model: LocalFile
    readonly words: FeatureWords
    readonly held: Held
    readonly mine: ImportanceAnswer
    readonly ask: Omit<ScoreAsk, 'outputs' | 'rows'>
  },
): Promise<ExplainedComparison> {
  const { model, words, held, mine, ask } = about
  const session = await input.runner.open(model, input.limits)
  try {
    const called = basename(model.path)
    const columns = columnsOfModel(
      session,
      words.record === undefined ? input.words : words,
      called,
      '--compare-record version.yml',
    )
    const data = await readFeatures(input.tables, input.data, columns, null)
    const classes = words.record?.classes === undefined ? {} : { classes: words.record.classes }
    const truth = { ...held.truth, threshold: words.record?.threshold ?? held.truth.threshold }
    const theirs = await importanceIn(session, {
      ...held,
      truth,
      columns: data.columns,
      ask: { ...ask, ...classes },
      input,
      called,
    })
    return comparison(mine, theirs)
  } finally {
    session.close()
  }
}

function comparison(mine: ImportanceAnswer, theirs: ImportanceAnswer): ExplainedComparison {
  const { value, interval, columns, because } = importanceShift(mine.columns, theirs.columns)
  return {
    baseline: theirs.baseline,
    importance: toldImportance(theirs.columns, importanceShares(theirs.columns)),
    shift: {
      value,
      interval,
      ...(because === undefined ? {} : { because }),
      columns: columns.map(({ column, candidate, incumbent, counts }) => ({
        column,
        share: candidate,
        other: incumbent,
        counts,
      })),
    },
  }
}
