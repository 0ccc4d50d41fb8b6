import { openCheckout } from '../adapters/checkout/checkout.ts'
import { numberText } from '../gates/number-text.ts'
import { openCheckoutPorts } from '../jobs/checkout-ports.ts'
import { evaluateVersion } from '../jobs/evaluate-version.ts'
import { evaluationPage } from '../report/measured/evaluation-page.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { table } from './list.ts'
import { parseSubject } from './show.ts'

/** Runs a version on its exam, keeps the evidence, and prints its metrics with intervals. */
export async function run(input: CommandInput): Promise<number> {
  const { model, version } = parseSubject(input.positionals[0] ?? '')
  if (version === null) throw new InvalidCommand(`${model} names no version`, `Write ${model}@1.0.0, for example.`)
  const checkout = await openCheckout(input.folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.terminal.progress)
  try {
    const snapshot = await checkout.snapshot(await checkout.resolve(input.text('ref') ?? 'HEAD'))
    const evaluation = await evaluateVersion({ snapshot, model, version, openPorts: ports.openPorts })
    input.terminal.page?.(evaluationPage(evaluation))
    if (input.json) input.terminal.document(evaluation)
    else for (const line of linesOf(evaluation)) input.terminal.line(line)
    return EXIT.passed
  } finally {
    await ports.close()
  }
}

function linesOf(evaluation: Awaited<ReturnType<typeof evaluateVersion>>): readonly string[] {
  const rows = Object.entries(evaluation.metrics).map(([name, { value, interval, method, because }]) => [
    name,
    value === null ? 'none' : numberText(value),
    interval === null ? '' : `${numberText(interval[0])} to ${numberText(interval[1])}`,
    value === null ? (because ?? '') : (method ?? ''),
  ])
  return [
    `${evaluation.model} ${evaluation.version} on ${evaluation.rows} rows of ${evaluation.exam.uri} (${evaluation.provenance})`,
    '',
    ...table(['metric', 'value', 'interval 95 %', 'method'], rows),
    ...evaluation.warnings.map((warning) => `warning: ${warning.message}`),
  ]
}
