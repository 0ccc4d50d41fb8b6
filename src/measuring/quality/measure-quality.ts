import { columnFindings } from './column-findings.ts'
import { QUALITY_CODES, type QualityDocument, type QualityFinding, type QualityInput } from './quality-document.ts'
import { rowFindings } from './row-findings.ts'
import { valueFindings } from './value-findings.ts'

const ORDER = new Map(Object.keys(QUALITY_CODES).map((code, at) => [code, at]))

/**
 * The document of the quality command: all findings, those that spoil numbers first, then by column.
 *
 * @param input  counts over every row, and what was declared of the columns
 * @returns findings in an order that depends on nothing but the input
 */
export function measureQuality(input: QualityInput): QualityDocument {
  const { engine, answer, warnings } = input
  const said = [...columnFindings(input), ...valueFindings(input), ...rowFindings(input)]
  const findings = said.map(({ code, ...rest }) => ({ code, weight: QUALITY_CODES[code], ...rest }))
  return {
    schema: 'weighbridge.quality/v1',
    engine,
    rows: answer.rows,
    columns: answer.columns.map(({ column, type, missing, distinct }) => ({
      column,
      type,
      missing,
      missing_share: missing / answer.rows,
      distinct,
    })),
    overlap: answer.overlap,
    findings: findings.toSorted(byWeight),
    warnings,
  }
}

/** Stable: of one code the order of the table's columns stays. */
function byWeight(a: QualityFinding, b: QualityFinding): number {
  return (ORDER.get(a.code) ?? 0) - (ORDER.get(b.code) ?? 0)
}
