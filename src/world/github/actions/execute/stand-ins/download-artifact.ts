import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { identify } from '../../../api/authentication.ts'
import type { GitHub, WorldArtifact, WorldRepository } from '../../../github-state.ts'
import { matchesPattern } from '../../../match-pattern.ts'
import { findRepository, repositoryOf } from '../../../state/find.ts'
import { mayIn } from '../../../state/roles.ts'
import { artifactsOf, filesOf } from '../../artifacts.ts'
import { refuse } from '../run-script.ts'
import { done, type StandIn, type StandInCall } from './stand-in.ts'

/** Artifacts of this run, or of another one that the given token may read. */
export const downloadArtifact: StandIn = async (call) => {
  const { room, inputs } = call
  const from = sourceOf(call)
  if (from === null)
    return refuse(
      room,
      'Unable to download artifact(s): the run is not there, or the given github-token may not read it',
    )
  const all = artifactsOf(room.github, from).filter((one) => one.expiresAt > room.github.clock.now())
  const mine = wanted(latest(all), inputs)
  if (mine.length === 0 && (inputs.name || inputs['artifact-ids']))
    return refuse(
      room,
      `Unable to download artifact(s): Artifact not found for name: ${inputs.name ?? inputs['artifact-ids']}`,
    )
  const target = resolve(room.folders.workspace, inputs.path || '.')
  // one by its name goes where it is told to; several each into a folder of its name
  const isFlat =
    Boolean(inputs.name) ||
    inputs['merge-multiple'] === 'true' ||
    (Boolean(inputs['artifact-ids']) && mine.length === 1)
  for (const artifact of mine) unpack(artifact, isFlat ? target : join(target, artifact.name))
  room.log.write(`Downloaded ${mine.map((one) => one.name).join(', ') || 'nothing'}`)
  return done({ 'download-path': target })
}

/** The run; null when it may not be read. */
function sourceOf({ room, inputs }: StandInCall): number | null {
  const { github, run } = room
  const id = Number(inputs['run-id']) || run.id
  const token = inputs['github-token']
  if (id === run.id || !token) return run.id
  const named = inputs.repository || ''
  const repository =
    named === '' ? repositoryOf(github.state, run.repository) : findRepository(github.state, named)?.repository
  const found = github.state.workflowRuns.get(id)
  if (repository === undefined || found?.repository !== repository.id) return null
  return mayRead(github, token, repository) ? id : null
}

function mayRead(github: GitHub, token: string, repository: WorldRepository): boolean {
  try {
    return mayIn(github.state, identify(github, `token ${token}`), repository, 'actions', 'read')
  } catch {
    return false
  }
}

/** Of one name the newest: an earlier attempt's is still there. */
function latest(all: readonly WorldArtifact[]): readonly WorldArtifact[] {
  return [...new Map(all.map((one) => [one.name, one])).values()]
}

function wanted(all: readonly WorldArtifact[], inputs: StandInCall['inputs']): readonly WorldArtifact[] {
  const { name, pattern } = inputs
  const ids = (inputs['artifact-ids'] ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (name) return all.filter((one) => one.name === name)
  if (ids.length > 0) return all.filter((one) => ids.includes(String(one.id)))
  return pattern ? all.filter((one) => matchesPattern(pattern, one.name)) : all
}

/** A path that leads out of the folder is not written. */
function unpack(artifact: WorldArtifact, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const [path, bytes] of filesOf(artifact)) {
    const target = resolve(folder, path)
    if (!target.startsWith(`${folder}${sep}`) || path.endsWith('/')) continue
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
}
