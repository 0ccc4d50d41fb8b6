import { mkdirSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { identify } from '../../../api/authentication.ts'
import { commitMeant } from '../../../api/named.ts'
import type { GitHub, WorldRepository } from '../../../github-state.ts'
import { findRepository, repositoryOf } from '../../../state/find.ts'
import { mayIn } from '../../../state/roles.ts'
import type { JobRoom } from '../job-room.ts'
import { runProcess } from '../run-process.ts'
import { processEnvironment, refuse } from '../run-script.ts'
import { done, type StandIn } from './stand-in.ts'

/** A real clone, out of the repository's own folder: no network is between them. */
export const checkout: StandIn = async ({ room, inputs }) => {
  const { github, run, folders } = room
  const name = inputs.repository ?? ''
  const isOwn = name === '' || name === (room.contexts.github as { readonly repository: string }).repository
  const repository = isOwn ? repositoryOf(github.state, run.repository) : findRepository(github.state, name)?.repository
  const token = inputs.token ?? room.token
  if (repository === undefined || !mayRead(github, token, repository))
    return refuse(room, `Repository not found, or not readable by the token: ${name || 'this one'}`)
  const folder = resolve(folders.workspace, inputs.path ?? '.')
  if (!`${folder}${sep}`.startsWith(`${folders.workspace}${sep}`))
    return refuse(room, `Repository path '${folder}' is not under '${folders.workspace}'`)
  const what = await wanted(github, repository, { ref: inputs.ref ?? '', run: isOwn ? run : null })
  if (what === null) return refuse(room, `A branch or tag with the name '${inputs.ref}' could not be found`)
  mkdirSync(folder, { recursive: true })
  const git = gitIn(room, folder)
  const source = `file://${github.storage.folder(repository.id)}`
  const page = `${github.state.settings.htmlUrl}/${findName(room, repository)}`
  const depth = Number(inputs['fetch-depth'] ?? 1)
  const commands = [
    ['init', '-q', '-b', what.branch ?? repository.defaultBranch, '.'],
    ['config', 'remote.origin.url', page],
    ['config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
    depth > 0
      ? ['fetch', '-q', '--no-tags', `--depth=${depth}`, source, `+${what.sha}:${what.tracking}`]
      : ['fetch', '-q', source, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*', what.sha],
    ['checkout', '-q', '--force', ...(what.branch === null ? ['--detach', what.sha] : ['-B', what.branch, what.sha])],
    ...(inputs['persist-credentials'] === 'false' ? [] : [credentials(github, token)]),
  ]
  for (const command of commands) {
    const problem = await git(command)
    if (problem !== null) return refuse(room, `git ${command[0]}: ${problem}`)
  }
  return done({ ref: inputs.ref ?? run.ref, commit: what.sha })
}

interface Wanted {
  readonly sha: string
  /** null: a commit of no branch. */
  readonly branch: string | null
  readonly tracking: string
}

async function wanted(
  github: GitHub,
  repository: WorldRepository,
  { ref, run }: { readonly ref: string; readonly run: { readonly ref: string; readonly sha: string } | null },
): Promise<Wanted | null> {
  if (ref === '' && run !== null) {
    const branch = run.ref.startsWith('refs/heads/') ? run.ref.slice('refs/heads/'.length) : null
    const tracking =
      branch === null ? run.ref.replace('refs/pull/', 'refs/remotes/pull/') : `refs/remotes/origin/${branch}`
    return { sha: run.sha, branch, tracking }
  }
  const name = ref === '' ? repository.defaultBranch : ref
  const sha = await commitMeant(github, repository, name)
  if (sha === null) return null
  const short = name.replace(/^refs\/heads\//, '')
  const isBranch = (await github.storage.tip(repository.id, `refs/heads/${short}`)) !== null
  return isBranch
    ? { sha, branch: short, tracking: `refs/remotes/origin/${short}` }
    : { sha, branch: null, tracking: 'refs/remotes/origin/checked-out' }
}

function mayRead(github: GitHub, token: string, repository: WorldRepository): boolean {
  if (!repository.isPrivate) return true
  try {
    return mayIn(github.state, identify(github, `token ${token}`), repository, 'contents', 'read')
  } catch {
    return false
  }
}

function findName(room: JobRoom, repository: WorldRepository): string {
  const owner = room.github.state.accounts.get(repository.owner)
  return `${owner?.login ?? 'ghost'}/${repository.name}`
}

/** Later steps push and fetch as the job, as long as its token holds. */
function credentials(github: GitHub, token: string): readonly string[] {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return ['config', `http.${github.state.settings.htmlUrl}/.extraheader`, `AUTHORIZATION: basic ${basic}`]
}

/** What Git complains of; null when it does not. */
function gitIn(room: JobRoom, folder: string) {
  return async (args: readonly string[]): Promise<string | null> => {
    const said: string[] = []
    const running = runProcess({
      command: 'git',
      args: ['-c', 'safe.directory=*', '-c', 'advice.detachedHead=false', ...args],
      cwd: folder,
      env: { ...processEnvironment(room, {}), GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' },
      onLine: (line) => said.push(line),
    })
    const { code, problem } = await room.stop.holding(running, running.done)
    for (const line of said) room.log.write(line)
    return code === 0 ? null : (problem ?? (said.join('\n') || `exit code ${code}`))
  }
}
