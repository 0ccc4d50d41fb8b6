import type { GateSubject, HistoryFacts } from '../gates/gate.ts'
import type { LedgerFacts } from '../gates/github-facts.ts'
import { quarantineOf } from '../gates/ledger-findings.ts'
import type { Change } from '../registry/change.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { modelPath, recordPath, type VersionRecord } from '../registry/record.ts'
import { asRollback } from '../serving/serving-changes.ts'
import type { GitHubSide } from './github-side.ts'
import { examOf, governedModel, headExamOf } from './governing-exam.ts'
import { findIncumbent } from './incumbent.ts'
import type { Job } from './job.ts'
import { outsideStore } from './outside-store.ts'
import { productionWindow } from './production-window.ts'
import { manifestFacts, type ReadChange } from './read-change.ts'
import { recordFile } from './record-file.ts'
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
  /** What the ledger says of an environment and model; null in a checkout. */
  readonly ledger: GitHubSide['ledger'] | null
  readonly job: Job
}

/** A promotion as gates see it before GitHub is asked, or why it cannot be weighed at all. */
export type SubjectReading =
  | { readonly ok: true; readonly subject: GateSubject; readonly ledger: LedgerFacts | null }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** Reads everything that a promotion is judged by: terms from the governed branch, the candidate from the head. */
export async function readSubject(input: SubjectInput): Promise<SubjectReading> {
  const files = await readFiles(input)
  if ('mistakes' in files) return { ok: false, mistakes: files.mistakes }
  const { change, configuration, read, before, after, history } = input
  const { model, headModel, baseModel, candidate, environment } = files
  const { version, parent: parentVersion } = candidate.record
  const [incumbent, servedBefore, parent, versions, landed, liveInEarlier, ledger] = await Promise.all([
    findIncumbent(input, environment),
    history.served(environment, model.model, version),
    parentVersion === undefined ? null : after.record(model.model, parentVersion),
    before.versions(model.model),
    history.firstDigest(model.model, version),
    earlierEnvironment(input, environment, version),
    input.ledger?.(environment.name, model.model) ?? null,
  ])
  const exam = examOf(baseModel, incumbent.record, headModel, candidate.record)
  const isQuarantined =
    ledger?.is === 'sound' && quarantineOf(ledger.state, candidate.record.artifact.digest, input.now) !== null
  const rollback = servedBefore === true && incumbent.source !== 'none' && !isQuarantined
  const here = manifestFacts(read.environments.get(environment.name))
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
      mistakes: [
        ...read.mistakes,
        ...outsideStore(configuration, candidate, model),
        ...(landed === 'unknown' ? [unknownPast(candidate.path, input)] : []),
      ],
      changes: read.changes.map((one) => (rollback && one === change ? asRollback(one) : one)),
      parent: parent?.ok && parentVersion !== undefined ? recordFile(model.model, parentVersion, parent) : null,
      versions,
      firstDigest: landed === 'unknown' ? null : landed.digest,
      conflicts: read.conflicts,
      headExam: headExamOf(headModel, candidate.record, exam?.data ?? null),
      recordsConsidered: [candidate, incumbent.record, parent].filter((one) => one !== null).length,
    },
    manifest: { ...here, strays: [...read.strays, ...here.strays] },
    history: { liveInEarlier, firstHere: incumbent.source === 'none' },
    drift: rollback ? null : await productionWindow(model, input.now, input.job),
    github: null,
  }
  return { ok: true, subject, ledger }
}

/** The files that a promotion stands on; without one of them nothing can be weighed. */
async function readFiles({ change, configuration, before, after }: SubjectInput) {
  const [name, version] = [change.model ?? '', change.to ?? '']
  const environment = configuration.environments.find((one) => one.name === change.environment)
  const [record, headModel, baseModel] = await Promise.all([
    after.record(name, version),
    after.model(name),
    before.model(name),
  ])
  const mistakes = [
    ...missingFile(record, recordPath(name, version), `The manifest serves ${name} ${version}: add its record.`),
    ...missingFile(headModel, modelPath(name), 'Add the model.'),
    ...(baseModel === null || baseModel.ok ? [] : baseModel.mistakes),
  ]
  if (environment === undefined || !record?.ok || !headModel?.ok || mistakes.length > 0) return { mistakes }
  const base: Model | null = baseModel?.ok ? baseModel.value : null
  return {
    environment,
    candidate: recordFile(name, version, record),
    headModel: headModel.value,
    baseModel: base,
    model: base === null ? headModel.value : governedModel(headModel.value, base),
  }
}

function missingFile(reading: Read<Model | VersionRecord>, path: string, mend: string): readonly Mistake[] {
  if (reading === null) return [{ path, line: 1, column: 1, where: '', what: 'is missing', mend, severity: 'error' }]
  return reading.ok ? [] : reading.mistakes
}

function unknownPast(path: string, { ledger, history }: SubjectInput): Mistake {
  const start = { path, line: 1, column: 1, where: '', severity: 'error' as const }
  const what = 'may have landed with another digest before'
  if (ledger !== null)
    return { ...start, what: `${what}: ${history.whyUnknown}`, mend: 'Mend the ledger, then weigh again.' }
  const shallow = `${what}: this clone is shallow, its history is cut short`
  return { ...start, what: shallow, mend: 'Fetch the history: git fetch --unshallow' }
}

/** `after:` is judged from Git: the version stood in the earlier environment's manifest in a first-parent commit of base. */
async function earlierEnvironment(
  { change, configuration, history }: SubjectInput,
  { after }: Environment,
  version: string,
): Promise<HistoryFacts['liveInEarlier']> {
  if (after === undefined) return null
  const earlier = configuration.environments.find((one) => one.name === after)
  if (earlier === undefined) return { environment: after, live: null, because: `there is no environment ${after}` }
  const live = await history.served(earlier, change.model ?? '', version)
  const because = {
    true: `${version} stood in the manifests of ${after}`,
    false: `${version} never stood in the manifests of ${after}`,
    null: `whether ${version} stood in the manifests of ${after} cannot be told: ${history.whyUnknown}`,
  }[`${live}`]
  return { environment: after, live, because }
}
