import { openCheckoutPorts } from '../jobs/checkout-ports.ts'
import { compareVersions, type NamedVersion } from '../jobs/compare-versions.ts'
import { VERSION } from '../registry/names.ts'
import { versionComparisonPage } from '../report/measured/version-comparison-page.ts'
import { type CommandInput, InvalidCommand, InvalidRecord } from './command.ts'
import { tellMeasured } from './measuring/tell-measured.ts'
import { openRegistryAt } from './registry-at.ts'
import { parseSubject, type Subject } from './subject.ts'

/** Two versions side by side: measured on the same exam, and as their records say. */
export async function run(input: CommandInput): Promise<number> {
  const [first = '', second = ''] = input.positionals
  const a = named(parseSubject(first), first)
  const b = VERSION.test(second) ? { ...a, version: second } : named(parseSubject(second), second)
  const { checkout, snapshot, models } = await openRegistryAt(input)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.terminal.progress)
  try {
    const answer = await compareVersions({
      snapshot,
      models: models.snapshot,
      a,
      b,
      latency: input.flag('latency'),
      audience: 'local',
      openPorts: (configuration) => ports.openPorts(configuration, models.checkout.root),
    })
    if (answer.is === 'mistakes') throw new InvalidRecord(answer.mistakes)
    if (answer.is === 'refused') throw new InvalidCommand(answer.what, answer.mend)
    return await tellMeasured(input, answer.document, () => versionComparisonPage(answer.document))
  } finally {
    await ports.close()
  }
}

function named({ model, version }: Subject, text: string): NamedVersion {
  if (version !== null) return { model, version }
  throw new InvalidCommand(`${text} names no version`, 'Write two versions: churn@1.3.0 1.4.0.')
}
