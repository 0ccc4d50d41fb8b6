import { engineVersion } from '../../adapters/evidence/engine-version.ts'
import { recordKind } from '../../registry/file-kinds.ts'
import { recordPath } from '../../registry/record.ts'
import { urisOfRecord, urisOutside } from '../../registry/record-uris.ts'
import { modelPrefix, prefixCovers } from '../../registry/store-prefix.ts'
import { type Proposal, proposalSchema } from '../../training/proposal.ts'
import type { Complaints } from './complaints.ts'
import { composeRecord } from './compose-record.ts'
import type { Gathered } from './gather-parts.ts'
import type { PlannedObject } from './upload-objects.ts'

/** The proposal of what was gathered, and the objects that it names and that are still to be stored. */
export function composeProposal(
  parts: Gathered,
  version: string | null,
  complaints: Complaints,
): { readonly proposal: Proposal; readonly planned: readonly PlannedObject[] } {
  const proposal: Proposal = {
    schema: 'weighbridge.proposal/v1',
    engine: engineVersion(),
    model: parts.model,
    correlation: parts.asked?.request.correlation ?? null,
    trial: parts.asked?.trial ?? null,
    parameters: parts.said.parameters,
    seed: parts.said.seed,
    record: composeRecord(parts),
    validation: validationOf(parts, complaints),
    checkpoint: parts.checkpoint,
  }
  judge(proposal, parts, version, complaints)
  return { proposal, planned: plannedObjects(parts, proposal) }
}

function plannedObjects({ artifact, tables }: Gathered, { record }: Proposal): readonly PlannedObject[] {
  const files = artifact.files.map(({ path, file }) => ({
    field: path === '' ? 'artifact' : `files ${path}`,
    uri: path === '' ? record.artifact.uri : `${record.artifact.uri}/${path}`,
    file,
  }))
  const stored = tables.flatMap(({ field, table }) =>
    table.file === null ? [] : [{ field, uri: table.uri, file: table.file }],
  )
  return [...files, ...stored]
}

/** Without rows that were held back the metrics are claims and no more. */
function validationOf({ validation, said }: Gathered, complaints: Complaints): Proposal['validation'] {
  const measured = Object.keys(said.metrics).length > 0
  if (validation === null) {
    if (measured) complaints.note('metrics are recorded as claims: without --validation nobody knows their rows')
    return null
  }
  if (!measured) {
    complaints.say('--validation', 'has no metrics', 'Give --metrics, measured on these rows.')
    return null
  }
  const rows = validation.rows ?? said.rows
  if (rows === null) {
    complaints.say('--validation', 'is no table whose rows could be counted', 'Write it as .parquet, .csv or .jsonl.')
    return null
  }
  if (said.rows !== null && said.rows !== rows)
    complaints.say('--validation', `has ${rows} rows, and --metrics were measured on ${said.rows}`, 'Name those rows.')
  return { data: { uri: validation.uri, digest: validation.digest, rows }, metrics: { ...said.metrics } }
}

/** What the app would refuse is refused here already, where it can be mended. */
function judge(proposal: Proposal, parts: Gathered, version: string | null, complaints: Complaints): void {
  const { here, asked } = parts
  const read = proposalSchema.safeParse(proposal)
  for (const { path, message } of read.success ? [] : read.error.issues)
    complaints.say(path.join('.'), message, 'Mend what register was given.')
  if (asked !== null && asked.request.sha !== here.commit)
    complaints.say(
      'the checkout',
      `is at ${here.commit}, and ${asked.request.sha} was asked for`,
      'Check out the commit of the request: actions/checkout with ref.',
    )
  judgeExam(proposal, parts, complaints)
  judgePlaces(proposal, parts, complaints)
  judgeFeatures(proposal, parts, complaints)
  if (version !== null) judgeRecord(proposal, parts, version, complaints)
}

/** Whoever chooses by the exam, or trains on it, is judged by what it has seen. */
function judgeExam({ record, validation }: Proposal, { here }: Gathered, complaints: Complaints): void {
  const exam = here.model.evaluation?.data.digest
  if (exam === undefined) return
  const mend = 'Hold rows of the training data back, and name those.'
  if (validation?.data.digest === exam) complaints.say('--validation', 'is the exam that the model is judged on', mend)
  if (record.evaluation.reference.digest === exam)
    complaints.say('--reference', 'is the exam that the model is judged on', 'Train on other rows.')
}

function judgePlaces({ record, checkpoint }: Proposal, { here, asked, model }: Gathered, complaints: Complaints): void {
  const { store } = here.configuration
  for (const { field, uri } of urisOutside(store, urisOfRecord({ ...record, version: '0.0.0' })))
    complaints.say(
      field,
      `${uri} lies below no prefix of the configuration`,
      'Give a file, which is stored, or add the prefix to store.read.',
    )
  const below = asked?.request.checkpoints ?? modelPrefix(store.artifacts, model)
  if (checkpoint !== null && !prefixCovers(below, checkpoint))
    complaints.say(
      '--checkpoint',
      `${checkpoint} does not lie below ${below}`,
      'Save it by weighbridge checkpoint save.',
    )
}

function judgeFeatures({ record }: Proposal, { here }: Gathered, complaints: Complaints): void {
  const declared = here.model.features?.map(({ name }) => name)
  if (declared === undefined) return
  const inputs = record.signature?.inputs ?? []
  const names = [...(record.features ?? []), ...(inputs.length < 2 ? [] : inputs.map(({ name }) => name))]
  for (const name of new Set(names.filter((one) => !declared.includes(one))))
    complaints.say(
      '--artifact',
      `takes ${name}, which model.yml does not declare`,
      'Train on the features of model.yml, or declare it there first.',
    )
}

function judgeRecord({ record }: Proposal, parts: Gathered, version: string, complaints: Complaints): void {
  if (parts.here.versions.includes(version))
    complaints.say(
      `--version ${version}`,
      `is recorded already, in ${recordPath(parts.model, version)}`,
      'Versions never change: choose the next number.',
    )
  const read = recordKind.schema.safeParse({ ...record, version })
  for (const { path, message } of read.success ? [] : read.error.issues)
    complaints.say(path.join('.'), message, 'Mend what register was given.')
}
