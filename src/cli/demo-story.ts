import type { ToldStory } from '../demo/tell-story.ts'
import { renderTerminal } from '../report/terminal.ts'
import { wrapped } from '../report/wrap.ts'
import type { ShownCheck } from '../world/pull-handle.ts'
import type { Terminal } from './terminal.ts'

const STYLES: Readonly<Record<string, { readonly sign: string; readonly style: Parameters<Terminal['style']>[0] }>> = {
  success: { sign: '✓', style: 'green' },
  failure: { sign: '✗', style: 'red' },
  action_required: { sign: '?', style: 'yellow' },
}

/** One story for the terminal: the pull request, what the app weighed, its checks, and what landed. */
export function storyLines(told: ToldStory, terminal: Terminal): readonly string[] {
  const { story, pull, check, held, published } = told
  const { style, columns } = terminal
  const title = style('bold', `── ${pull.number}. ${story.title} `.padEnd(78, '─'))
  const asked =
    held === null ? [] : ['Before anybody had approved it:', checkLine(held, terminal), 'erin approved it:', '']
  return [
    '',
    title,
    story.told,
    '',
    ...asked,
    ...renderTerminal(check, style, columns),
    '',
    `Pull request ${pull.number} by dana shows:`,
    ...published.map((one) => checkLine(one, terminal)),
    ...landedLines(told, columns),
  ]
}

/** A check as the list of a pull request shows it. */
export function checkLine(
  { name, conclusion, title }: Pick<ShownCheck, 'name' | 'conclusion' | 'title'>,
  { style, columns }: Terminal,
) {
  const { sign, style: colour } = STYLES[conclusion ?? ''] ?? { sign: '–', style: 'dim' }
  const room = columns - name.length - 8
  return `  ${style(colour, sign)} ${style('bold', name)}  ${title.length > room ? `${title.slice(0, room - 1)}…` : title}`
}

function landedLines({ pull, deployments, ledger }: ToldStory, columns: number): readonly string[] {
  if (pull.mergeCommit === null) return []
  const lines = ledger.flatMap(({ seq, kind, scope, says }) =>
    wrapped(`${seq}  ${kind} ${scope}: ${says}`, columns, '  ', 5),
  )
  return [
    `Merged by the app as ${pull.mergeCommit.slice(0, 12)}.`,
    ...deployments.map(({ environment, state }) => `Deployment to ${environment}: ${state}.`),
    'Its lines in the ledger, as weighbridge audit shows them:',
    ...lines,
  ]
}

/** A story of `demo --json`. */
export function storyDocument({ story, pull, check, published, deployments, ledger, asTold }: ToldStory) {
  return {
    title: story.title,
    as_told: asTold,
    pull: pull.number,
    merged: pull.state === 'merged',
    check,
    published: published.map(({ name, conclusion, title }) => ({ name, conclusion, title })),
    deployments,
    ledger,
  }
}
