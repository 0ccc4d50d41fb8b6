import type { GateSubject, RecordFile } from '../gates/gate.ts'
import type { Change } from '../registry/change.ts'
import type { Environment } from '../registry/configuration.ts'
import { servedVersion } from '../serving/served-version.ts'
import type { ReadChange } from './read-change.ts'
import { recordFile } from './record-file.ts'
import type { RegistryReader } from './registry-reader.ts'
import type { ServingHistory } from './serving-history.ts'

export interface Incumbent {
  readonly record: RecordFile | null
  readonly source: GateSubject['incumbentSource']
}

const UNREADABLE: Incumbent = { record: null, source: 'unreadable' }

/** The version that an environment serves on the governed branch or, if none, the last that it served. */
export async function findIncumbent(
  {
    change,
    read,
    before,
    history,
  }: {
    readonly change: Change
    readonly read: ReadChange
    readonly before: RegistryReader
    readonly history: ServingHistory
  },
  environment: Environment,
): Promise<Incumbent> {
  const model = change.model ?? ''
  const documents = read.environments.get(environment.name)?.before ?? []
  const labelled = documents.find((document) => document.model === model && document.version !== null)
  const version = labelled?.version ?? (servedVersion(documents, model).status === 'none' ? undefined : null)
  if (version === null) return UNREADABLE
  if (version !== undefined) return recordOf(before, model, version, 'served')
  const last = await history.lastServed(environment, model)
  if (last.status === 'served') return recordOf(before, model, last.version, 'last-served')
  return last.status === 'never' ? { record: null, source: 'none' } : UNREADABLE
}

async function recordOf(
  before: RegistryReader,
  model: string,
  version: string,
  source: 'served' | 'last-served',
): Promise<Incumbent> {
  const reading = await before.record(model, version)
  return reading?.ok ? { record: recordFile(model, version, reading), source } : UNREADABLE
}
