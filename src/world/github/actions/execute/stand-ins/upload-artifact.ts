import { globSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { Refusal } from '../../../github-state.ts'
import { runPage } from '../../../webhooks/bodies/workflow-body.ts'
import { artifactsOf, storeArtifact } from '../../artifacts.ts'
import { refuse } from '../run-script.ts'
import { done, linesOf, type StandIn } from './stand-in.ts'

/** A zip of what its paths name, under the folder that they have in common. */
export const uploadArtifact: StandIn = async ({ room, inputs }) => {
  const { github, run, folders } = room
  const name = inputs.name || 'artifact'
  const patterns = linesOf(inputs.path)
  if (patterns.length === 0) return refuse(room, 'Input required and not supplied: path')
  const files = found(folders.workspace, patterns, inputs['include-hidden-files'] === 'true')
  if (files.size === 0) {
    const why = `No files were found with the provided path: ${patterns.join(', ')}. No artifacts will be uploaded.`
    const then = inputs['if-no-files-found'] || 'warn'
    if (then === 'error') return refuse(room, why)
    if (then === 'warn') room.log.annotate('warning', why)
    return done()
  }
  try {
    const retentionDays = Number(inputs['retention-days']) || 0
    const overwrites = inputs.overwrite === 'true'
    const artifact = storeArtifact(github, { run: run.id, name, files, retentionDays, overwrites })
    room.log.write(`Artifact ${name} has ${files.size} files and ${artifact.archive.length} bytes, ${artifact.digest}`)
    return done({
      'artifact-id': String(artifact.id),
      'artifact-url': `${runPage(github.state, run)}/artifacts/${artifact.id}`,
      'artifact-digest': artifact.digest.replace('sha256:', ''),
    })
  } catch (error) {
    if (error instanceof Refusal)
      return refuse(room, `${error.message} (${artifactsOf(github, run.id).length} are there)`)
    throw error
  }
}

function found(workspace: string, patterns: readonly string[], withHidden: boolean): ReadonlyMap<string, Uint8Array> {
  const wanted = patterns.filter((one) => !one.startsWith('!')).map((one) => resolve(workspace, one))
  const without = patterns.filter((one) => one.startsWith('!')).map((one) => resolve(workspace, one.slice(1)))
  const everything = wanted.flatMap((pattern) => [...globSync(pattern), ...globSync(`${pattern}/**`)])
  const excluded = new Set(without.flatMap((pattern) => [...globSync(pattern), ...globSync(`${pattern}/**`)]))
  const isHidden = (path: string) =>
    relative(workspace, path)
      .split(sep)
      .some((part) => /^\.[^.]/.test(part))
  const files = [...new Set(everything)]
    .filter((path) => !excluded.has(path) && (withHidden || !isHidden(path)) && statSync(path).isFile())
    .sort()
  const root = rootOf(wanted, files)
  return new Map(files.map((path) => [relative(root, path).split(sep).join('/') || basename(path), readFileSync(path)]))
}

/** The deepest folder that all patterns stand below; of one file its own folder. */
function rootOf(wanted: readonly string[], files: readonly string[]): string {
  const bases = wanted.map((pattern) => {
    const parts = pattern.split(sep)
    const wild = parts.findIndex((part) => /[*?[\]{}]/.test(part))
    return wild < 0 ? (files.includes(pattern) ? dirname(pattern) : pattern) : parts.slice(0, wild).join(sep)
  })
  return bases.reduce((one, other) => {
    let common = one
    while (common !== sep && other !== common && !other.startsWith(`${common}${sep}`)) common = join(common, '..')
    return common
  })
}
