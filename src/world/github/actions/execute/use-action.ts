import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { commitMeant } from '../../api/named.ts'
import { findRepository } from '../../state/find.ts'
import { evaluateText } from '../evaluate.ts'
import { readTemplate } from '../read-template.ts'
import { mapOf, textOf, type WrittenMap } from '../written.ts'
import { runComposite, runNode } from './run-action.ts'
import { refuse, type StepRun } from './run-script.ts'
import { STAND_INS } from './stand-ins/index.ts'
import { type ActionUse, evaluationIn, type Scope } from './step-scope.ts'
import { writeCommit } from './write-commit.ts'

/**
 * A `uses:` step: an action of this checkout, one that lies on the runner's machine, one of a repository of this world,
 * or one that the world stands in for.
 */
export async function useAction(scope: Scope, step: WrittenMap, use: ActionUse): Promise<StepRun> {
  const { room } = scope
  const uses = textOf(step.uses) ?? ''
  const by = evaluationIn(scope, use.env)
  const given = Object.fromEntries(
    Object.entries(mapOf(step.with)).map(([name, value]) => [name.toLowerCase(), evaluateText(value, by)]),
  )
  if (uses.startsWith('./')) return runFolder(scope, resolve(room.folders.workspace, uses), given, use)
  const [, name = '', path = '', ref = ''] = /^([^/@]+\/[^/@]+)(\/[^@]+)?@(.+)$/.exec(uses) ?? []
  const hosted = name === '' ? null : (onMachine(scope, name, ref) ?? (await fetched(scope, name, ref)))
  if (hosted !== null) return runFolder(scope, join(hosted, path), given, use)
  const standIn = STAND_INS[`${name}${path}`.toLowerCase()]
  if (standIn !== undefined) return standIn({ room, inputs: given, env: use.env })
  return refuse(
    room,
    `Unable to resolve action ${uses}: this world hosts no repository ${name || uses} and stands in only for ${Object.keys(STAND_INS).join(', ')}.`,
  )
}

/** A link to the folder of an action that the runner holds, in the place where a fetched one would lie. */
function onMachine({ room }: Scope, name: string, ref: string): string | null {
  const { kind } = room.runner
  const source = kind.is === 'processes' && Object.hasOwn(kind.actions, name) ? kind.actions[name] : undefined
  if (source === undefined) return null
  const link = join(room.folders.actions, name.replace('/', '_'), ref.replaceAll('/', '_'))
  mkdirSync(dirname(link), { recursive: true })
  if (!existsSync(link)) symlinkSync(source, link)
  return link
}

/** The files of an action of this world; null when its repository is not here or may not be read. */
async function fetched({ room }: Scope, name: string, ref: string): Promise<string | null> {
  const { github, run } = room
  const repository = findRepository(github.state, name)?.repository
  if (repository === undefined) return null
  const owner = github.state.repositories.get(run.repository)?.owner
  if (repository.isPrivate && repository.owner !== owner) return null
  const sha = await commitMeant(github, repository, ref)
  if (sha === null) return null
  const folder = join(room.folders.actions, name.replace('/', '_'), sha)
  if (!existsSync(folder)) await writeCommit(github, { repository: repository.id, sha, folder })
  return folder
}

async function runFolder(
  scope: Scope,
  folder: string,
  given: Readonly<Record<string, string>>,
  use: ActionUse,
): Promise<StepRun> {
  const { room } = scope
  if (!`${folder}${sep}`.startsWith(`${room.folders.root}${sep}`))
    return refuse(room, `${folder} is outside of the job.`)
  const path = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((one) => existsSync(one))
  if (path === undefined)
    return refuse(
      room,
      `Can't find 'action.yml' or 'action.yaml' under '${folder}'. Did you forget to run actions/checkout before running your local action?`,
    )
  const { written, problems } = readTemplate('action', path, readFileSync(path, 'utf8'))
  if (problems.length > 0) return refuse(room, problems.join('\n'))
  const action = mapOf(written)
  const inputs = inputsOf(scope, action, given)
  const runs = mapOf(action.runs)
  if (runs.using === 'composite') return runComposite(scope, { action, folder, inputs, use })
  if (/^node\d+$/.test(String(runs.using))) return runNode(scope, { action, folder, inputs, use })
  return refuse(room, `This world runs composite and node actions; ${folder} is by '${String(runs.using)}'.`)
}

/** What was given, else the defaults; an input that the action does not name only warns. */
function inputsOf(
  scope: Scope,
  action: WrittenMap,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = Object.entries(mapOf(action.inputs)).map(([name, one]) => [name, mapOf(one)] as const)
  const names = declared.map(([name]) => name.toLowerCase())
  const unknown = Object.keys(given).filter((name) => !names.includes(name))
  if (unknown.length > 0)
    scope.room.log.annotate(
      'warning',
      `Unexpected input(s) '${unknown.join("', '")}', valid inputs are ['${names.join("', '")}']`,
    )
  const defaults = declared.map(([name, one]) => {
    const value = given[name.toLowerCase()] ?? evaluateText(one.default, evaluationIn(scope))
    return [name, value] as const
  })
  return { ...given, ...Object.fromEntries(defaults) }
}
