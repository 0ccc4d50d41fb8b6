import { type ManifestDocument, printPlace } from './manifest.ts'

/** What an environment serves of a model. */
export type Served<Document extends ManifestDocument = ManifestDocument> =
  | { readonly status: 'served'; readonly version: string; readonly uri: string; readonly document: Document }
  | { readonly status: 'none' }
  /** Something stands there that could be serving it, and cannot be told. */
  | { readonly status: 'unreadable'; readonly because: string }

/**
 * Which version of a model an environment serves, by its manifests.
 *
 * @param documents  all documents of the environment
 * @returns `none` only where every document is read and none serves the model
 */
export function servedVersion<Document extends ManifestDocument>(
  documents: readonly Document[],
  model: string,
): Served<Document> {
  const own = documents.filter((document) => document.model === model)
  const [document] = own
  if (document?.binding === 'bound') {
    return { status: 'served', version: document.version!, uri: document.uri!, document }
  }
  const doubtful = document ?? documents.find(({ binding }) => binding === 'unresolved')
  if (doubtful === undefined) return { status: 'none' }
  return { status: 'unreadable', because: `${printPlace(doubtful.place)} ${doubtful.what}` }
}

/** The model that a document says it serves some version of, bound or not. */
export function servedModel({ model, version }: ManifestDocument): string | null {
  return version === null ? null : model
}
