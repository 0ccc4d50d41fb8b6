import { type Block, fitted } from '../markdown-fit.ts'
import { escapeMarkdown, fencedLines, tableLines } from '../markdown-text.ts'
import type { Cell, Page, PageFact, PagePart, PageWarning, TablePart } from './page.ts'
import { plotText } from './plot-text.ts'
import { type Screen, TONE_SIGN } from './tone.ts'
import { warningGroups } from './warning-groups.ts'

const MOST_ROWS = 200
const MOST_LINES = 200
const LONGEST_CELL = 400
/** Plots of characters stand in code blocks, which GitHub does not wrap and which have no colours. */
const CODE_BLOCK: Screen = { columns: 100, paint: (_style, text) => text }

/**
 * A page as GitHub shows it: the answer, what it was measured on, tables, plots of characters, warnings.
 *
 * @param longest  in bytes of UTF-8; parts that do not fit are left out at their end, and that is said
 * @example pageMarkdown({ title: 'Metrics of a.csv', lead: 'roc_auc is 0.91.', facts: [], parts: [], warnings: [] }, 1000) // => '## Metrics of a.csv\n\nroc_auc is 0.91.'
 */
export function pageMarkdown(page: Page, longest: number): string {
  const lead = page.lead === '' ? [] : ['', escapeMarkdown(page.lead)]
  const blocks: readonly Block[] = [
    { lines: [`## ${escapeMarkdown(page.title)}`, ...lead] },
    ...factsBlock(page.facts),
    ...page.parts.map(partBlock),
    ...warningsBlock(page.warnings),
  ]
  return fitted(blocks, '', longest)
}

function factsBlock(facts: readonly PageFact[]): readonly Block[] {
  if (facts.length === 0) return []
  const rows = facts.map(({ name, value }) => [cell(name), cell(value)])
  return [{ lines: tableLines(['measured on', ''], rows) }]
}

function partBlock(part: PagePart): Block {
  const about = part.kind === 'text' || part.about === undefined ? [] : [escapeMarkdown(part.about), '']
  const head = [`### ${escapeMarkdown(part.title)}`, '', ...about]
  if (part.kind === 'plot') return { lines: [...head, ...fencedLines(plotText(part.plot, CODE_BLOCK))] }
  if (part.kind === 'table') return { lines: [...head, ...tableOf(part)], atLeast: head.length + 3 }
  const more = part.lines.length - MOST_LINES
  const lines = part.lines.slice(0, MOST_LINES).map((line) => `- ${escapeMarkdown(line)}`)
  return { lines: [...head, ...lines, ...(more > 0 ? [`- and ${more} more lines`] : [])], atLeast: head.length + 1 }
}

function tableOf({ columns, rows }: TablePart): readonly string[] {
  if (columns.length === 0 || rows.length === 0) return ['none']
  const [names = '', , ...body] = tableLines(
    columns.map(({ name }) => cell(name)),
    rows.slice(0, MOST_ROWS).map((row) => columns.map((_, at) => cellOf(row[at]))),
  )
  const rule = `| ${columns.map(({ align }) => (align === 'right' ? '--:' : '---')).join(' | ')} |`
  const more = rows.length - MOST_ROWS
  return [names, rule, ...body, ...(more > 0 ? ['', `and ${more} more rows`] : [])]
}

function cellOf(value: Cell | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? cell(value) : `${TONE_SIGN[value.tone]} ${cell(value.text)}`
}

function cell(text: string): string {
  return escapeMarkdown(text, 'cell', LONGEST_CELL)
}

function warningsBlock(warnings: readonly PageWarning[]): readonly Block[] {
  if (warnings.length === 0) return []
  const lines = warningGroups(warnings).flatMap(({ messages, more }) => [...messages, ...(more === '' ? [] : [more])])
  return [{ lines: ['### Warnings', '', ...lines.map((line) => `- ${escapeMarkdown(line)}`)], atLeast: 3 }]
}
