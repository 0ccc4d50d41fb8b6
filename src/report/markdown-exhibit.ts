import type { Exhibit } from '../gates/finding.ts'
import { captionOf, groupCells, groupName } from './exhibit-words.ts'
import type { Block } from './markdown-fit.ts'
import { escapeMarkdown, escapeSummary, fencedLines, tableLines } from './markdown-text.ts'
import { columnsPlot, groupsPlot } from './text-plot.ts'

/** Groups, columns and tables, folded away; curves are only on the page. */
export function exhibitBlocks(exhibit: Exhibit): readonly Block[] {
  switch (exhibit.kind) {
    case 'groups': {
      const { groups, across } = exhibit
      const header = ['group', 'rows', exhibit.rate, 'interval', 'incumbent'].map(cell)
      const rows = groups.slice(0, MOST_ROWS).map((row) => [groupName(row, across), ...groupCells(row)].map(cell))
      return [details(exhibit, [...tableLines(header, rows), '', ...fencedLines(groupsPlot(groups, across))])]
    }
    case 'columns':
      return [details(exhibit, fencedLines(columnsPlot(exhibit.columns)))]
    case 'table': {
      const rows = exhibit.rows.slice(0, MOST_ROWS).map((row) => row.map(cell))
      return [details(exhibit, tableLines(exhibit.header.map(cell), rows))]
    }
    case 'roc':
    case 'calibration':
      return []
  }
}

const MOST_ROWS = 100

function cell(text: string): string {
  return escapeMarkdown(text, 'cell', 200)
}

function details(exhibit: Exhibit, lines: readonly string[]): Block {
  return { lines: [`<details><summary>${escapeSummary(captionOf(exhibit))}</summary>`, '', ...lines, '', '</details>'] }
}
