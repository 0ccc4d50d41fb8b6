/** What one command of a comment has come to. */
export interface AnswerSection {
  /** Line of the comment, from 1. */
  readonly line: number
  /** The command as it was written. */
  readonly command: string
  readonly is: 'done' | 'refused' | 'running'
  /** Markdown in which everything that others name is escaped. */
  readonly text: string
}

/** An answer is folded away when a newer one stands below it; never while something in it goes on. */
export const RUNNING_MARK = '<!-- weighbridge:running -->'

/**
 * First line of our answer to a comment: hidden, and only believed in comments of our own account.
 *
 * @example answerMarker(7001) // => '<!-- weighbridge:answer:7001 -->'
 */
export function answerMarker(comment: number): string {
  return `<!-- weighbridge:answer:${comment} -->`
}

/** Whether a text of ours answers a comment with a command, and nothing in it goes on. */
export function isFinishedAnswer(body: string): boolean {
  return body.startsWith('<!-- weighbridge:answer:') && !body.includes(RUNNING_MARK)
}

/**
 * The one answer to a comment: a section for each of its commands, in their order.
 *
 * @returns Markdown; its first line is the marker
 */
export function answerText(comment: number, sections: readonly AnswerSection[]): string {
  const inOrder = sections.toSorted((a, b) => a.line - b.line)
  const running = inOrder.some((section) => section.is === 'running') ? [RUNNING_MARK] : []
  const told = inOrder.map((section) => `${inlineCode(section.command)}\n\n${section.text.trim()}`)
  return [answerMarker(comment), ...running, told.join('\n\n---\n\n')].join('\n')
}

/** Longest command that is repeated, in characters. */
const MOST_SHOWN = 200

/**
 * A text as inline code: it mentions nobody, links nothing and ends nothing, whatever it holds.
 *
 * @example inlineCode('/train churn') // => '`/train churn`'
 */
export function inlineCode(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const short = line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line
  const longest = Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = short.startsWith('`') || short.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${short}${pad}${fence}`
}
