import type { Environment } from '../registry/configuration.ts'
import type { Place } from '../registry/mistake.ts'
import type { Model } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import { namesArtifact } from './binding.ts'
import { firstManifest } from './first-manifest.ts'
import { kserve } from './kserve.ts'
import type { EnvironmentDocument } from './manifest.ts'
import { serveVersion } from './serve-version.ts'
import { servedVersion } from './served-version.ts'
import { valueAt } from './yaml-value.ts'

export interface PromotionAsk {
  readonly environment: Environment
  /** All documents of that environment. */
  readonly documents: readonly EnvironmentDocument[]
  /** Whole texts of the files that they stand in, by path. */
  readonly texts: ReadonlyMap<string, string>
  readonly model: Model
  /** What it shall serve. */
  readonly record: VersionRecord
  /** Record of a version of this model; null when it cannot be read. */
  readonly recordOf: (version: string) => VersionRecord | null
}

/** The one file that a promotion changes, or why there is no such change. */
export type PromotionEdit =
  | {
      readonly is: 'edit'
      readonly path: string
      readonly text: string
      readonly from: string
      readonly to: string
      /** What of the manifest stays and changes what the edit does. */
      readonly notes: readonly string[]
    }
  /** Nothing to do. */
  | { readonly is: 'served'; readonly path: string }
  /** `snippet`: what a person could write, where nothing of the model is served there yet. */
  | {
      readonly is: 'refused'
      readonly place: Place | null
      readonly what: string
      readonly mend: string
      readonly snippet?: { readonly path: string; readonly content: string }
    }

/**
 * What has to change so that an environment serves a version: for `promote` and `/promote` alike.
 *
 * Refuses a retired version, an environment that serves nothing of the model yet (with a file to begin with), one where
 * it cannot be told what is served, and a manifest that cannot be edited without touching more than is meant.
 */
export function promotionEdit(ask: PromotionAsk): PromotionEdit {
  const { environment, documents, model, record } = ask
  const { version } = record
  const retired = model.retired?.find((entry) => entry.version === version)
  if (retired !== undefined) {
    const what = `${model.model} ${version} was retired on ${retired.on}: ${retired.reason}`
    return refused(null, what, 'Name a version that is not retired.')
  }
  const served = servedVersion(documents, model.model)
  if (served.status === 'unreadable') {
    const what = `what ${environment.name} serves of ${model.model} cannot be told: ${served.because}`
    return refused(null, what, doubtMend(documents, model.model))
  }
  if (served.status === 'none') return noManifest(ask)
  const { document } = served
  if (served.version === version && namesArtifact(served.uri, record))
    return { is: 'served', path: document.place.path }
  return edited(ask, document, served.version)
}

function refused(place: Place | null, what: string, mend: string): PromotionEdit {
  return { is: 'refused', place, what, mend }
}

function doubtMend(documents: readonly EnvironmentDocument[], model: string): string {
  const doubtful =
    documents.find((document) => document.model === model) ?? documents.find(({ binding }) => binding === 'unresolved')
  return doubtful?.mend ?? ''
}

function noManifest({ environment, record }: PromotionAsk): PromotionEdit {
  const snippet = firstManifest(environment, record)
  const what = `${environment.name} serves no version of ${record.model} yet, so there is no manifest to edit`
  const mend = `Write ${snippet.path} yourself, once; the check weighs it as the first promotion.`
  return { is: 'refused', place: null, what, mend, snippet }
}

function edited({ texts, record, recordOf }: PromotionAsk, document: EnvironmentDocument, from: string): PromotionEdit {
  const { path } = document.place
  const text = texts.get(path)
  if (text === undefined) return refused(document.place, 'is not at hand as text', 'Read the file again.')
  const answer = serveVersion({ text, document, record, served: recordOf(from) })
  if (!answer.ok) return refused(answer.place, answer.what, answer.mend)
  return { is: 'edit', path, text: answer.text, from, to: record.version, notes: shareNotes(document) }
}

/** KServe gives the new revision the share that stands there, and the one before it the rest. */
function shareNotes({ target, manifest }: EnvironmentDocument): readonly string[] {
  const percent = valueAt(manifest?.value ?? null, ['spec', 'predictor', 'canaryTrafficPercent'])
  if (target !== kserve.name || typeof percent !== 'number') return []
  return [`canaryTrafficPercent is ${percent} and stays: that share of the requests reaches the new version.`]
}
