import { countText, exactText, listText, percentText } from '../../gates/number-text.ts'
import type { ClosedColumn } from '../../ports.ts'
import type { QualityCode, QualityInput, SaidFinding } from './quality-document.ts'

const MOST_OUTLIERS = 0.05

/** Values that are not what their column is about: words for nothing, numbers for nothing, other spellings, far outliers. */
export function valueFindings({ answer, names }: QualityInput): readonly SaidFinding[] {
  const own = [names.id, names.time]
  const columns = (answer.closer?.columns ?? []).filter(({ column }) => !own.includes(column))
  const nulls = new Map(answer.columns.map(({ column, missing }) => [column, missing]))
  return columns.flatMap((column) => findingsOf(column, answer.rows, answer.rows - (nulls.get(column.column) ?? 0)))
}

function findingsOf(facts: ClosedColumn, rows: number, present: number): readonly SaidFinding[] {
  const { column } = facts
  const of = (code: QualityCode, count: number, message: string): readonly SaidFinding[] =>
    count === 0 ? [] : [{ code, column, rows: count, share: count / rows, message }]
  const shareText = (count: number) => `${countText(count, 'rows')} (${percentText(count / rows)})`
  const words = present - facts.numbers
  const isMixed = facts.numbers > 0 && words > 0 && facts.numbers >= present / 2
  const inWords = words === facts.blanks ? 'words for nothing' : 'text'
  return [
    ...(isMixed
      ? of('mixed_types', words, `${column} holds numbers, and ${inWords} in ${shareText(words)}; it is read as text.`)
      : []),
    ...of('infinite_values', facts.infinite, `${column} is infinite in ${shareText(facts.infinite)}.`),
    ...(isMixed && words === facts.blanks
      ? []
      : of(
          'words_for_missing',
          facts.blanks,
          `${column} holds an empty text or a word for nothing (?, N/A) in ${shareText(facts.blanks)}; it counts as a value of its own.`,
        )),
    ...facts.sentinels.flatMap(({ value, rows: count }) =>
      of(
        'sentinel_values',
        count,
        `${column} is ${exactText(value)} in ${shareText(count)}, far from every other value: it may stand for "unknown" or "more".`,
      ),
    ),
    ...outlierFindings(facts, rows),
    ...of('string_variants', facts.variants.rows, variantsText(facts)),
  ]
}

/**
 * Where more than one row in twenty lies so far out, the column is mostly one number, and the rule says nothing.
 * Sentinels are told by themselves.
 */
function outlierFindings({ column, outliers, sentinels }: ClosedColumn, rows: number): readonly SaidFinding[] {
  const count = (outliers ?? 0) - sentinels.reduce((sum, sentinel) => sum + sentinel.rows, 0)
  const share = count / rows
  if (count <= 0 || share > MOST_OUTLIERS) return []
  const message = `${column} lies more than 10 interquartile ranges beyond its quartiles in ${countText(count, 'rows')} (${percentText(share)}).`
  return [{ code: 'outliers', column, rows: count, share, message }]
}

function variantsText({ column, variants: { values, rows, examples } }: ClosedColumn): string {
  const named = examples.length === 0 ? '' : `: ${listText(examples)}`
  const what = `${column} has ${countText(values, 'values')} in more than one spelling (case, spaces or Unicode form)`
  return `${what}${named}; ${countText(rows, 'rows')} do not have the most frequent one.`
}
