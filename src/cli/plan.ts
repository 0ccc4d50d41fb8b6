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
import { type CommandInput, InvalidRecord } from './command.ts'
import { givenMoment } from './given-moment.ts'
import { tellMeasured } from './measuring/tell-measured.ts'
import { pathFrom } from './parse.ts'
import { openRegistryAt } from './registry-at.ts'
import { modelSubject } from './subject.ts'

/** Which rules an equally good model would pass how often on this many rows; judges nothing. */
export async function run(input: CommandInput): Promise<number> {
  const model = modelSubject('plan', input.positionals[0] ?? '')
  const path = input.text('policy')
  const shipped = shippedPolicies()
  const policy = path === undefined ? null : await policyFromFile(pathFrom(input.calledFrom, path), shipped)
  if (policy !== null && 'mistakes' in policy) throw new InvalidRecord(policy.mistakes)
  const { checkout, snapshot, models } = await openRegistryAt(input)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, input.terminal.progress)
  let job: Job | null = null
  const open = async (configuration: Configuration) => {
    job ??= openJob(await ports.openPorts(configuration, models.checkout.root))
    return job
  }
  try {
    const document = await planModel({
      snapshot,
      models: models.snapshot,
      model,
      environment: input.text('environment') ?? null,
      policy: policy?.composed ?? null,
      shipped,
      engine: engineName(),
      now: givenMoment(input, 'now') ?? new Date().toISOString(),
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
