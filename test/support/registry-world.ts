import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { git } from '../../src/adapters/checkout/git.ts'
import {
  commitAll,
  initRepository,
  type NewFile,
  startBranch,
  writeFiles,
} from '../../src/adapters/checkout/new-repository.ts'
import type { Finding } from '../../src/gates/finding.ts'
import { type CheckInput, checkCheckout } from '../../src/jobs/check-checkout.ts'
import type { CheckDocument } from '../../src/report/check-document.ts'
import { SETS, type SetName } from './fixture-sets.ts'
import {
  configurationFile,
  type Fields,
  manifestFile,
  modelFile,
  policyFile,
  storedTable,
  versionFiles,
} from './registry-files.ts'

export { digestOf, fixtureBytes } from './fixture-sets.ts'
export * from './registry-files.ts'

export const NOW = '2026-11-18T10:00:00Z'

export interface WorldOptions {
  readonly set?: SetName
  readonly versions?: readonly string[]
  /** Served on main from the start; default the first version. */
  readonly serves?: string | null
  readonly policy?: Fields
  readonly configuration?: Fields
  readonly model?: Fields
  /** More files of the first commit; of two with one path the later counts. */
  readonly files?: readonly NewFile[]
  /** false starts with an empty cache and keeps it to itself. */
  readonly warm?: boolean
  /** true leaves the folder to a hook that opened it for several tests. */
  readonly kept?: boolean
}

/** Rules that a story can pass in a moment: one floor, so that something is measured. */
export const LENIENT: Fields = { gates: { metrics: [{ metric: 'roc_auc', min: 0.1 }] } }

export interface World {
  readonly folder: string
  readonly set: SetName
  /** Texts of progress of all checks, `running compas 1.0.0 on ...` among them. */
  readonly told: string[]
  write(...files: readonly NewFile[]): Promise<void>
  remove(...paths: readonly string[]): void
  /** Commits files on the branch that is checked out. */
  commit(subject: string, ...files: readonly NewFile[]): Promise<void>
  /** A commit on main after which an environment serves a version. */
  serves(version: string, environment?: string): Promise<void>
  /** A branch from main with these files, main checked out again; gives back the branch's name. */
  opens(branch: string, ...files: readonly NewFile[]): Promise<string>
  /** A branch that changes the version an environment serves. */
  opensPromotion(version: string, more?: { readonly in?: string; readonly with?: readonly NewFile[] }): Promise<string>
  check(input?: Partial<Omit<CheckInput, 'folder' | 'progress'>>): Promise<CheckDocument>
  git(...args: readonly string[]): Promise<string>
}

/** A registry in a repository of its own, with one model of the test data; it goes when the test has ended. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { set = 'compas', versions = ['1.0.0', '1.1.0'], warm = true, kept = false } = options
  const folder = temporaryFolder(kept)
  await initRepository(folder)
  if (warm) warmUp(folder)
  const world = worldOf(folder, set, warm)
  await world.commit('a registry', ...firstFiles(options, set, versions))
  return world
}

/** A folder that goes when the test has ended, unless it is kept for a hook to remove. */
export function temporaryFolder(kept = false): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-story-'))
  if (!kept) onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

function firstFiles(options: WorldOptions, set: SetName, versions: readonly string[]): readonly NewFile[] {
  const { serves = versions[0] ?? null, policy = LENIENT } = options
  const { exam, train } = SETS[set]
  return [
    { path: '.gitignore', content: '.weighbridge/\n' },
    configurationFile(options.configuration),
    policyFile(policy),
    modelFile(set, options.model),
    storedTable(exam).file,
    storedTable(train).file,
    ...versions.flatMap((version) => versionFiles({ set, version })),
    ...(serves === null ? [] : [manifestFile(set, serves)]),
    ...(options.files ?? []),
  ]
}

function worldOf(folder: string, set: SetName, warm: boolean): World {
  const told: string[] = []
  const commit = async (subject: string, ...files: readonly NewFile[]) => {
    await writeFiles(folder, files)
    await commitAll(folder, subject)
  }
  const opens = async (branch: string, ...files: readonly NewFile[]) => {
    await startBranch(folder, branch, 'main')
    await commit(branch, ...files)
    await git(folder, ['switch', '--quiet', 'main'])
    return branch
  }
  return {
    folder,
    set,
    told,
    write: (...files) => writeFiles(folder, files),
    remove: (...paths) => {
      for (const path of paths) rmSync(join(folder, path), { recursive: true })
    },
    commit,
    serves: (version, environment) => commit(`serve ${version}`, manifestFile(set, version, environment)),
    opens,
    opensPromotion: (version, more = {}) =>
      opens(`promote-${version}`, manifestFile(set, version, more.in), ...(more.with ?? [])),
    check: async (input = {}) => {
      const progress = (text: string | null) => void (text === null ? null : told.push(text))
      const defaults = { base: 'main', head: null, now: NOW, skip: [] }
      const document = await checkCheckout({ ...defaults, ...input, folder, progress })
      if (warm) keepWarm(folder)
      return document
    },
    git: (...args) => git(folder, args),
  }
}

const SEAL_KEY = Buffer.alloc(32, 7)
const shared = mkdtempSync(join(tmpdir(), 'weighbridge-warm-'))
afterAll(() => rmSync(shared, { recursive: true, force: true }))

/** Evidence that other stories of this file have computed; the key of the seal is the same for all of them. */
function warmUp(folder: string): void {
  mkdirSync(join(folder, '.git/weighbridge'), { recursive: true })
  writeFileSync(join(folder, '.git/weighbridge/seal.key'), SEAL_KEY, { mode: 0o600 })
  cpSync(shared, join(folder, '.weighbridge/evidence'), { recursive: true })
}

function keepWarm(folder: string): void {
  const evidence = join(folder, '.weighbridge/evidence')
  if (existsSync(evidence)) cpSync(evidence, shared, { recursive: true, force: false })
}

/** All findings of a check with this gate, or the title that holds the text, wherever they stand. */
export function findings(check: CheckDocument, text: string): readonly Finding[] {
  const below = (found: Finding): readonly Finding[] => [found, ...found.children.flatMap(below)]
  return below(check.verdict).filter((found) => found.gate === text || found.title.includes(text))
}

/** The one finding of a gate right below the verdict, or below the only promotion. */
export function gate(check: CheckDocument, name: string): Finding {
  const found = check.verdict.children.find((child) => child.gate === name)
  if (found !== undefined) return found
  const known = check.verdict.children.map((child) => child.gate).join(', ')
  throw new Error(`there is no gate ${name} in this check; it has ${known}`)
}

/** Gate -> status of the first level. */
export function statuses(check: CheckDocument): Readonly<Record<string, string>> {
  return Object.fromEntries(check.verdict.children.map((child) => [child.gate, child.status]))
}

/** What a check says, a line a finding: gate, status, title, reason. */
export function said(check: CheckDocument): string {
  return findingLines(check.verdict).join('\n')
}

function findingLines({ gate: name, status, title, because, flips, children }: Finding): readonly string[] {
  return [`${name} ${status}: ${title}: ${because} ${flips ?? ''}`, ...children.flatMap(findingLines)]
}

/** Everything that people could read of a check, as one text. */
export function everyWord(check: CheckDocument): string {
  return JSON.stringify(check)
}
