import type { VersionRecord } from '../registry/record.ts'
import { namesArtifact } from './binding.ts'

/**
 * What a manifest's artifact field has to say for a version, in the form in which it named the version before.
 *
 * A field may hold the artifact's URI or, where that folder holds exactly the record's files, its parent, with a slash
 * at its end or without; servers differ in which they take, so what worked is kept wherever the new record allows it.
 *
 * @param now     what stands in the field
 * @param served  record of the version that it names; null when it cannot be read
 * @param record  record of the version to be served
 * @returns a URI for which `namesArtifact` holds
 */
export function artifactUri(now: string, served: VersionRecord | null, record: VersionRecord): string {
  const { uri } = record.artifact
  const slash = now.endsWith('/') ? '/' : ''
  const wasFolder = served !== null && withoutSlash(now) !== withoutSlash(served.artifact.uri)
  const parent = uri.slice(0, uri.lastIndexOf('/'))
  const forms = [...(wasFolder ? [`${parent}${slash}`] : []), `${uri}${slash}`]
  return forms.find((form) => namesArtifact(form, record)) ?? uri
}

function withoutSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : uri
}
