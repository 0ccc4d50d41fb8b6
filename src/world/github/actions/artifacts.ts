import { createHash } from 'node:crypto'
import { unzipSync, type Zippable, zipSync } from 'fflate'
import { type GitHub, Refusal, type WorldArtifact } from '../github-state.ts'
import { takeId } from '../state/find.ts'
import { runOf } from './change-run.ts'

const DAY_MS = 86_400_000
const LONGEST_DAYS = 90
/** A zip knows no time before this; the same files make the same archive. */
const FIRST_TIME = '1980-01-01T00:00:00Z'

export interface NewArtifact {
  readonly run: number
  readonly name: string
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly retentionDays?: number
  readonly overwrites?: boolean
}

/** @throws {Refusal} 409 when the attempt has one of that name, 400 for a name that no archive can have */
export function storeArtifact(github: GitHub, input: NewArtifact): WorldArtifact {
  const { state } = github
  const { name } = input
  if (name === '' || /["<>:|*?\r\n\\/]/.test(name))
    throw new Refusal(400, `The artifact name is not valid: ${name}. It contains one of " : < > | * ? \\r \\n \\ /`)
  const run = runOf(github, input.run)
  const twin = artifactsOf(github, run.id).find((one) => one.name === name && one.attempt === run.attempt)
  if (twin !== undefined) {
    if (input.overwrites !== true)
      throw new Refusal(409, `Failed to CreateArtifact: an artifact with this name already exists on the workflow run`)
    state.artifacts.delete(twin.id)
  }
  const archive = Buffer.from(zipped(input.files))
  const now = github.clock.now()
  const artifact: WorldArtifact = {
    id: takeId(state),
    repository: run.repository,
    run: run.id,
    attempt: run.attempt,
    name,
    archive,
    digest: `sha256:${createHash('sha256').update(archive).digest('hex')}`,
    createdAt: now,
    expiresAt: now + DAY_MS * Math.min(input.retentionDays || LONGEST_DAYS, LONGEST_DAYS),
  }
  state.artifacts.set(artifact.id, artifact)
  return artifact
}

export function artifactsOf(github: GitHub, run: number): readonly WorldArtifact[] {
  return [...github.state.artifacts.values()].filter((one) => one.run === run)
}

export function filesOf(artifact: WorldArtifact): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(unzipSync(artifact.archive)))
}

function zipped(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {}
  for (const [path, bytes] of files) entries[path] = [bytes, { mtime: FIRST_TIME, level: 6 }]
  return zipSync(entries)
}
