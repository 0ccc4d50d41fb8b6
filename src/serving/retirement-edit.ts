import { suggest } from '../registry/did-you-mean.ts'
import type { Mistake } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import { modelPath } from '../registry/record.ts'
import { type Retirement, retireVersion } from '../registry/retire-version.ts'
import { unseenCharacters } from '../registry/source-text.ts'
import { type ManifestDocument, printPlace } from './manifest.ts'

export interface RetirementAsk {
  readonly model: Model
  /** Whole text of its model.yml. */
  readonly text: string
  /** Versions of the model that are recorded. */
  readonly versions: readonly string[]
  /** Documents of every environment. */
  readonly environments: readonly { readonly name: string; readonly documents: readonly ManifestDocument[] }[]
  readonly entry: Retirement
}

/** model.yml with one version retired, or why it may not be. */
export type RetirementEdit =
  | { readonly is: 'edit'; readonly path: string; readonly text: string }
  | { readonly is: 'refused'; readonly what: string; readonly mend: string }
  | { readonly is: 'mistakes'; readonly mistakes: readonly Mistake[] }

const LONGEST_REASON = 500

/**
 * What has to change so that a version is retired: for `retire` and `/retire` alike.
 *
 * Refused: a version that is not recorded, that is retired already, or that any environment serves or may serve.
 */
export function retirementEdit(ask: RetirementAsk): RetirementEdit {
  const { model, text, entry } = ask
  const refusal = unknownVersion(ask) ?? wrongReason(entry) ?? retiredAlready(ask) ?? stillServed(ask)
  if (refusal !== null) return { is: 'refused', ...refusal }
  const path = modelPath(model.model)
  const answer = retireVersion(path, text, entry)
  if (!answer.ok) return { is: 'mistakes', mistakes: answer.mistakes }
  return { is: 'edit', path, text: answer.text }
}

interface Refusal {
  readonly what: string
  readonly mend: string
}

function unknownVersion({ model, versions, entry }: RetirementAsk): Refusal | null {
  if (versions.includes(entry.version)) return null
  return { what: `${model.model} has no version ${entry.version}`, mend: suggest(entry.version, versions, 'Versions') }
}

function wrongReason({ reason }: Retirement): Refusal | null {
  const mend = `Write one line of at most ${LONGEST_REASON} characters: --reason "superseded by 1.4.0".`
  if (reason.trim() === '') return { what: 'a retirement needs a reason', mend }
  const [unseen] = unseenCharacters(reason)
  if (unseen !== undefined) return { what: `the reason holds ${unseen.what}`, mend }
  return reason.length > LONGEST_REASON || /[\r\n]/.test(reason)
    ? { what: 'the reason is longer than a line of text', mend }
    : null
}

function retiredAlready({ model, entry }: RetirementAsk): Refusal | null {
  const before = model.retired?.find(({ version }) => version === entry.version)
  if (before === undefined) return null
  const what = `${model.model} ${entry.version} was retired on ${before.on}: ${before.reason}`
  return { what, mend: 'There is nothing to do.' }
}

function stillServed({ model, environments, entry }: RetirementAsk): Refusal | null {
  const own = environments.flatMap(({ name, documents }) =>
    documents.filter((document) => document.model === model.model).map((document) => ({ name, document })),
  )
  const serving = own.filter(({ document }) => document.version === entry.version)
  if (serving.length > 0) {
    const where = serving.map(({ name, document }) => `${name} (${printPlace(document.place)})`).join(', ')
    const what = `${model.model} ${entry.version} is served in ${where}`
    return { what, mend: 'Promote another version there first.' }
  }
  const doubtful = own.find(({ document }) => document.version === null && document.binding !== 'bound')
  if (doubtful === undefined) return null
  const what = `which version ${doubtful.name} serves of ${model.model} cannot be told`
  return {
    what: `${what}: ${printPlace(doubtful.document.place)} ${doubtful.document.what}`,
    mend: doubtful.document.mend,
  }
}
