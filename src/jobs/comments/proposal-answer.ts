import { escapeMarkdown } from '../../report/markdown-text.ts'
import type { EffectAnswer } from './comment-job.ts'
import type { KeptProposal } from './keep-proposal.ts'

const WORD = { opened: 'Opened', updated: 'Brought up to date', unchanged: 'Open already, as it is to be' } as const

/**
 * What became of the pull request that a command asked for.
 *
 * @param about  Markdown that goes on after its number
 */
export function proposalAnswer(kept: KeptProposal, about: string): EffectAnswer {
  if (kept.is !== 'left-alone') return { is: 'done', text: `${WORD[kept.is]}: #${kept.number}, ${about}` }
  const number = kept.number === null ? '' : ` (#${kept.number})`
  return { is: 'refused', text: `Not done${number}: ${escapeMarkdown(kept.because)}.` }
}
