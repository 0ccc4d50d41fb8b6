import { resolve } from 'node:path'
import { openCheckout } from '../adapters/checkout/checkout.ts'
import { annotationsOf, type HeadPaths, promotionFindings } from '../checks/check-annotations.ts'
import type { Status } from '../gates/finding.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { outlineOf } from '../report/outline.ts'
import { plain } from '../report/plain-text.ts'
import { renderTerminal } from '../report/terminal.ts'
import { DECISION } from '../report/words.ts'
import { type AskedCommand, givenText } from './asked-command.ts'
import { commandLine } from './command-line.ts'
import { commitsToWeigh } from './commits-to-weigh.ts'
import type { FetchedCommits } from './fetch-commits.ts'
import { refusedAnswer } from './refused-answer.ts'
import { argumentsOf, keepDocument, LOG_COLUMNS, runCommandLine } from './run-command-line.ts'
import type { StepAnswer, StepStatus } from './step-answer.ts'
import type { StepContext } from './step-context.ts'
import { LONGEST_SUMMARY } from './step-summary.ts'

/** Weighs what the event of the run would merge. */
export async function run(asked: AskedCommand, step: StepContext): Promise<StepAnswer> {
  const folder = resolve(step.folder, givenText(asked, 'repo') ?? '.')
  const commits = await commitsToWeigh(asked, folder, step)
  const spec = commandLine('check')
  // who reads a summary may be anybody: nothing in it that may not be shared
  const args = [...argumentsOf(spec, withCommits(asked, commits)), '--markdown']
  const ran = await runCommandLine(spec, args, step)
  if (ran.document === null) return refusedAnswer(ran.complaints, ran.mistakes)
  const check = ran.document as CheckDocument
  for (const line of renderTerminal(check, (_style, text) => text, LOG_COLUMNS)) step.log(line)
  const html = givenText(asked, 'html')
  return {
    status: STATUSES[check.verdict.status],
    because: plain(`${DECISION[check.verdict.status]}. ${check.verdict.because}`, 500),
    outputs: {
      document: keepDocument('check', check, step),
      ...(html !== undefined && { report: resolve(step.folder, html) }),
      base: commits.base,
      head: commits.head,
    },
    summary: renderMarkdown(check, LONGEST_SUMMARY),
    annotations: annotationsIn(check, await changedPaths(folder, commits)),
  }
}

/** A promotion whose gates were all skipped has not passed. */
const STATUSES: Readonly<Record<Status, StepStatus>> = {
  passed: 'passed',
  failed: 'held',
  skipped: 'held',
  inconclusive: 'undecided',
}

function withCommits(asked: AskedCommand, { base, head }: FetchedCommits): AskedCommand {
  return { ...asked, inputs: new Map([...asked.inputs, ['base', [base]], ['head', [head]]]) }
}

function annotationsIn(check: CheckDocument, headPaths: HeadPaths): StepAnswer['annotations'] {
  const gates = outlineOf(check).flatMap((section) => section.gates)
  return annotationsOf(gates, headPaths, promotionFindings(check))
}

/** Which lines of them changed is not asked: GitHub shows an annotation of any line of a changed file. */
async function changedPaths(folder: string, { mergeBase, head }: FetchedCommits): Promise<HeadPaths> {
  const changed = await (await openCheckout(folder)).diff(mergeBase, head)
  return new Map(changed.map(({ path }) => [path, []]))
}
