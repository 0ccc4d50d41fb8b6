import { git } from './git.ts'

/** What a training ran on: a commit, and tracked files that are not as they stand there. */
export interface WorkingState {
  readonly commit: string
  readonly changed: readonly string[]
}

/** @throws {GitFailure} where nothing is committed yet */
export async function workingState(root: string): Promise<WorkingState> {
  const commit = (await git(root, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim()
  // what a job writes is not tracked; submodules that stand elsewhere are
  const status = await git(root, ['status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=none'])
  return { commit, changed: pathsOf(status) }
}

/** YAML files of a working tree that are not as the checked-out commit has them, new ones included. */
export async function uncommittedYaml(root: string): Promise<readonly string[]> {
  const args = ['status', '--porcelain', '-z', '--untracked-files=all', '--', '*.yml', '*.yaml']
  return pathsOf(await git(root, args, { GIT_LITERAL_PATHSPECS: '0' }))
}

function pathsOf(status: string): readonly string[] {
  return status.split('\0').flatMap((line) => (/^.. /.test(line) ? [line.slice(3)] : []))
}
