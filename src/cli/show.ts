import { servedBy } from '../jobs/list-registry.ts'
import { openRegistry } from '../jobs/registry-reader.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { Model } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import { compareVersions } from '../registry/semantic-version.ts'
import { type CommandInput, EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import { openRegistryAt } from './registry-at.ts'
import { parseSubject, unknownModel } from './subject.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

/** A model with its versions, or one version's record. */
export async function run(input: CommandInput): Promise<number> {
  const { model, version } = parseSubject(input.positionals[0] ?? '')
  const { snapshot, models } = await openRegistryAt(input)
  const registry = openRegistry(snapshot, models.snapshot)
  const reading = await registry.model(model)
  if (reading === null)
    throw unknownModel(
      model,
      (await models.snapshot.list('models')).map((entry) => entry.path),
    )
  if (!reading.ok) throw new InvalidRecord(reading.mistakes)
  const versions = [...(await registry.versions(model))].sort(compareVersions)
  const configuration = await registry.configuration()
  const serves = configuration?.ok ? ((await servedBy(snapshot, configuration.value)).get(model) ?? {}) : {}
  if (version === null) return showModel(input, reading.value, versions, serves)
  const record = await registry.record(model, version)
  if (record === null)
    throw new InvalidCommand(`${model} has no version ${version}`, suggest(version, versions, 'Versions'))
  if (!record.ok) throw new InvalidRecord(record.mistakes)
  return showVersion(input, record.value, serves)
}

function showModel(
  { json, terminal }: CommandInput,
  model: Model,
  versions: readonly string[],
  serves: Readonly<Record<string, string>>,
): number {
  if (json) {
    terminal.document({ schema: 'weighbridge.model/v1', ...model, versions, serves })
    return EXIT.passed
  }
  const facts = [
    ['model', model.model],
    ['task', model.task],
    ['owner', model.owner ?? ''],
    ['description', model.description ?? ''],
    ['intended use', model.intended_use ?? ''],
    ['limitations', model.limitations ?? ''],
    ['risk class', model.risk_class ?? ''],
    ['features', (model.features ?? []).map((feature) => `${feature.name} (${feature.type})`).join(', ')],
    ['label', model.label?.name ?? ''],
    ['exam', model.evaluation?.data.uri ?? 'the incumbent’s set'],
    ['versions', versions.join(', ')],
    ...Object.entries(serves).map(([environment, version]) => [`serves in ${environment}`, version]),
    ...(model.retired ?? []).map((retired) => [`retired ${retired.version}`, `${retired.on}: ${retired.reason}`]),
  ]
  printFacts(terminal, facts)
  return EXIT.passed
}

function showVersion(
  { json, terminal }: CommandInput,
  record: VersionRecord,
  serves: Readonly<Record<string, string>>,
): number {
  const environments = Object.entries(serves).flatMap(([environment, version]) =>
    version === record.version ? [environment] : [],
  )
  if (json) {
    terminal.document({ schema: 'weighbridge.version/v1', ...record, serves: environments })
    return EXIT.passed
  }
  const { artifact, training, evaluation } = record
  printFacts(terminal, [
    ['version', `${record.model} ${record.version}`],
    ['created', record.created],
    ['serves in', environments.join(', ') || 'nowhere'],
    ['parent', record.parent ?? ''],
    ['artifact', artifact.uri],
    ['digest', artifact.digest],
    ['format', artifact.format ?? 'onnx'],
    ['threshold', record.threshold === undefined ? '' : String(record.threshold)],
    ['trained on', evaluation.reference.uri],
    ['commit', training?.commit ?? ''],
    [
      'parameters',
      Object.entries(training?.parameters ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ],
    [
      'claims',
      Object.entries(evaluation.claims ?? {})
        .map(([name, value]) => `${name} ${value} (claimed)`)
        .join(', '),
    ],
  ])
  return EXIT.passed
}

function printFacts(terminal: Terminal, facts: readonly (readonly string[])[]): void {
  const shown = facts.filter(([, value]) => value !== '')
  for (const line of table(['', ''], shown).slice(1)) terminal.line(line)
}
