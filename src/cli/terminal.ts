import { stripVTControlCharacters, styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

/** Where a command writes: answers to standard output, progress and errors to standard error. */
export interface Terminal {
  /** One line of the answer. */
  line(text?: string): void
  /** One line of trouble. */
  complain(text: string): void
  /** What is being done now; shown and wiped on a terminal, silent elsewhere. */
  progress(text: string | null): void
  style(style: Style, text: string): string
  readonly columns: number
}

/** Colours only for a terminal, never with NO_COLOR; control characters in data never reach it. */
export function openTerminal(out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const coloured = out.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb'
  let shown = false
  const wipe = () => {
    if (shown) err.write('\r\u001b[2K')
    shown = false
  }
  return {
    line: (text = '') => {
      wipe()
      out.write(`${text}\n`)
    },
    complain: (text) => {
      wipe()
      err.write(`${text}\n`)
    },
    progress: (text) => {
      if (err.isTTY !== true) return
      wipe()
      if (text === null) return
      err.write(`  ${harmless(text).slice(0, (err.columns ?? 80) - 4)}`)
      shown = true
    },
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
    columns: out.columns ?? 100,
  }
}

/** Text without escape sequences and control characters, for names that users or models can choose. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\n' ? '\n' : '\uFFFD',
  )
}
