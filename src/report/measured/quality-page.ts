import { countText, exactText, listText, percentText } from '../../gates/number-text.ts'
import type { QualityDocument, QualityFinding } from '../../measuring/quality/quality-document.ts'
import type { Cell, Page, PagePart, Tone } from '../page/page.ts'

/** What the tables were called. */
export interface QualitySources {
  readonly data: string
  readonly reference: string | null
  readonly model: string | null
}

const MOST_OF_A_CODE = 6

/** Findings as a page: each with its column and rows, and where values are missing. */
export function qualityPage(document: QualityDocument, sources: QualitySources): Page {
  const { rows, columns, findings } = document
  const facts = [
    { name: 'table', value: sources.data },
    ...(sources.reference === null ? [] : [{ name: 'reference', value: sources.reference }]),
    ...(sources.model === null ? [] : [{ name: 'declared by', value: sources.model }]),
    { name: 'rows', value: exactText(rows) },
    { name: 'columns', value: exactText(columns.length) },
    { name: 'engine', value: document.engine },
  ]
  const parts = [findingsPart(findings), overlapPart(document), missingPart(document), columnsPart(document)]
  return {
    title: `Quality of ${sources.data}`,
    lead: leadOf(findings),
    facts,
    parts: parts.flat(),
    warnings: document.warnings,
  }
}

function leadOf(findings: readonly QualityFinding[]): string {
  if (findings.length === 0) return 'Nothing found that somebody should know.'
  const heavy = findings.filter(({ weight }) => weight === 'spoils').length
  const spoil = heavy === 0 ? 'none of them spoils numbers' : `${heavy} of them can spoil numbers`
  return `${countText(findings.length, 'findings')}; ${spoil}. ${findings[0]?.message ?? ''}`
}

function findingsPart(findings: readonly QualityFinding[]): readonly PagePart[] {
  if (findings.length === 0) return []
  const rows = [...Map.groupBy(findings, ({ code }) => code).values()].flatMap(rowsOfOneCode)
  const columns = [
    { name: 'kind' },
    { name: 'finding' },
    { name: 'rows', align: 'right' },
    { name: 'share', align: 'right' },
  ] as const
  return [{ kind: 'table', title: 'Findings', about: 'What can spoil numbers first.', columns, rows }]
}

/** Of many of one code the first few, and the columns of the rest. */
function rowsOfOneCode(findings: readonly QualityFinding[]): readonly (readonly Cell[])[] {
  const shown = findings.length > MOST_OF_A_CODE ? findings.slice(0, MOST_OF_A_CODE - 1) : findings
  const rest = findings.slice(shown.length).flatMap(({ column }) => column ?? [])
  const rows = shown.map((finding): readonly Cell[] => [
    kindOf(finding),
    finding.message,
    finding.rows === undefined ? '' : exactText(finding.rows),
    finding.share === undefined ? '' : percentText(finding.share),
  ])
  const [first] = findings
  return rest.length === 0 || first === undefined
    ? rows
    : [...rows, [kindOf(first), `and ${listText(rest, 40)}`, '', '']]
}

function kindOf(finding: QualityFinding): Cell {
  return { text: finding.code.replaceAll('_', ' '), tone: toneOf(finding) }
}

function overlapPart({ overlap }: QualityDocument): readonly PagePart[] {
  if (overlap === null || overlap.share + overlap.chance === 0) return []
  const by = overlap.by === 'id' ? 'by id' : 'by all shared columns'
  const bars = [
    { label: 'also in the reference', value: 100 * overlap.share },
    { label: 'by chance alone', value: 100 * overlap.chance, tone: 'quiet' as const },
  ]
  const about = `Share of rows, ${by}. Coarse rows meet by nature: chance is the share of reference rows that another reference row equals.`
  return [{ kind: 'plot', title: 'Overlap with the reference', about, plot: { type: 'bars', bars, unit: '%' } }]
}

function missingPart({ columns }: QualityDocument): readonly PagePart[] {
  const some = columns.filter(({ missing }) => missing > 0).toSorted((a, b) => b.missing - a.missing)
  const bars = some.map(({ column, missing_share }) => ({ label: column, value: 100 * missing_share }))
  return some.length === 0
    ? []
    : [{ kind: 'plot', title: 'Missing values', about: 'Share of rows.', plot: { type: 'bars', bars, unit: '%' } }]
}

function columnsPart({ columns }: QualityDocument): readonly PagePart[] {
  const rows = columns.map(({ column, type, missing, distinct }) => [
    column,
    type,
    exactText(missing),
    exactText(distinct),
  ])
  const head = [
    { name: 'column' },
    { name: 'type' },
    { name: 'missing', align: 'right' },
    { name: 'distinct values', align: 'right' },
  ] as const
  return [{ kind: 'table', title: 'Columns', columns: head, rows }]
}

function toneOf({ weight }: QualityFinding): Tone {
  return weight === 'spoils' ? 'bad' : 'doubt'
}
