import { Unavailable } from '../../ports.ts'
import { git } from './git.ts'

/** A commit of first-parent history, as people recognise it. */
export interface LoggedCommit {
  readonly sha: string
  /** When it was committed, ISO 8601 with the committer's offset. */
  readonly at: string
  /** As the commit says; anybody can write any name there. */
  readonly author: string
  readonly subject: string
}

/** What first-parent history knows of files: everything that ever stood on a branch, at its tip, in this order. */
export interface ServingLog {
  /** Paths below a folder of which some commit added or removed a line that holds a word. */
  pathsNaming(folder: string, word: string): Promise<readonly string[]>
  /** Commits that changed any of these paths, newest first. */
  commitsOn(paths: readonly string[]): Promise<readonly LoggedCommit[]>
}

const FIRST_PARENT = ['--first-parent', '--diff-merges=first-parent']
/** More files than one model ever had: their folder is asked instead. */
const MOST_PATHS = 500

/**
 * The history of a checkout up to a commit.
 *
 * @throws {Unavailable} in a shallow clone, whose history has no beginning
 */
export async function openServingLog(root: string, sha: string): Promise<ServingLog> {
  if ((await git(root, ['rev-parse', '--is-shallow-repository'])).trim() === 'true')
    throw new Unavailable('unreachable', 'this clone is shallow: its history is cut short', 'git fetch --unshallow')
  return {
    pathsNaming: async (folder, word) => {
      const lines = `-G${word.replace(/[^A-Za-z0-9_:/-]/g, '\\$&')}`
      const log = ['log', ...FIRST_PARENT, '--format=', '--name-only', '-z', '--text', lines, sha, '--', folder]
      const names = (await git(root, log)).split('\0').map((name) => name.replace(/^\n+/, ''))
      return [...new Set(names.filter((name) => name !== ''))].sort()
    },
    commitsOn: async (paths) => {
      if (paths.length === 0) return []
      const asked = paths.length > MOST_PATHS ? commonFolder(paths) : paths
      const format = '--format=%H%x1f%cI%x1f%an%x1f%s'
      const log = await git(root, ['log', '--first-parent', '--no-patch', '-z', format, sha, '--', ...asked])
      return log
        .split('\0')
        .filter((entry) => entry.trim() !== '')
        .map(commitOf)
    },
  }
}

function commonFolder(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')))]
}

function commitOf(entry: string): LoggedCommit {
  const [sha = '', at = '', author = '', subject = ''] = entry.trim().split('\x1f')
  return { sha, at, author, subject }
}
