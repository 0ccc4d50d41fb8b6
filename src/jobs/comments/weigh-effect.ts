import { gates as all } from '../../gates/index.ts'
import { didYouMean } from '../../registry/did-you-mean.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { pullWork } from '../github/sweep.ts'
import type { Effect } from './comment-job.ts'

const gateNames = all.map(({ name }) => name)

/**
 * Judges again: the same as the button. All gates are judged together whatever is named, because each verdict is the
 * verdict of all of them; naming one says which one somebody cares about.
 */
export const weighEffect: Effect<'weigh'> = async (job, { gates }) => {
  const unknown = gates.find((gate) => !gateNames.includes(gate))
  if (unknown !== undefined) return { is: 'refused', text: unknownGate(unknown) }
  const { number, pull } = job.thread
  const head = pull?.headSha ?? null
  job.inbox.enqueue(pullWork(job.repository, { number, head, lane: 'interactive', force: true }))
  const which = gates.length === 0 ? 'every gate' : `every gate, ${gates.join(' and ')} among them`
  return { is: 'done', text: `Weighing again: ${which}. The checks say what comes of it.` }
}

function unknownGate(name: string): string {
  const near = didYouMean(name, gateNames)
  const hint = near === null ? ` Gates: ${gateNames.join(', ')}.` : ` Did you mean ${near}?`
  return `Not done: there is no gate ${escapeMarkdown(name)}.${hint}`
}
