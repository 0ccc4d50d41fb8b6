import { plain } from '../plain-text.ts'
import type { Paint } from '../terminal.ts'
import { wrapped } from '../wrap.ts'
import type { Page, PageFact, PagePart, PageWarning } from './page.ts'
import { plotText } from './plot-text.ts'
import { tableText } from './table-text.ts'
import { cutMiddle, padded, textWidth } from './text-width.ts'
import type { Screen } from './tone.ts'
import { warningGroups } from './warning-groups.ts'

const NARROWEST = 60
const WIDEST = 160
const WIDEST_FACT = 24
const MOST_LINES = 200

/**
 * A page as lines of a terminal: the answer, what it was measured on, tables, plots of characters, warnings.
 *
 * @param columns  width of the terminal, 60 at least; no line is wider
 * @param paint    colours text; everything can be read without. No other escape sequence is in the lines
 */
export function pageText(page: Page, columns: number, paint: Paint = (_style, text) => text): readonly string[] {
  const screen: Screen = { paint, columns: Math.min(WIDEST, Math.max(NARROWEST, columns)) }
  return [
    ...sentence(page.title, screen, '').map((line) => paint('bold', line)),
    ...(page.lead === '' ? [] : sentence(page.lead, screen, '')),
    ...factLines(page.facts, screen),
    ...page.parts.flatMap((part) => ['', ...partText(part, screen)]),
    ...warningLines(page.warnings, screen),
  ]
}

function factLines(facts: readonly PageFact[], screen: Screen): readonly string[] {
  if (facts.length === 0) return []
  const width = Math.min(WIDEST_FACT, Math.max(...facts.map(({ name }) => textWidth(plain(name, 80)))))
  const lines = facts.flatMap(({ name, value }) => {
    const start = `  ${padded(cutMiddle(plain(name, 80), width), width)}  `
    const [first = '', ...rest] = sentence(value, screen, start)
    return [screen.paint('dim', first.slice(0, start.length)) + first.slice(start.length), ...rest]
  })
  return ['', ...lines]
}

function partText(part: PagePart, screen: Screen): readonly string[] {
  const title = sentence(part.title, screen, '').map((line) => screen.paint('bold', line))
  const about = part.kind === 'text' || part.about === undefined ? [] : sentence(part.about, screen, '  ')
  return [...title, ...about.map((line) => screen.paint('dim', line)), ...insideText(part, screen)]
}

function insideText(part: PagePart, screen: Screen): readonly string[] {
  if (part.kind === 'table') return tableText(part, screen)
  if (part.kind === 'plot') return plotText(part.plot, screen)
  const more = part.lines.length - MOST_LINES
  const lines = part.lines.slice(0, MOST_LINES).flatMap((line) => sentence(line, screen, '  '))
  return more > 0 ? [...lines, `  and ${more} more lines`] : lines
}

function warningLines(warnings: readonly PageWarning[], screen: Screen): readonly string[] {
  if (warnings.length === 0) return []
  const lines = warningGroups(warnings).flatMap(({ messages, more }) => [
    ...messages.flatMap((message) => sentence(message, screen, '  ! ')),
    ...(more === '' ? [] : sentence(more, screen, '    ')),
  ])
  return ['', screen.paint('yellow', 'warnings'), ...lines]
}

function sentence(text: string, { columns }: Screen, first: string): readonly string[] {
  return wrapped(plain(text), columns, first)
}
