import type { Paint } from '../terminal.ts'
import type { Cell, Tone } from './page.ts'

/** What text is drawn on. */
export interface Screen {
  readonly columns: number
  readonly paint: Paint
}

/** A tone without colour. */
export const TONE_SIGN: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', doubt: '?', quiet: '–' }

const STYLE: Readonly<Record<Tone, Parameters<Paint>[0]>> = { good: 'green', bad: 'red', doubt: 'yellow', quiet: 'dim' }

/** Text in the colour of its tone, if it has one. */
export function painted({ paint }: Screen, tone: Tone | undefined, text: string): string {
  return tone === undefined ? text : paint(STYLE[tone], text)
}

/** The tone of a cell; a plain one has none. */
export function toneOfCell(cell: Cell | undefined): Tone | undefined {
  return typeof cell === 'object' ? cell.tone : undefined
}
