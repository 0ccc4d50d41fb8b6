import { readAllRecords } from '../adapters/checkout/all-records.ts'
import { openRegistry } from '../jobs/registry-reader.ts'
import { remembering, servedIn } from '../jobs/search-registry.ts'
import { versionLineage } from '../jobs/version-lineage.ts'
import { Unavailable } from '../ports.ts'
import { suggest } from '../registry/did-you-mean.ts'
import { usesOf } from '../registry/lineage.ts'
import type { VersionRecord } from '../registry/record.ts'
import { compareVersions } from '../registry/semantic-version.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { historyOf } from './history.ts'
import { lineageLines } from './lineage-lines.ts'
import { openRegistryAt, type RegistryAt } from './registry-at.ts'
import { unknownModel, versionSubject } from './subject.ts'
import { table } from './table.ts'

/** Where a version comes from and where it went; with --data, which versions a data set went into. */
export async function run(input: CommandInput): Promise<number> {
  const data = input.text('data')
  const [subject] = input.positionals
  if ((data === undefined) === (subject === undefined))
    throw new InvalidCommand(
      'lineage takes a version, or --data',
      'Write churn@1.4.0, or --data s3://acme-data/train.parquet.',
    )
  const at = await openRegistryAt(input)
  input.terminal.progress('reading the registry')
  if (data === undefined) return tellVersion(input, at, subject ?? '')
  const { progress } = input.terminal
  const { records } = await readAllRecords(at.models.checkout, at.models.snapshot.sha, { progress })
  return tellUses(input, { at, records, data })
}

interface Asked {
  readonly at: RegistryAt
  readonly records: readonly VersionRecord[]
  readonly data: string
}

async function tellVersion(input: CommandInput, at: RegistryAt, subject: string): Promise<number> {
  const { model, version } = versionSubject(subject)
  const own = (await readAllRecords(at.models.checkout, at.models.snapshot.sha, { model })).records
  const record = own.find((one) => one.version === version)
  if (record === undefined) throw await unknown(at, { model, version, own })
  const past = await orReason(historyOf(input, at, { model, environment: undefined }))
  const lineage = versionLineage(record, own, 'because' in past ? null : past)
  if (input.json) input.terminal.document(lineage)
  else for (const line of lineageLines(lineage)) input.terminal.line(line)
  if ('because' in past) input.terminal.complain(`Where it served cannot be told: ${past.because}`)
  return EXIT.passed
}

/** All but where it served is known without a history. */
async function orReason<Value>(asked: Promise<Value>): Promise<Value | { readonly because: string }> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Unavailable) return { because: `${error.message}. ${error.mend}` }
    throw error
  }
}

async function unknown(
  { models }: RegistryAt,
  { model, version, own }: { readonly model: string; readonly version: string; readonly own: readonly VersionRecord[] },
): Promise<InvalidCommand> {
  if (own.length === 0) {
    const entries = await models.snapshot.list('models')
    const paths = entries.map(({ path }) => path)
    if (!paths.includes(`models/${model}/model.yml`)) return unknownModel(model, paths)
  }
  const versions = own.map((one) => one.version).sort(compareVersions)
  return new InvalidCommand(`${model} has no version ${version}`, suggest(version, versions, 'Versions'))
}

async function tellUses({ json, terminal }: CommandInput, { at, records, data }: Asked): Promise<number> {
  const registry = remembering(openRegistry(at.snapshot, at.models.snapshot), { records, unreadable: [] })
  const configuration = await registry.configuration()
  const serves = configuration?.ok ? await servedIn(at.snapshot, registry, configuration.value) : new Map()
  const versions = records.flatMap((record) => {
    const used = usesOf(record, data)
    const { model, version, created } = record
    if (used.length === 0) return []
    return [{ model, version, created, used_as: used, serves: serves.get(`${model}@${version}`) ?? [] }]
  })
  if (json) {
    terminal.document({ schema: 'weighbridge.lineage/v1', data, searched: records.length, versions })
    return EXIT.passed
  }
  const rows = versions.map((one) => [
    one.model,
    one.version,
    one.used_as.join(', '),
    one.created.slice(0, 10),
    one.serves.join(', '),
  ])
  if (rows.length > 0)
    for (const line of table(['model', 'version', 'used as', 'created', 'serves in'], rows)) terminal.line(line)
  terminal.line(`${versions.length} of ${records.length} versions used ${data}.`)
  return EXIT.passed
}
