import type { Snapshot } from '../ports.ts'
import { suggest } from '../registry/did-you-mean.ts'
import { modelPath } from '../registry/record.ts'
import { classifyPath } from '../registry/registry-path.ts'
import type { Retirement } from '../registry/retire-version.ts'
import { type RetirementEdit, retirementEdit } from '../serving/retirement-edit.ts'
import { readDocuments, sourceFiles } from './environment-reader.ts'
import { present } from './evaluate-version.ts'
import { openRegistry } from './registry-reader.ts'

export interface RetirementQuestion {
  /** Configuration and environments: base tip, or the working tree. */
  readonly snapshot: Snapshot
  /** Where models lie, when that is another repository. */
  readonly models?: Snapshot
  readonly model: string
  readonly entry: Retirement
}

/** model.yml as it is and as it shall be, or why nothing may change. */
export type PlannedRetirement =
  | (Extract<RetirementEdit, { is: 'edit' }> & { readonly before: string })
  | Exclude<RetirementEdit, { is: 'edit' }>

/**
 * What has to change so that a version is retired, whether a terminal asks or a comment.
 *
 * @throws {Unavailable} when the configuration is absent or has mistakes
 */
export async function planRetirement({
  snapshot,
  models = snapshot,
  model,
  entry,
}: RetirementQuestion): Promise<PlannedRetirement> {
  const registry = openRegistry(snapshot, models)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start a registry with: weighbridge init',
  )
  const reading = await registry.model(model)
  if (reading === null) {
    const found = (await models.list('models')).map(({ path }) => classifyPath(path, null))
    const known = found.flatMap((is) => (is.kind === 'model' ? [is.model] : []))
    return { is: 'refused', what: `there is no model "${model}" here`, mend: suggest(model, known, 'Models') }
  }
  if (!reading.ok) return { is: 'mistakes', mistakes: reading.mistakes }
  const [environments, versions, files] = await Promise.all([
    Promise.all(
      configuration.environments.map(async (environment) => ({
        name: environment.name,
        documents: await readDocuments(snapshot, registry, environment, configuration.store),
      })),
    ),
    registry.versions(model),
    sourceFiles(models, [modelPath(model)]),
  ])
  const text = files.get(modelPath(model))?.text ?? ''
  const edit = retirementEdit({ model: reading.value, text, versions, environments, entry })
  return edit.is === 'edit' ? { ...edit, before: text } : edit
}
