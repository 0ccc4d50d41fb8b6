import type { VersionRecord } from '../registry/record.ts'
import type { ArtifactRequest } from './evidence.ts'

/** Largest artifact that is fetched unless a policy says otherwise, in MB of 1,000,000 bytes. */
export const DEFAULT_MAX_MB = 500

/** Asks for what an artifact's bytes are; the same record and bound make the same request. */
export function artifactRequest(record: VersionRecord, maxMb: number | undefined): ArtifactRequest {
  const { model, version, artifact, files, signature } = record
  return {
    kind: 'artifact',
    subject: {
      model,
      version,
      artifact,
      ...(files === undefined ? {} : { files }),
      ...(signature === undefined ? {} : { signature }),
    },
    max_bytes: (maxMb ?? DEFAULT_MAX_MB) * 1_000_000,
  }
}
