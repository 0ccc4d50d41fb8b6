import { writeFileSync } from 'node:fs'
import { gateNamed, gates } from '../gates/index.ts'
import { checkCheckout } from '../jobs/check-checkout.ts'
import { didYouMean } from '../registry/did-you-mean.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { renderHtml } from '../report/html.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderTerminal } from '../report/terminal.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { pathFrom } from './parse.ts'

/** Weighs and shows; the exit code is the verdict. */
export async function run(input: CommandInput): Promise<number> {
  const skip = input.texts('skip')
  for (const gate of skip) requireGate(gate)
  const check = await checkCheckout({
    folder: input.folder,
    base: input.text('base') ?? null,
    head: input.text('head') ?? null,
    now: moment(input.text('now')),
    skip,
    progress: input.terminal.progress,
  })
  return show(check, input)
}

/** The check as asked for: JSON, Markdown, HTML beside it, or text. */
export function show(check: CheckDocument, input: CommandInput): number {
  const { terminal } = input
  const page = input.text('html')
  if (page !== undefined) writeFileSync(pathFrom(input.calledFrom, page), renderHtml(check))
  if (input.json) terminal.line(JSON.stringify(check, null, 2))
  else if (input.flag('markdown')) terminal.line(renderMarkdown(check))
  else for (const line of renderTerminal(check, terminal.style)) terminal.line(line)
  if (page !== undefined && !input.json && !input.flag('markdown')) terminal.line(`Page: ${page}`)
  return { passed: EXIT.passed, failed: EXIT.held, inconclusive: EXIT.undecided, skipped: EXIT.held }[
    check.verdict.status
  ]
}

function requireGate(name: string): void {
  if (gateNamed(name) !== undefined) return
  const known = gates.map((gate) => gate.name)
  const near = didYouMean(name, known)
  throw new InvalidCommand(
    `there is no gate "${name}"`,
    `${near === null ? '' : `Did you mean ${near}? `}Gates: ${known.join(', ')}.`,
  )
}

/** --now, or the clock. */
export function moment(text: string | undefined): string {
  const at = text === undefined ? Date.now() : Date.parse(text)
  if (Number.isNaN(at))
    throw new InvalidCommand(`--now cannot be "${text}"`, 'Write a moment such as 2026-11-18T10:00:00Z.')
  return new Date(at).toISOString()
}
