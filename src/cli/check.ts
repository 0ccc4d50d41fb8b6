import { gateNamed, gates } from '../gates/index.ts'
import { checkCheckout } from '../jobs/check-checkout.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { renderHtml } from '../report/html.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderTerminal } from '../report/terminal.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { givenMoment } from './given-moment.ts'
import { pathFrom } from './parse.ts'
import { writePage } from './write-page.ts'

/** Weighs and shows; the exit code is the verdict. */
export async function run(input: CommandInput): Promise<number> {
  const skip = input.texts('skip')
  for (const gate of skip) requireGate(gate)
  const registry = input.text('registry')
  const check = await checkCheckout({
    folder: input.folder,
    registryFolder: registry === undefined ? null : pathFrom(input.calledFrom, registry),
    base: input.text('base') ?? null,
    head: input.text('head') ?? null,
    now: givenMoment(input, 'now') ?? new Date().toISOString(),
    skip,
    audience: input.flag('markdown') ? 'shared' : 'local',
    progress: input.terminal.progress,
  })
  return show(check, input)
}

/** The check as asked for: JSON, Markdown, HTML beside it, or text. */
export function show(check: CheckDocument, input: CommandInput): number {
  const { terminal } = input
  const page = writePage(input, () => renderHtml(check))
  if (input.json) terminal.document(check)
  else if (input.flag('markdown')) terminal.line(renderMarkdown(check))
  else for (const line of renderTerminal(check, terminal.style, terminal.columns)) terminal.line(line)
  if (page !== undefined && !input.json && !input.flag('markdown')) terminal.line(`Page: ${page}`)
  return { passed: EXIT.passed, failed: EXIT.held, inconclusive: EXIT.undecided, skipped: EXIT.held }[
    check.verdict.status
  ]
}

function requireGate(name: string): void {
  if (gateNamed(name) !== undefined) return
  const known = gates.map((gate) => gate.name)
  throw new InvalidCommand(`there is no gate "${name}"`, suggest(name, known, 'Gates'))
}
