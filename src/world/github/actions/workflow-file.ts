import type { GitHub } from '../github-state.ts'
import { readTemplate } from './read-template.ts'
import { listOf, mapOf, textOf, type WrittenMap } from './written.ts'

export const WORKFLOWS = '.github/workflows'

/** A workflow as a commit has it. */
export interface WorkflowFile {
  readonly path: string
  readonly name: string
  readonly written: WrittenMap
  /** Why it cannot run; its runs fail at once with them. */
  readonly problems: readonly string[]
}

/** Largest file that is read; GitHub takes no larger one. */
const MOST_BYTES = 512_000

export async function workflowsAt(github: GitHub, repository: number, sha: string): Promise<readonly WorkflowFile[]> {
  const folder = await github.storage.entry(repository, sha, WORKFLOWS)
  const entries = folder === null ? null : await github.storage.tree(repository, folder.oid)
  const names = (entries ?? []).filter((one) => /\.ya?ml$/.test(one.name) && one.mode.startsWith('100'))
  const files = await Promise.all(names.map((one) => workflowAt(github, repository, sha, `${WORKFLOWS}/${one.name}`)))
  return files.filter((one) => one !== null)
}

export async function workflowAt(
  github: GitHub,
  repository: number,
  sha: string,
  path: string,
): Promise<WorkflowFile | null> {
  const entry = await github.storage.entry(repository, sha, path)
  const bytes = entry === null ? null : await github.storage.blob(repository, entry.oid)
  if (bytes === null) return null
  if (bytes.length > MOST_BYTES)
    return { path, name: path, written: {}, problems: [`${path}: larger than ${MOST_BYTES} bytes`] }
  const { written, problems } = readTemplate('workflow', path, bytes.toString('utf8'))
  const workflow = mapOf(written)
  const wrong = problems.length > 0 ? problems : wrongNeeds(path, workflow)
  return { path, name: textOf(workflow.name) ?? path, written: workflow, problems: wrong }
}

/** Settings of an event, or null when the workflow is not for it. */
export function triggerOf({ written }: WorkflowFile, event: string): WrittenMap | null {
  const { on } = written
  if (typeof on === 'string') return on === event ? {} : null
  if (Array.isArray(on)) return on.includes(event) ? {} : null
  const all = mapOf(on)
  return event in all ? mapOf(all[event]) : null
}

export function jobsOf({ written }: Pick<WorkflowFile, 'written'>): Readonly<Record<string, WrittenMap>> {
  return Object.fromEntries(Object.entries(mapOf(written.jobs)).map(([key, job]) => [key, mapOf(job)]))
}

export function needsOf(job: WrittenMap): readonly string[] {
  return listOf(job.needs).map((one) => textOf(one) ?? '')
}

/** GitHub's schema does not say that jobs must wait for jobs that are there, and for none that waits for them. */
function wrongNeeds(path: string, workflow: WrittenMap): readonly string[] {
  const jobs = jobsOf({ written: workflow })
  const unknown = Object.entries(jobs).flatMap(([key, job]) =>
    needsOf(job)
      .filter((one) => jobs[one] === undefined)
      .map((one) => `${path}: Job '${key}' depends on unknown job '${one}'.`),
  )
  if (unknown.length > 0) return unknown
  const isRound = Object.keys(jobs).some((key) => reaches(jobs, key, key, new Set()))
  const uses = Object.entries(jobs).filter(([, job]) => job.uses !== undefined)
  return [
    ...(isRound ? [`${path}: The workflow must contain at least one job with no dependencies.`] : []),
    ...uses.map(([key]) => `${path}: Job '${key}' calls a reusable workflow, which this world does not run.`),
  ]
}

function reaches(jobs: Readonly<Record<string, WrittenMap>>, from: string, to: string, seen: Set<string>): boolean {
  return needsOf(jobs[from] ?? {}).some((one) => {
    if (one === to) return true
    if (seen.has(one)) return false
    seen.add(one)
    return reaches(jobs, one, to, seen)
  })
}
