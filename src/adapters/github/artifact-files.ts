import { createHash } from 'node:crypto'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { TooLarge, Unavailable } from '../../ports/unavailable.ts'
import type { RunArtifact } from '../../ports/workflow-run.ts'
import { archiveFiles } from './archive-files.ts'
import { wholeBody } from './bounded-body.ts'
import { inRepository, type Side } from './side.ts'

const OPERATION = 'download an artifact'

/**
 * The files in an artifact of a run.
 *
 * @param maxBytes  of the archive, and of all its files together
 * @throws {Unavailable} when it has expired, is too large, or its bytes are not those that GitHub names
 */
export async function artifactFiles(
  { calls }: Side,
  repository: HostedRepository,
  artifact: RunArtifact,
  maxBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const called = `artifact ${JSON.stringify(artifact.name.slice(0, 80))}`
  if (artifact.isExpired) throw new Unavailable('missing', `${called} has expired`, 'Run its workflow again.')
  if (artifact.sizeBytes > maxBytes) throw new TooLarge(called, maxBytes)
  const call = {
    operation: OPERATION,
    route: 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    parameters: { ...inRepository(repository), artifact_id: artifact.id, archive_format: 'zip' },
  }
  const archive = await calls.download(call, async (fetchFrom) => wholeBody(OPERATION, await fetchFrom(), maxBytes))
  if (archive === null) throw new TooLarge(called, maxBytes)
  mustBe(artifact.digest, archive, called)
  return archiveFiles(called, archive, maxBytes)
}

/** An edition that names no digest has nothing to compare with. */
function mustBe(digest: string | null, archive: Buffer, called: string): void {
  if (digest === null) return
  const found = `sha256:${createHash('sha256').update(archive).digest('hex')}`
  if (found === digest) return
  throw new Unavailable('unreachable', `${called} is ${found}, GitHub names ${digest}`, 'Run its workflow again.')
}
