import { openCheckout } from '../adapters/checkout/checkout.ts'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { shippedPolicies } from '../adapters/shipped-policies.ts'
import { openCheckoutPorts } from '../jobs/checkout-ports.ts'
import { gather } from '../jobs/gather.ts'
import { type Job, openJob } from '../jobs/job.ts'
import { planModel } from '../jobs/plan-model.ts'
import { policyFromFile } from '../jobs/policy-from-file.ts'
import { Unavailable } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import { planPage } from '../report/measured/plan-page.ts'
import { type CommandInput, InvalidCommand, InvalidRecord } from './command.ts'
import { tellMeasured } from './measuring/tell-measured.ts'
import { pathFrom } from './parse.ts'
import { parseSubject } from './show.ts'

/** Which rules an equally good model would pass how often on this many rows; judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const { model, version } = parseSubject(input.positionals[0] ?? '')
  if (version !== null) throw new InvalidCommand(`plan takes a model, not ${model}@${version}`, `Write ${model}.`)
  const path = input.text('policy')
  const shipped = shippedPolicies()
  const policy = path === undefined ? null : await policyFromFile(pathFrom(input.calledFrom, path), shipped)
  if (policy !== null && 'mistakes' in policy) throw new InvalidRecord(policy.mistakes)
  const checkout = await openCheckout(input.folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.terminal.progress)
  let job: Job | null = null
  const open = async (configuration: Configuration) => {
    job ??= openJob(await ports.openPorts(configuration))
    return job
  }
  try {
    const document = await planModel({
      snapshot: await checkout.snapshot(await checkout.resolve(input.text('ref') ?? 'HEAD')),
      model,
      environment: input.text('environment') ?? null,
      policy: policy?.composed ?? null,
      shipped,
      engine: engineName(),
      now: momentOf(input.text('now')),
      job: open,
      gather: (requests) => {
        if (job === null) throw new Unavailable('unreachable', 'no store is open', 'This is a bug: please report it.')
        return gather(requests, job)
      },
    })
    return await tellMeasured(input, document, () => planPage(document))
  } finally {
    await ports.close()
  }
}

function momentOf(text: string | undefined): string {
  if (text === undefined) return new Date().toISOString()
  if (!Number.isNaN(Date.parse(text))) return new Date(text).toISOString()
  throw new InvalidCommand(`--now cannot be "${text}"`, 'Write a moment such as 2026-11-18T10:00:00Z.')
}
