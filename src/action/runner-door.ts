import { randomUUID } from 'node:crypto'
import { error, notice, setOutput, summary, warning } from '@actions/core'
import { harmless } from '../cli/terminal.ts'
import type { Annotation } from '../ports/check-run.ts'
import { plain } from '../report/plain-text.ts'
import type { FailOn } from './own-inputs.ts'
import type { StepAnswer } from './step-answer.ts'

/** GitHub shows this many annotations of each level for a step. */
const MOST_OF_A_LEVEL = 10

const WRITE = { failure: error, warning, notice } as const
const LEVELS = ['failure', 'warning', 'notice'] as const

/** The step's log while commands run: a line of it that looks like a command of the runner is none. */
export interface GuardedLog {
  line(text: string): void
  /** From here on what we say is obeyed again. */
  open(): void
}

/** @param print  writes one line to the standard output of the step */
export function guardLog(print: (line: string) => void): GuardedLog {
  // nobody can know the word that ends it, whatever files hold
  const word = randomUUID()
  print(`::stop-commands::${word}`)
  return {
    line: (text) => print(harmless(text)),
    open: () => print(`::${word}::`),
  }
}

/** Outputs, summary, annotations: what GitHub shows and later steps read. */
export async function tellRunner(answer: StepAnswer, failOn: FailOn): Promise<void> {
  const { status, because, outputs, annotations } = answer
  for (const [name, value] of Object.entries({ status, because, ...outputs })) setOutput(name, value)
  await showSummary(answer.summary)
  const isFailed = failsStep(answer, failOn)
  if (isFailed) error(because, { title: 'weighbridge' })
  for (const one of shownAnnotations(annotations, isFailed ? 1 : 0)) WRITE[one.level](one.message, placeOf(one))
}

/** A verdict is one also where nobody can read why: a runner without summaries, a full disk. */
async function showSummary(text: string): Promise<void> {
  if (text === '') return
  try {
    await summary.addRaw(text, true).write()
  } catch (problem) {
    warning(`The summary of this step is not shown: ${plain(String((problem as Error).message), 300)}`)
  }
}

/**
 * Whether the step fails: always when nothing was done, for a verdict as the workflow asks.
 *
 * @example failsStep({ status: 'undecided' }, 'held') // => false
 */
export function failsStep({ status }: Pick<StepAnswer, 'status'>, failOn: FailOn): boolean {
  if (status === 'refused') return true
  if (status === 'held') return failOn !== 'never'
  return status === 'undecided' && failOn === 'undecided'
}

/** The worst first, as many of each level as GitHub shows; the step's own error takes a place. */
function shownAnnotations(annotations: readonly Annotation[], errors: number): readonly Annotation[] {
  return LEVELS.flatMap((level) =>
    annotations.filter((one) => one.level === level).slice(0, MOST_OF_A_LEVEL - (level === 'failure' ? errors : 0)),
  )
}

function placeOf({ title, path, startLine, endLine }: Annotation) {
  return path === '' ? { title } : { title, file: path, startLine, endLine }
}
