import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { git } from '../adapters/checkout/git.ts'
import {
  commitFiles,
  initRepository,
  type NewFile,
  startBranch,
  writeFiles,
} from '../adapters/checkout/new-repository.ts'
import { InvalidCommand } from './command.ts'

/** A registry in two steps: what main holds, and what the first pull request changes. */
export interface NewRegistry {
  readonly main: readonly NewFile[]
  readonly change: readonly NewFile[]
  readonly branch: string
  readonly told: readonly string[]
}

/**
 * Whether a folder is the root of a Git repository, or in none.
 *
 * @throws {InvalidCommand} when it lies deeper inside of one: a registry stands at the root
 */
export async function isRepository(folder: string): Promise<boolean> {
  let nearest = folder
  while (!existsSync(nearest)) nearest = dirname(nearest)
  const root = (await git(nearest, ['rev-parse', '--show-toplevel']).catch(() => '')).trim()
  if (root === '') return false
  if (nearest === folder && realpathSync(folder) === realpathSync(root)) return true
  throw new InvalidCommand(
    `a registry stands at the root of its repository, and this folder lies inside of ${resolve(root)}`,
    `Give --repo ${resolve(root)}, or make the folder a repository of its own first: git init.`,
  )
}

/** @throws {InvalidCommand} when a file of that name is there: nothing of a user's is ever written over */
export function refuseToOverwrite(folder: string, files: readonly NewFile[]): void {
  const there = [...new Set(files.map((file) => file.path))].filter((path) => existsSync(join(folder, path)))
  if (there.length === 0) return
  throw new InvalidCommand(
    `${there.slice(0, 5).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
    'Nothing was written. Move it away, or start in another folder.',
  )
}

/** The files of a registry that nobody commits for its owner: main stands alone where it serves a version already; else the promotion is written, too, and committed second. */
export function filesWithoutCommits({ main, change }: NewRegistry): readonly NewFile[] {
  return servesAlready({ main, change }) ? main : [...main, ...change]
}

function servesAlready({ main, change }: Pick<NewRegistry, 'main' | 'change'>): boolean {
  return change.every((file) => main.some((one) => one.path === file.path))
}

/** What a person types who commits it, a line each. */
export function stepsToCommit(registry: NewRegistry): readonly string[] {
  const { branch, change } = registry
  const path = change.map((file) => file.path).join(' ')
  if (servesAlready(registry))
    return [
      'git add --all && git commit --message "registry: first model"',
      `git switch --create ${branch}`,
      `name the next version in ${path} (annotation and storageUri), and commit it`,
      'weighbridge check',
    ]
  return [
    `git add --all -- ":!${path}" && git commit --message "registry: first model"`,
    `git switch --create ${branch}`,
    `git add ${path} && git commit --message "production: first version"`,
    'weighbridge check',
  ]
}

/** The repository, with two commits: what main holds, and on a branch what the first pull request changes. */
export async function makeRepository(folder: string, { main, change, branch }: NewRegistry): Promise<void> {
  await initRepository(folder)
  await writeFiles(folder, main)
  await commitFiles(folder, main, 'registry: first models, policy and environment')
  await startBranch(folder, branch, 'main')
  await writeFiles(folder, change)
  await commitFiles(folder, change, `production: ${branch.replaceAll('-', ' ')}`)
}
