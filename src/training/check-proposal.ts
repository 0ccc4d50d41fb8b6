import { canonicalJson } from '../registry/canonical-json.ts'
import type { Configuration } from '../registry/configuration.ts'
import { recordKind } from '../registry/file-kinds.ts'
import type { Model } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import { urisOfRecord, urisOutside } from '../registry/record-uris.ts'
import { modelPrefix, prefixCovers } from '../registry/store-prefix.ts'
import type { GraphOperators } from '../registry/version-step.ts'
import { readYaml } from '../registry/yaml-document.ts'
import { type KnownVersions, type NextVersion, nextVersion } from './next-version.ts'
import { type Proposal, proposalSchema } from './proposal.ts'
import { recordText } from './record-text.ts'
import type { Parameters, TrainingRequest } from './training-request.ts'

/** One thing that a proposal says and that is not so. */
export interface ProposalMistake {
  /** Dotted path inside the proposal. */
  readonly where: string
  readonly what: string
  readonly mend: string
}

/** What is known without the proposal, and what it must agree with. */
export interface ProposalGround {
  readonly request: TrainingRequest
  /** The run that the app looked up. */
  readonly run: { readonly id: number; readonly workflow: string }
  /** Of a search: number of the trial that won; null for one training. */
  readonly trial: number | null
  /** Of the governed branch. */
  readonly model: Model
  readonly store: Configuration['store']
  /** Digest of the set that the model is judged on, whoever names it; null where there is none. */
  readonly exam: string | null
  readonly versions: KnownVersions
  /** Digest of each recorded artifact -> its version. */
  readonly recorded: ReadonlyMap<string, string>
  readonly graphs?: GraphOperators
}

export type ProposalVerdict =
  | { readonly is: 'sound'; readonly record: VersionRecord; readonly next: NextVersion; readonly proposal: Proposal }
  | { readonly is: 'refused'; readonly mistakes: readonly ProposalMistake[] }

/**
 * Whether what a training proposes is what was asked for, and the record that it becomes.
 *
 * All mistakes at once. What the app knows better is not taken from the proposal: the run, the number, the parent. That
 * the bytes are in the store and hash right is looked at where they are.
 *
 * @param proposal  `proposal.json` of the run, parsed and nothing more
 * @example checkProposal('anything else', {}).is // => 'refused'
 */
export function checkProposal(proposal: unknown, ground: ProposalGround): ProposalVerdict {
  const read = proposalSchema.safeParse(proposal)
  if (!read.success) {
    const mend = 'Write it by weighbridge register, of the same version as the app.'
    const mistakes = read.error.issues.map(({ path, message }) => ({ where: path.join('.'), what: message, mend }))
    return { is: 'refused', mistakes: mistakes.slice(0, 20) }
  }
  const next = nextVersion(draftOf(read.data, ground, '0.0.0'), ground.versions, ground.graphs)
  const record = withParent(draftOf(read.data, ground, next.version), next.parent)
  const mistakes = [
    ...asAsked(read.data, ground),
    ...whereStored(read.data, record, ground),
    ...asDeclared(record, ground.model),
    ...validationMistakes(read.data, ground),
    ...recordMistakes(record),
    ...knownBytes(record, ground.recorded),
  ]
  return mistakes.length > 0 ? { is: 'refused', mistakes } : { is: 'sound', record, next, proposal: read.data }
}

const mistake = (where: string, what: string, mend: string): ProposalMistake => ({ where, what, mend })

/** The record as the app would write it. */
function draftOf(
  { record, parameters, seed }: Proposal,
  { request, run }: ProposalGround,
  version: string,
): VersionRecord {
  const { parent: _, ...rest } = record
  const training = {
    ...rest.training,
    commit: request.sha,
    run: { workflow: run.workflow, id: run.id, attempt: 1 },
    parameters,
    ...(seed === null ? {} : { seed }),
  }
  return { ...rest, model: request.model, version, training }
}

function withParent(record: VersionRecord, parent: string | null): VersionRecord {
  return parent === null ? record : { ...record, parent }
}

/** Parameters and seed of the training, or of the trial that won. */
function askedOf(
  request: TrainingRequest,
  trial: number | null,
): { readonly parameters: Parameters; readonly seed: number } | null {
  if (request.command === 'train') return trial === null ? request : null
  return request.trials.find((one) => one.trial === trial) ?? null
}

function asAsked(proposal: Proposal, { request, run, trial }: ProposalGround): readonly ProposalMistake[] {
  const asked = askedOf(request, trial)
  if (asked === null) return [mistake('trial', `trial ${trial} was not asked for`, 'Take a trial of the request.')]
  const { record } = proposal
  const claimed = record.training ?? {}
  const same = 'Read the request, and pass on what it says.'
  const answers: readonly (readonly [string, unknown, unknown])[] = [
    ['model', proposal.model, request.model],
    ['record.model', record.model, request.model],
    ['correlation', proposal.correlation, request.correlation],
    ['trial', proposal.trial, trial],
    ['parameters', proposal.parameters, asked.parameters],
    ['seed', proposal.seed, asked.seed],
    ['record.training.commit', claimed.commit ?? request.sha, request.sha],
    ['record.training.parameters', claimed.parameters ?? asked.parameters, asked.parameters],
    ['record.training.seed', claimed.seed ?? asked.seed, asked.seed],
    ['record.training.run.id', claimed.run?.id ?? run.id, run.id],
  ]
  return answers
    .filter(([, said, is]) => canonicalJson(said) !== canonicalJson(is))
    .map(([where, said, is]) => mistake(where, `is ${shown(said)}; asked for was ${shown(is)}`, same))
}

const shown = (value: unknown) => canonicalJson(value).slice(0, 200)

/** Data may lie where records may point; what the run made lies where the run may write. */
function whereStored(
  proposal: Proposal,
  record: VersionRecord,
  { request, store }: ProposalGround,
): readonly ProposalMistake[] {
  const own = modelPrefix(store.artifacts, request.model)
  const made = [
    { field: 'artifact.uri', uri: record.artifact.uri },
    ...(['predictions', 'units'] as const).flatMap((name) => {
      const uri = record.evaluation[name]?.uri
      return uri === undefined ? [] : [{ field: `evaluation.${name}.uri`, uri }]
    }),
  ]
  const strayed = made.filter(({ uri }) => !prefixCovers(own, uri))
  const outside = urisOutside(store, urisOfRecord(record)).filter(
    ({ field }) => !made.some((one) => one.field === field),
  )
  const { checkpoint } = proposal
  const isElsewhere = checkpoint !== null && !prefixCovers(request.checkpoints, checkpoint)
  return [
    ...strayed.map(({ field, uri }) =>
      mistake(`record.${field}`, `${uri} does not lie below ${own}`, 'Let weighbridge register store it.'),
    ),
    ...outside.map(({ field, uri }) =>
      mistake(
        `record.${field}`,
        `${uri} lies below no prefix of the configuration`,
        'Add the prefix to store.read, or move the data.',
      ),
    ),
    ...(isElsewhere
      ? [
          mistake(
            'checkpoint',
            `${checkpoint} does not lie below ${request.checkpoints}`,
            'Save it by weighbridge checkpoint save.',
          ),
        ]
      : []),
  ]
}

/** Columns that the model takes must be those that model.yml declares. */
function asDeclared({ features = [], signature }: VersionRecord, model: Model): readonly ProposalMistake[] {
  const declared = new Set(model.features?.map(({ name }) => name))
  if (model.features === undefined) return []
  const inputs = signature === undefined || signature.inputs.length < 2 ? [] : signature.inputs.map(({ name }) => name)
  const mend = 'Train on the features of model.yml, or declare them there first.'
  const strange = (where: string, names: readonly string[]) =>
    names
      .filter((name) => !declared.has(name))
      .map((name) => mistake(where, `model.yml declares no feature ${name}`, mend))
  return [...strange('record.features', features), ...strange('record.signature.inputs', inputs)]
}

/** Trials ranked on the exam would have been chosen by it (statistics: the best of 64 passes 96 times of 100). */
function validationMistakes({ validation }: Proposal, { exam, model }: ProposalGround): readonly ProposalMistake[] {
  const digest = validation?.data.digest
  const isExam = digest !== undefined && (digest === exam || digest === model.evaluation?.data.digest)
  if (!isExam) return []
  return [
    mistake(
      'validation.data',
      'is the exam that the model is judged on',
      'Rank on rows of the training data that were held back.',
    ),
  ]
}

function recordMistakes(record: VersionRecord): readonly ProposalMistake[] {
  const read = recordKind.schema.safeParse(record)
  const issues = read.success ? [] : read.error.issues
  if (issues.length === 0 && !readYaml('record', recordText(record)).ok)
    return [
      mistake(
        'record',
        'holds characters that no file of ours may hold',
        'Leave control and invisible characters out.',
      ),
    ]
  return issues.map(({ path, message }) =>
    mistake(['record', ...path].join('.'), message, 'Mend what register was given.'),
  )
}

function knownBytes({ artifact }: VersionRecord, recorded: ProposalGround['recorded']): readonly ProposalMistake[] {
  const version = recorded.get(artifact.digest)
  if (version === undefined) return []
  return [
    mistake(
      'record.artifact.digest',
      `is that of version ${version}`,
      'Nothing new was trained: promote that version.',
    ),
  ]
}
