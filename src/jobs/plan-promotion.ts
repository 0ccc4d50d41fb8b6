import type { Snapshot } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { newestPromotable } from '../registry/promotable-version.ts'
import type { VersionRecord } from '../registry/record.ts'
import { classifyPath } from '../registry/registry-path.ts'
import { type PromotionEdit, promotionEdit } from '../serving/promotion-edit.ts'
import { servedVersion } from '../serving/served-version.ts'
import { readDocuments, sourceFiles } from './environment-reader.ts'
import { present } from './evaluate-version.ts'
import { openRegistry, type RegistryReader } from './registry-reader.ts'

export interface PromotionQuestion {
  /** Configuration and environments: base tip, or the working tree. */
  readonly snapshot: Snapshot
  /** Where models lie, when that is another repository. */
  readonly models?: Snapshot
  readonly model: string
  /** null: what the environment before it serves or, for a first environment, the newest release that is not retired. */
  readonly version: string | null
  readonly environment: string
}

/** Which version was meant, and why. */
export interface ChosenVersion {
  readonly version: string
  readonly because: string
}

/** The file that a promotion changes, as it is and as it shall be, or why there is none. */
export type PlannedPromotion =
  | (Extract<PromotionEdit, { is: 'edit' }> & {
      /** The file as it is. */
      readonly before: string
      readonly chosen: ChosenVersion
      readonly record: VersionRecord
    })
  | Exclude<PromotionEdit, { is: 'edit' | 'served' }>
  | { readonly is: 'served'; readonly path: string; readonly chosen: ChosenVersion }
  | { readonly is: 'mistakes'; readonly mistakes: readonly Mistake[] }

/**
 * What has to change so that an environment serves a version, whether a terminal asks or a comment.
 *
 * @throws {Unavailable} when the configuration is absent or has mistakes
 */
export async function planPromotion(question: PromotionQuestion): Promise<PlannedPromotion> {
  const { snapshot, models = snapshot } = question
  const registry = openRegistry(snapshot, models)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start a registry with: weighbridge init',
  )
  const environment = configuration.environments.find(({ name }) => name === question.environment)
  if (environment === undefined) return unknownEnvironment(configuration, question.environment)
  const reading = await registry.model(question.model)
  if (reading === null) return unknownModel(question.model, await modelsIn(models))
  if (!reading.ok) return { is: 'mistakes', mistakes: reading.mistakes }
  const here: Here = { question, configuration, registry, environment, model: reading.value }
  const chosen = await chosenVersion(here)
  return 'is' in chosen ? chosen : planned(here, chosen)
}

interface Here {
  readonly question: PromotionQuestion
  readonly configuration: Configuration
  readonly registry: RegistryReader
  readonly environment: Environment
  readonly model: Model
}

function refused(what: string, mend: string): Extract<PlannedPromotion, { is: 'refused' }> {
  return { is: 'refused', place: null, what, mend }
}

function unknownEnvironment({ environments }: Configuration, name: string) {
  const known = environments.map((environment) => environment.name)
  return refused(`there is no environment "${name}"`, suggest(name, known, 'Environments here'))
}

function unknownModel(model: string, known: readonly string[]) {
  return refused(`there is no model "${model}" here`, suggest(model, known, 'Models'))
}

async function modelsIn(models: Snapshot): Promise<readonly string[]> {
  const found = (await models.list('models')).map(({ path }) => classifyPath(path, null))
  return found.flatMap((is) => (is.kind === 'model' ? [is.model] : []))
}

async function planned(here: Here, chosen: ChosenVersion): Promise<PlannedPromotion> {
  const { question, configuration, registry, environment, model } = here
  const reading = await registry.record(model.model, chosen.version)
  const versions = await registry.versions(model.model)
  if (reading === null)
    return refused(`${model.model} has no version ${chosen.version}`, suggest(chosen.version, versions, 'Versions'))
  if (!reading.ok) return { is: 'mistakes', mistakes: reading.mistakes }
  const documents = await readDocuments(question.snapshot, registry, environment, configuration.store)
  const paths = documents.filter((one) => one.model === model.model).map(({ place }) => place.path)
  const texts = textsOf(await sourceFiles(question.snapshot, [...new Set(paths)]))
  const served = servedVersion(documents, model.model)
  const before = served.status === 'served' ? await registry.record(model.model, served.version) : null
  const edit = promotionEdit({
    environment,
    documents,
    texts,
    model,
    record: reading.value,
    recordOf: () => (before?.ok ? before.value : null),
  })
  if (edit.is === 'served') return { ...edit, chosen }
  if (edit.is === 'refused') return edit
  const notes = [...edit.notes, ...(await notesOn(here, chosen.version))]
  return { ...edit, before: texts.get(edit.path) ?? '', chosen, record: reading.value, notes }
}

function textsOf(files: Awaited<ReturnType<typeof sourceFiles>>): ReadonlyMap<string, string> {
  return new Map([...files].flatMap(([path, { text }]) => (text === null ? [] : [[path, text] as const])))
}

async function chosenVersion(here: Here): Promise<ChosenVersion | Extract<PlannedPromotion, { is: 'refused' }>> {
  const { question, registry, environment, model } = here
  if (question.version !== null) return { version: question.version, because: 'as named' }
  const { after } = environment
  if (after === undefined) {
    const version = newestPromotable(await registry.versions(model.model), model.retired ?? [])
    if (version !== null) return { version, because: 'the newest release that is not retired' }
    return refused(`${model.model} has no release that is not retired`, `Name a version: ${model.model}@1.0.0.`)
  }
  const version = await servedIn(here, after)
  if (version !== null) return { version, because: `what ${after} serves, which comes before ${environment.name}` }
  const what = `${environment.name} comes after ${after}, which serves no version of ${model.model} that can be told`
  return refused(what, `Promote it to ${after} first, or name a version.`)
}

async function servedIn({ question, configuration, registry, model }: Here, name: string): Promise<string | null> {
  const environment = configuration.environments.find((one) => one.name === name)
  if (environment === undefined) return null
  const documents = await readDocuments(question.snapshot, registry, environment, configuration.store)
  const served = servedVersion(documents, model.model)
  return served.status === 'served' ? served.version : null
}

/** What the check will look at that nobody has looked at here. */
async function notesOn(here: Here, version: string): Promise<readonly string[]> {
  const { after } = here.environment
  if (after === undefined) return []
  const there = await servedIn(here, after)
  if (there === version) return []
  const serves = there === null ? 'serves none of its versions now' : `serves ${there} now`
  return [`${here.environment.name} comes after ${after}, which ${serves}: ${version} must have been live there.`]
}
