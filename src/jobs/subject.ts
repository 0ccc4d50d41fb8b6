import type { DriftWindow, GateSubject, HistoryFacts, RecordFile } from '../gates/gate.ts'
import type { Change } from '../registry/change.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import type { Mistake } from '../registry/mistake.ts'
import { JUDGING_FIELDS, type Model, type TableReference } from '../registry/model.ts'
import { recordPath, type VersionRecord } from '../registry/record.ts'
import { urisOfModel, urisOfRecord, urisOutside } from '../registry/record-uris.ts'
import { asRollback } from '../serving/serving-changes.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { productionWindow } from './production-window.ts'
import type { ReadChange } from './read-change.ts'
import type { Read, RegistryReader } from './registry-reader.ts'
import type { ServingHistory } from './serving-history.ts'

export interface SubjectInput {
  readonly change: Change
  readonly configuration: Configuration
  readonly read: ReadChange
  readonly before: RegistryReader
  readonly after: RegistryReader
  readonly history: ServingHistory
  readonly now: string
  readonly store: GatherPorts['store']
  readonly folder: string
}

/** A promotion as gates see it, or why it cannot be weighed at all. */
export type SubjectReading =
  | { readonly ok: true; readonly subject: GateSubject }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** Reads everything that a promotion is judged by: terms from the governed branch, the candidate from the head. */
export async function readSubject(input: SubjectInput): Promise<SubjectReading> {
  const { change, configuration, read, before, after, history } = input
  const name = change.model ?? ''
  const version = change.to ?? ''
  const environment = configuration.environments.find((one) => one.name === change.environment)
  if (environment === undefined) return { ok: false, mistakes: [] }
  const [headRecord, headModel, baseModel] = await Promise.all([
    after.record(name, version),
    after.model(name),
    before.model(name),
  ])
  const unread = [
    ...missingFile(headRecord, recordPath(name, version), `The manifest serves ${name} ${version}: add its record.`),
    ...missingFile(headModel, `models/${name}/model.yml`, 'Add the model.'),
    ...(baseModel !== null && !baseModel.ok ? baseModel.mistakes : []),
  ]
  if (!headRecord?.ok || !headModel?.ok || unread.length > 0) return { ok: false, mistakes: unread }
  const candidate = recordFile(recordPath(name, version), headRecord)
  const model = baseModel?.ok ? governed(headModel.value, baseModel.value) : headModel.value
  const incumbent = await findIncumbent(input, environment, name)
  const servedBefore = await history.served(environment, name, version)
  const exam = examOf(baseModel?.ok ? baseModel.value : null, incumbent.record, headModel.value, candidate)
  const rollback = servedBefore === true && incumbent.source !== 'none'
  const firstHere = incumbent.source === 'none'
  const parentVersion = candidate.record.parent
  const parent = parentVersion === undefined ? null : await after.record(name, parentVersion)
  const subject: GateSubject = {
    change: rollback ? asRollback(change) : change,
    configuration,
    environment,
    model,
    candidate,
    incumbent: incumbent.record,
    incumbentSource: incumbent.source,
    exam,
    rollback,
    now: input.now,
    registry: {
      mistakes: [...read.mistakes, ...outside(configuration, candidate, model)],
      changes: read.changes.map((one) => (rollback && one === change ? asRollback(one) : one)),
      parent: parent?.ok && parentVersion !== undefined ? recordFile(recordPath(name, parentVersion), parent) : null,
      versions: await before.versions(name),
      firstDigest: await history.firstDigest(name, version),
      conflicts: read.conflicts,
      headExam: headExamOf(headModel.value, candidate.record, exam?.data ?? null),
      recordsConsidered: [headRecord, incumbent.record, parent].filter((one) => one !== null).length,
    },
    manifest: { documents: read.environments.get(environment.name)?.after ?? [], strays: read.strays },
    history: { liveInEarlier: await liveInEarlier(input, environment, name, version), firstHere },
    drift: rollback ? null : await driftWindow(input, model),
  }
  return { ok: true, subject }
}

function missingFile<T>(reading: Read<T>, path: string, mend: string): readonly Mistake[] {
  if (reading === null) return [{ path, line: 1, column: 1, where: '', what: 'is missing', mend, severity: 'error' }]
  return reading.ok ? [] : reading.mistakes
}

function recordFile(path: string, reading: Extract<Read<VersionRecord>, { ok: true }>): RecordFile {
  return { path, record: reading.value, place: (field) => reading.place(field) }
}

/** model.yml as the head describes it, judged on the governed branch's terms. */
export function governed(head: Model, base: Model): Model {
  const merged: Record<string, unknown> = { ...head }
  for (const field of JUDGING_FIELDS) {
    if (base[field] === undefined) delete merged[field]
    else merged[field] = base[field]
  }
  return merged as unknown as Model
}

async function findIncumbent(
  { change, read, before, history }: SubjectInput,
  environment: Environment,
  name: string,
): Promise<{ readonly record: RecordFile | null; readonly source: GateSubject['incumbentSource'] }> {
  const documents = read.environments.get(environment.name)?.before ?? []
  const serving = documents.find((document) => document.model === name)
  const served = serving === undefined ? null : (change.from ?? serving.version)
  if (serving !== undefined && served === null) return { record: null, source: 'unreadable' }
  const version = served ?? (await history.lastServed(environment, name))
  if (version === null) return { record: null, source: 'none' }
  const record = await before.record(name, version)
  if (!record?.ok) return { record: null, source: 'unreadable' }
  return { record: recordFile(recordPath(name, version), record), source: served === null ? 'last-served' : 'served' }
}

/** The exam is set by the governed branch: its model.yml, else the incumbent's set, else, for a first version, its own. */
function examOf(
  base: Model | null,
  incumbent: RecordFile | null,
  head: Model,
  candidate: RecordFile,
): GateSubject['exam'] {
  const own = base === null ? head.evaluation?.data : base.evaluation?.data
  if (own !== undefined) return { data: own, setBy: 'model' }
  const before = incumbent?.record.evaluation.data
  if (before !== undefined) return { data: before, setBy: 'incumbent' }
  const first = candidate.record.evaluation.data
  return first === undefined ? null : { data: first, setBy: 'candidate' }
}

/** A set that the head would rather be judged on: shown, never used. */
function headExamOf(head: Model, record: VersionRecord, exam: TableReference | null): TableReference | null {
  const wish = head.evaluation?.data ?? record.evaluation.data ?? null
  return wish !== null && exam !== null && wish.digest !== exam.digest ? wish : null
}

/** Records point only below the configured prefixes. */
function outside(configuration: Configuration, candidate: RecordFile, model: Model): readonly Mistake[] {
  const prefixes = [configuration.store.artifacts, ...(configuration.store.read ?? [])].join(', ')
  const mend = `Prefixes here: ${prefixes}.`
  return [
    ...urisOutside(configuration.store, urisOfRecord(candidate.record)).map(({ field, uri }) => ({
      ...candidate.place(field),
      where: field,
      what: `${uri} lies outside the configured store`,
      mend,
      severity: 'error' as const,
    })),
    ...urisOutside(configuration.store, urisOfModel(model)).map(({ field, uri }) => ({
      path: `models/${model.model}/model.yml`,
      line: 1,
      column: 1,
      where: field,
      what: `${uri} lies outside the configured store`,
      mend,
      severity: 'error' as const,
    })),
  ]
}

/** `after:` is judged from Git: the version stood in the earlier environment's manifest in a first-parent commit of base. */
async function liveInEarlier(
  { configuration, history }: SubjectInput,
  environment: Environment,
  model: string,
  version: string,
): Promise<HistoryFacts['liveInEarlier']> {
  if (environment.after === undefined) return null
  const earlier = configuration.environments.find((one) => one.name === environment.after)
  if (earlier === undefined)
    return { environment: environment.after, live: null, because: `there is no environment ${environment.after}` }
  const live = await history.served(earlier, model, version)
  const because =
    live === null
      ? 'history is too long to tell'
      : live
        ? `${version} stood in the manifests of ${earlier.name}`
        : `${version} never stood in the manifests of ${earlier.name}`
  return { environment: earlier.name, live, because }
}

async function driftWindow(input: SubjectInput, model: Model): Promise<DriftWindow | null> {
  return productionWindow(model, input.now, input.store, input.folder)
}
