import type { OwnPull, Said, ToldChapter } from '../demo/training-chapter.ts'
import { wrapped } from '../report/wrap.ts'
import { checkLine } from './demo-story.ts'
import type { Terminal } from './terminal.ts'

/** The chapter on training for the terminal: what was said, what ran, and the two pull requests that came of it. */
export function chapterLines(told: ToldChapter, terminal: Terminal): readonly string[] {
  const { style, columns } = terminal
  const { refused, trained, run, candidate, asked, promotion, serves } = told
  const title = '── In an issue of acme/census, where production serves 1.0.0 of adult '
  return [
    '',
    style('bold', title.padEnd(78, '─')),
    'A command in a comment trains on an Actions runner, here one of this machine, with a small trainer in Node.',
    '',
    ...saidLines(refused, columns),
    ...saidLines(trained, columns),
    `The run "${run.title}": ${run.jobs.map(({ name, conclusion }) => `${name} ${conclusion}`).join(', ')}.`,
    '',
    ...pullLines(candidate, terminal),
    '',
    ...(asked === null ? [] : saidLines(asked, columns)),
    ...pullLines(promotion, terminal),
    `Production of acme/census serves adult ${serves}.`,
  ]
}

function saidLines({ by, command, answer }: Said, columns: number): readonly string[] {
  const plain = answer
    .split('\n')
    .slice(1)
    .filter((line) => line !== `\`${command}\`` && !line.startsWith('<!--') && !line.startsWith('[The run]'))
    .map((line) => line.replaceAll('**', '').replaceAll('`', ''))
    .filter((line) => line.trim() !== '')
  return [`${by}: ${command}`, ...plain.flatMap((line) => wrapped(line, columns, '  ', 2)), '']
}

function pullLines(own: OwnPull | null, terminal: Terminal): readonly string[] {
  if (own === null) return ['No pull request came of it.']
  const { pull, title, checks, approvedBy } = own
  const approved = approvedBy === null ? '' : `, approved by ${approvedBy}`
  return [
    `Pull request ${pull.number} by the app, "${title}": ${pull.state}${approved}.`,
    ...checks.map((check) => checkLine(check, terminal)),
  ]
}

/** The chapter in `demo --json`. */
export function chapterDocument({ refused, trained, run, candidate, asked, promotion, serves, asTold }: ToldChapter) {
  const pull = (own: OwnPull | null) =>
    own && {
      number: own.pull.number,
      title: own.title,
      state: own.pull.state,
      checks: own.checks.map(({ name, conclusion, title }) => ({ name, conclusion, title })),
    }
  return {
    as_told: asTold,
    refused,
    trained,
    run,
    candidate: pull(candidate),
    asked,
    promotion: pull(promotion),
    serves,
  }
}
