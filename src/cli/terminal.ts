import { stripVTControlCharacters, styleText } from 'node:util'
import type { Page } from '../report/page/page.ts'

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

/** Where a command writes: answers to standard output, progress and errors to standard error. */
export interface Terminal {
  /** One line of the answer. */
  line(text?: string): void
  /** The whole answer as one JSON document. */
  document(value: unknown): void
  /** The same for people; only whoever shows both asks for it. */
  page?(page: Page): void
  /** One line of trouble. */
  complain(text: string): void
  /** What is being done now; shown and wiped on a terminal, silent elsewhere. */
  progress(text: string | null): void
  style(style: Style, text: string): string
  /** Width that text is wrapped at. */
  readonly columns: number
}

/** Colours only for a terminal, never with NO_COLOR; no other escape sequence ever reaches it. */
export function openTerminal(out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const coloured = out.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  let shown = false
  const wipe = () => {
    if (shown) err.write('\r\u001b[2K')
    shown = false
  }
  const print = (text: string) => {
    wipe()
    out.write(`${coloured ? harmlessButColours(text) : harmless(text)}\n`)
  }
  return {
    line: (text = '') => print(text),
    document: (value) => print(jsonText(value)),
    complain: (text) => {
      wipe()
      err.write(`${harmless(text)}\n`)
    },
    progress: (text) => {
      if (err.isTTY !== true) return
      wipe()
      if (text === null) return
      err.write(
        `  ${harmless(text)
          .replaceAll('\n', ' ')
          .slice(0, (err.columns ?? 80) - 4)}`,
      )
      shown = true
    },
    columns: Math.min(Math.max(out.columns ?? 100, 60), 120),
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  }
}

/** Text without escape sequences, control and reordering characters, for names that users or models can choose. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? '\n' : '\uFFFD',
  )
}

/** What `style` writes, and nothing that could hide or move text. */
const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[(?:1|2|22|31|32|33|36|39)m)`)

function harmlessButColours(text: string): string {
  return text
    .split(COLOUR)
    .map((piece, index) => (index % 2 === 1 ? piece : harmless(piece)))
    .join('')
}

/** Indented JSON that means the same and that no terminal obeys: invisible characters are written as escapes. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
