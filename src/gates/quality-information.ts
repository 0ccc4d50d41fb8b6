import type { QualityFacts } from './evidence.ts'
import { type Finding, finding } from './finding.ts'
import { countText, listText, numberText, percentText } from './number-text.ts'

const NAME = 'data-quality'

/** What readers of an exam should know, and what never holds: conflicting labels, leaks, columns that say nothing. */
export function informationFindings(facts: QualityFacts): readonly Finding[] {
  return [...conflicts(facts), ...leaks(facts), ...silentColumns(facts)]
}

function conflicts({ conflicting_labels, rows }: QualityFacts): readonly Finding[] {
  if (conflicting_labels === 0 || rows === 0) return []
  const because = `${countText(conflicting_labels, 'rows')} (${percentText(conflicting_labels / rows)}) equal another row in every feature and differ in the label; no model can get all of them right.`
  return [
    finding(NAME, 'conflicting labels', 'passed', because, { advisory: true, measured: conflicting_labels / rows }),
  ]
}

function leaks({ leaks: found }: QualityFacts): readonly Finding[] {
  return found.map(({ column, auc }) => {
    const because = `By itself it tells the label with an AUC of ${numberText(auc)}; it may have been written after the fact.`
    return finding(NAME, `${column} gives the label away`, 'failed', because, {
      advisory: true,
      measured: auc,
      limit: { min: 0.01, max: 0.99 },
      reason: 'quality:leak',
    })
  })
}

function silentColumns({ columns, rows }: QualityFacts): readonly Finding[] {
  const constant = columns.filter((column) => column.constant || (rows > 0 && column.missing === rows))
  if (constant.length === 0) return []
  const names = listText(constant.map(({ column }) => column))
  return [
    finding(NAME, `columns that say nothing: ${names}`, 'failed', 'One value in every row, or none.', {
      advisory: true,
      reason: 'quality:constant',
    }),
  ]
}
