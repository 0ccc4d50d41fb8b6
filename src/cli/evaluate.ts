import { openCheckout } from '../adapters/checkout/checkout.ts'
import { openCheckoutPorts } from '../jobs/checkout-ports.ts'
import { evaluateVersion } from '../jobs/evaluate-version.ts'
import { evaluationPage } from '../report/measured/evaluation-page.ts'
import type { CommandInput } from './command.ts'
import { tellMeasured } from './measuring/tell-measured.ts'
import { versionSubject } from './subject.ts'

/** Runs a version on its exam, keeps the evidence, and prints its metrics with intervals. */
export async function run(input: CommandInput): Promise<number> {
  const { model, version } = versionSubject(input.positionals[0] ?? '')
  const checkout = await openCheckout(input.folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.terminal.progress)
  try {
    const snapshot = await checkout.snapshot(await checkout.resolve(input.text('ref') ?? 'HEAD'))
    const evaluation = await evaluateVersion({ snapshot, model, version, openPorts: ports.openPorts })
    return await tellMeasured(input, evaluation, () => evaluationPage(evaluation))
  } finally {
    await ports.close()
  }
}
