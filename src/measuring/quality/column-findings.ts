import { countText, listText, numberText, percentText } from '../../gates/number-text.ts'
import type { ClosedColumn } from '../../ports.ts'
import { didYouMean } from '../../registry/did-you-mean.ts'
import { spellOut } from '../../registry/look-alike.ts'
import { lookAlikes } from '../look-alikes.ts'
import type { QualityInput, SaidFinding } from './quality-document.ts'

/**
 * How the columns keep what is declared of them: names and types, ranges and categories, and columns that say nothing.
 * Values are named only where the table was asked to name them.
 */
export function columnFindings(input: QualityInput): readonly SaidFinding[] {
  return [...nameFindings(input), ...countFindings(input), ...unseenFindings(input)]
}

function nameFindings({ declared, declaredBy, answer }: QualityInput): readonly SaidFinding[] {
  const { missing_columns, unexpected_columns, wrong_types } = declared
  const missing = missing_columns.map((column): SaidFinding => {
    const near = didYouMean(column, unexpected_columns)
    const meant = near === null ? '' : ` Did you mean ${near}, which is there and undeclared?`
    return { code: 'missing_column', column, message: `${column} is missing; ${declaredBy} has it.${meant}` }
  })
  const alike = lookAlikes(answer.columns.map(({ column }) => column)).map(
    ([one, other]): SaidFinding => ({
      code: 'look_alike_columns',
      column: other,
      message: `${spellOut(one)} and ${spellOut(other)} look alike and are two columns; rename one.`,
    }),
  )
  return [
    ...missing,
    ...wrong_types.map(
      ({ column, expected, found }): SaidFinding => ({
        code: 'wrong_type',
        column,
        message: `${column} holds ${found}; ${declaredBy} has ${expected}.`,
      }),
    ),
    ...alike,
    ...unexpected_columns.map(
      (column): SaidFinding => ({
        code: 'unexpected_column',
        column,
        message: `${column} is in the table; ${declaredBy} does not have it.`,
      }),
    ),
  ]
}

function countFindings({ answer, names }: QualityInput): readonly SaidFinding[] {
  const { rows } = answer
  return answer.columns.flatMap(({ column, type, missing, distinct, below_min, above_max }): readonly SaidFinding[] => {
    const of = (code: SaidFinding['code'], count: number, message: string): readonly SaidFinding[] =>
      count === 0 ? [] : [{ code, column, rows: count, share: count / rows, message }]
    if (type === 'nested')
      return [{ code: 'nested_column', column, message: `${column} is nested; only flat columns are looked into.` }]
    if (missing === rows) return of('all_missing', rows, `${column} is missing in every row.`)
    const isLabel = column === names.label
    const absent = `${column} is missing in ${countText(missing, 'rows')} (${percentText(missing / rows)}).`
    return [
      ...of(isLabel ? 'label_missing' : 'missing_values', missing, isLabel ? `The label ${absent}` : absent),
      ...of('below_min', below_min, `${column} is under its declared min in ${countText(below_min, 'rows')}.`),
      ...of('above_max', above_max, `${column} is over its declared max in ${countText(above_max, 'rows')}.`),
      ...(isLabel || distinct + (missing > 0 ? 1 : 0) > 1
        ? []
        : [
            {
              code: 'constant',
              column,
              message: `${column} has one value in every row; it can tell no row from another.`,
            } as const,
          ]),
    ]
  })
}

function unseenFindings({ answer, declaredBy }: QualityInput): readonly SaidFinding[] {
  return (answer.closer?.columns ?? []).flatMap(({ column, unseen }) => {
    if (unseen === null || unseen.rows === 0) return []
    const named = examplesText(unseen)
    const what = `${column} has ${countText(unseen.values, 'values')} that ${declaredBy ?? 'the reference'} does not have${named}`
    const message = `${what}, in ${countText(unseen.rows, 'rows')} (${percentText(unseen.rows / answer.rows)}).`
    return [{ code: 'unseen_values', column, rows: unseen.rows, share: unseen.rows / answer.rows, message } as const]
  })
}

function examplesText({ examples, values }: NonNullable<ClosedColumn['unseen']>): string {
  if (examples.length === 0) return ''
  const quoted = examples.map((one) => JSON.stringify(one))
  return `: ${listText(values > examples.length ? [...quoted, `${numberText(values - examples.length)} more`] : quoted)}`
}
