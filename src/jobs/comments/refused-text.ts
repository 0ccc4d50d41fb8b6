import type { Mistake } from '../../registry/mistake.ts'
import { printMistake } from '../../registry/mistake.ts'
import { codeSpan, escapeMarkdown, longestRun } from '../../report/markdown-text.ts'
import type { EffectAnswer } from './comment-job.ts'

const MOST_MISTAKES = 10

/** Why nothing was done, with what would help. */
export function refusedAnswer(what: string, mend = ''): EffectAnswer {
  const way = mend === '' ? '' : ` ${mend}`
  return { is: 'refused', text: `Not done: ${escapeMarkdown(`${what.replace(/\.$/, '')}.${way}`)}` }
}

/** Files of the registry that cannot be read, each with its place. */
export function mistakesAnswer(mistakes: readonly Mistake[]): EffectAnswer {
  const lines = mistakes.slice(0, MOST_MISTAKES).map((one) => `- ${codeSpan(printMistake(one), 'line', 500)}`)
  const more = mistakes.length > MOST_MISTAKES ? [`- ${mistakes.length - MOST_MISTAKES} more`] : []
  return { is: 'refused', text: ['Not done: the registry has mistakes.', '', ...lines, ...more].join('\n') }
}

/** A file that a person could write, folded out under the reason. */
export function withSnippet(
  { text }: EffectAnswer,
  { path, content }: { readonly path: string; readonly content: string },
): EffectAnswer {
  const fence = '`'.repeat(Math.max(3, longestRun(content) + 1))
  return {
    is: 'refused',
    text: [text, '', `${codeSpan(path)}:`, '', `${fence}yaml`, content.trimEnd(), fence].join('\n'),
  }
}
