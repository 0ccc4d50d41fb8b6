import type { CheckDocument } from './check-document.ts'
import { exhibitBlocks } from './markdown-exhibit.ts'
import { type Block, fitted } from './markdown-fit.ts'
import { adviceBlock, gatesBlock, mendBlock, rulesBlock } from './markdown-gate.ts'
import { codeSpan, escapeMarkdown } from './markdown-text.ts'
import { changeTexts, footerTexts, holdingOf, outlineOf, type SectionOutline } from './outline.ts'
import { DECISION, SIGN } from './words.ts'

/** GitHub's limit for a check run's summary and for its text, in characters. */
export const LONGEST = 65_535

/**
 * A check as GitHub shows it: the decision, the rules, how to mend what holds, the gates, groups and columns, how to
 * repeat it. What holds comes first, so it is what stays where not all fits.
 *
 * @param longest  in characters, and in bytes too
 */
export function renderMarkdown(check: CheckDocument, longest = LONGEST): string {
  const sections = outlineOf(check)
  const blocks = [
    decisionBlock(check),
    ...changesBlock(check),
    ...sections.flatMap(sectionBlocks),
    ...sections.flatMap(({ gates }) => gates.flatMap(({ exhibits }) => exhibits.flatMap(exhibitBlocks))),
  ]
  return fitted(blocks, footerOf(check), longest)
}

function decisionBlock({ verdict }: CheckDocument): Block {
  return {
    lines: [
      `**${SIGN[verdict.status]} ${DECISION[verdict.status]}.** ${escapeMarkdown(verdict.because, 'line', 1500)}`,
    ],
  }
}

function changesBlock(check: CheckDocument): readonly Block[] {
  const lines = changeTexts(check).map((text) => `- ${escapeMarkdown(text)}`)
  return lines.length === 0 ? [] : [{ lines, atLeast: 1 }]
}

function sectionBlocks({ heading, gates }: SectionOutline): readonly Block[] {
  return [
    ...(heading === null ? [] : [{ lines: [`## ${escapeMarkdown(heading)}`] }]),
    ...rulesBlock(gates),
    ...mendBlock(gates.flatMap(holdingOf)),
    ...gatesBlock(gates),
    ...adviceBlock(gates),
  ]
}

function footerOf(check: CheckDocument): string {
  const repeat = check.repeat === null ? [] : [`Repeat it: ${codeSpan(check.repeat)}`]
  return [
    ...repeat,
    footerTexts(check)
      .map((text) => escapeMarkdown(text))
      .join(' '),
  ].join('\n\n')
}
