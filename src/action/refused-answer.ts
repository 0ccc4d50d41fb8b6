import type { Annotation } from '../ports/check-run.ts'
import type { Mistake } from '../registry/mistake.ts'
import { escapeMarkdown } from '../report/markdown-text.ts'
import { plain } from '../report/plain-text.ts'
import type { StepAnswer } from './step-answer.ts'

const HEAD = 'weighbridge: '
const MOST_LINES = 100

/**
 * Nothing was done, and why.
 *
 * @param said      lines of the command line: what is wrong one by one, then `weighbridge: ` and the whole, then the mend
 * @param mistakes  of files, which are shown on their lines
 */
export function refusedAnswer(said: readonly string[], mistakes: readonly Mistake[] = []): StepAnswer {
  const head = Math.max(
    0,
    said.findIndex((line) => line.startsWith(HEAD)),
  )
  const because = plain(said.slice(head).join(' ').replace(HEAD, '') || 'It ended without a word.', 500)
  const details = said.slice(0, Math.min(head, MOST_LINES)).map((line) => `- ${escapeMarkdown(line)}`)
  const summary = [`**Refused.** ${escapeMarkdown(because)}`, ...(details.length > 0 ? ['', ...details] : [])].join(
    '\n',
  )
  return { status: 'refused', because, outputs: {}, summary, annotations: mistakes.map(annotationOf) }
}

function annotationOf({ path, line, where, what, mend, severity }: Mistake): Annotation {
  const message = plain(`${where === '' ? '' : `${where}: `}${what}. ${mend}`)
  const level = severity === 'error' ? 'failure' : 'warning'
  return { path, startLine: line, endLine: line, level, title: 'weighbridge', message }
}
