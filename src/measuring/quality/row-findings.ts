import { countText, listText, numberText, percentText } from '../../gates/number-text.ts'
import type { QualityInput, SaidFinding } from './quality-document.ts'

const RARE = 0.01
const MOST_CLASSES = 50
const EXCESS = 0.01
const NOTICEABLE_LAG = 0.1

/** What the rows are to one another, to the label, to the scores and to the training rows. */
export function rowFindings(input: QualityInput): readonly SaidFinding[] {
  return [
    ...duplicateFindings(input),
    ...labelFindings(input),
    ...overlapFindings(input),
    ...timeFindings(input),
    ...leakFindings(input),
    ...scoreFindings(input),
    ...groupFindings(input),
  ]
}

function duplicateFindings({ answer, names }: QualityInput): readonly SaidFinding[] {
  const { rows, duplicates, closer } = answer
  const equal = duplicates.by === 'row' ? duplicates.rows : (closer?.equal_rows ?? 0)
  const alike =
    equal >= duplicates.rows
      ? 'the rows are equal in every column'
      : `${countText(equal, 'rows')} of them equal in every column`
  const byId =
    duplicates.by === 'row' || duplicates.rows === 0
      ? []
      : [
          {
            code: 'duplicate_ids',
            ...(names.id !== null && { column: names.id }),
            rows: duplicates.rows,
            share: duplicates.rows / rows,
            message: `${countText(duplicates.rows, 'duplicate ids')}: ${alike}.`,
          } as const,
        ]
  const byRow =
    equal === 0 || byId.length > 0
      ? []
      : [
          {
            code: 'duplicate_rows',
            rows: equal,
            share: equal / rows,
            message: `${countText(equal, 'rows')} (${percentText(equal / rows)}) equal an earlier row in every column; coarse columns collide by nature.`,
          } as const,
        ]
  const identical = (closer?.identical ?? []).map(
    ([one, other]): SaidFinding => ({
      code: 'identical_columns',
      column: other,
      message: `${other} holds the same as ${one} in every row.`,
    }),
  )
  return [...byId, ...byRow, ...identical]
}

function labelFindings({ answer, names, hasClasses }: QualityInput): readonly SaidFinding[] {
  const { rows, conflicting_labels: conflicts, closer } = answer
  const column = names.label ?? ''
  const label = closer?.label ?? null
  const conflicting: readonly SaidFinding[] =
    conflicts === 0 || !hasClasses
      ? []
      : [
          {
            code: 'conflicting_labels',
            column,
            rows: conflicts,
            share: conflicts / rows,
            message: `${countText(conflicts, 'rows')} (${percentText(conflicts / rows)}) equal another row in every feature and differ in the label; no model can get all of them right.`,
          },
        ]
  if (label === null || label.known === 0) return conflicting
  if (label.classes === 1) {
    const message = `${column} has one class in every row: ROC AUC and every rate of the other class do not exist here.`
    return [...conflicting, { code: 'one_class', column, rows: label.known, share: label.known / rows, message }]
  }
  const share = label.rarest_rows / label.known
  if (!hasClasses || label.classes > MOST_CLASSES || share >= RARE) return conflicting
  const message = `The rarest class of ${column} has ${countText(label.rarest_rows, 'rows')} (${percentText(share)}); what is measured of it is uncertain.`
  return [
    ...conflicting,
    { code: 'rare_class', column, rows: label.rarest_rows, share: label.rarest_rows / rows, message },
  ]
}

/** Rows that collide by nature are no leak: only the share above what chance gives is. */
function overlapFindings({ answer }: QualityInput): readonly SaidFinding[] {
  const { overlap, rows } = answer
  if (overlap === null) return []
  const excess = overlap.share - overlap.chance
  if (excess <= EXCESS) return []
  const by = overlap.by === 'id' ? 'by id' : 'by all shared columns'
  const message = `${percentText(overlap.share)} of the rows also stand in the reference (${by}); chance alone gives ${percentText(overlap.chance)}.`
  return [{ code: 'train_overlap', rows: Math.round(overlap.share * rows), share: overlap.share, message }]
}

function timeFindings({ answer, names, lag }: QualityInput): readonly SaidFinding[] {
  const column = names.time ?? ''
  const times = answer.closer?.times ?? null
  const said = (at: number) => (times?.is_time === true ? new Date(at).toISOString() : numberText(at, 12))
  const found: SaidFinding[] = []
  if (times !== null && times.not_after > 0)
    found.push({
      code: 'time_leakage',
      column,
      rows: times.not_after,
      share: times.not_after / answer.rows,
      message: `${countText(times.not_after, 'rows')} are not younger than the training rows, which end at ${said(times.reference_until)}; the table begins at ${said(times.from)}.`,
    })
  if (times !== null && times.reference_not_before > 0)
    found.push({
      code: 'future_in_training',
      column,
      rows: times.reference_not_before,
      message: `${countText(times.reference_not_before, 'training rows')} are not older than the first row of the table, at ${said(times.from)}: the model saw its future.`,
    })
  if (lag !== null && lag > NOTICEABLE_LAG)
    found.push({
      code: 'correlated_errors',
      column,
      message: `Errors are correlated in time (${lag.toFixed(2)} from row to row): intervals by rows are too narrow. Name columns.unit in model.yml (unit: day takes the days of ${column}).`,
    })
  return found
}

function leakFindings({ answer }: QualityInput): readonly SaidFinding[] {
  return (answer.closer?.leaks ?? []).map(({ column, of, auc }): SaidFinding => {
    const text = numberText(auc)
    if (of === 'feature')
      return {
        code: 'label_leakage',
        ...(column !== null && { column }),
        message: `${column} by itself tells the label with an AUC of ${text}; it may have been written after the fact.`,
      }
    if (of === 'id')
      return {
        code: 'id_leakage',
        ...(column !== null && { column }),
        message: `The id ${column} tells the label with an AUC of ${text}: ids were given by class, or the classes come from two sources.`,
      }
    return {
      code: 'order_leakage',
      message: `The place of a row tells its label with an AUC of ${text}: the table is sorted by class, or put together from two sources.`,
    }
  })
}

function scoreFindings({ answer }: QualityInput): readonly SaidFinding[] {
  return (answer.closer?.scores ?? []).flatMap(({ column, missing, not_finite, outside, ids }) => {
    const bad = missing + not_finite
    const more = bad > ids.length ? [...ids, `${bad - ids.length} more`] : ids
    const where = answer.duplicates.by === 'id' ? 'ids' : 'rows'
    const spoiled: SaidFinding = {
      code: 'non_finite_scores',
      column,
      rows: bad,
      share: bad / answer.rows,
      message: `${column}: ${countText(bad, 'non-finite or missing scores')}, at ${where} ${listText(more, 21)}.`,
    }
    const beyond: SaidFinding = {
      code: 'scores_outside',
      column,
      rows: outside,
      share: outside / answer.rows,
      message: `${column} lies outside 0 to 1 in ${countText(outside, 'rows')}: log loss, Brier score and calibration do not exist for it.`,
    }
    return [...(bad > 0 ? [spoiled] : []), ...(outside > 0 ? [beyond] : [])]
  })
}

function groupFindings({ answer }: QualityInput): readonly SaidFinding[] {
  return (answer.closer?.groups ?? []).flatMap(({ column, small, smallest }) =>
    small === 0
      ? []
      : [
          {
            code: 'small_groups',
            column,
            message: `${column} has ${countText(small, 'groups')} of fewer than 30 rows (the smallest ${smallest}): too small for rates of their own.`,
          } as const,
        ],
  )
}
