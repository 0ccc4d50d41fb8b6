import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from './git.ts'

/** A file to be written below a folder. */
export interface NewFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** Who commits when the machine has no identity of its own. */
const WHO = ['-c', 'user.name=Weighbridge', '-c', 'user.email=weighbridge@localhost.invalid']

export async function initRepository(folder: string): Promise<void> {
  await git(folder, ['init', '--quiet', '--initial-branch=main'])
}

export async function writeFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  for (const file of files) {
    const path = join(folder, file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.content)
  }
}

/** Commits everything that lies in the folder. */
export async function commitAll(folder: string, subject: string): Promise<void> {
  await git(folder, ['add', '--all'])
  await commit(folder, subject)
}

/** Commits these files and nothing else of the folder, whatever is ignored. */
export async function commitFiles(folder: string, files: readonly NewFile[], subject: string): Promise<void> {
  await git(folder, ['add', '--force', '--', ...files.map((file) => file.path)])
  await commit(folder, subject)
}

async function commit(folder: string, subject: string): Promise<void> {
  await git(folder, [...(await identity(folder)), '-c', 'commit.gpgSign=false', 'commit', '--quiet', '-m', subject])
}

/** A new branch from another, checked out. */
export async function startBranch(folder: string, branch: string, from: string): Promise<void> {
  await git(folder, ['switch', '--quiet', '--create', branch, from])
}

/** Merges a branch into the one checked out, with a merge commit as GitHub makes it. */
export async function mergeInto(folder: string, branch: string): Promise<void> {
  await git(folder, [
    ...(await identity(folder)),
    '-c',
    'commit.gpgSign=false',
    'merge',
    '--quiet',
    '--no-ff',
    '-m',
    `Merge ${branch}`,
    branch,
  ])
}

async function identity(folder: string): Promise<readonly string[]> {
  const name = await git(folder, ['config', '--get', 'user.email']).catch(() => '')
  return name.trim() === '' ? WHO : []
}
