import { longestRun } from './markdown-text.ts'

const MOST_LINES = 120
const MOST_TEXT = 300

/**
 * A diff as a code block whose fence no line can close, and in which nothing hides: of bounded length, without
 * characters that nobody sees.
 *
 * @example diffBlock(['-v: 1', '+v: 2']) // => ['```diff', '-v: 1', '+v: 2', '```']
 */
export function diffBlock(diff: readonly string[]): readonly string[] {
  const more = diff.length > MOST_LINES ? [`(${diff.length - MOST_LINES} more lines)`] : []
  const shown = [...diff.slice(0, MOST_LINES).map(visible), ...more]
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1))
  return [`${fence}diff`, ...shown, fence]
}

function visible(line: string): string {
  const seen = line.replaceAll('\t', '  ').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD')
  return seen.length > MOST_TEXT ? `${seen.slice(0, MOST_TEXT).toWellFormed()}…` : seen
}
