import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { git } from '../adapters/checkout/git.ts'
import {
  commitFiles,
  initRepository,
  type NewFile,
  startBranch,
  writeFiles,
} from '../adapters/checkout/new-repository.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { openTables } from '../adapters/tables/tables.ts'
import { MANIFEST_PATH, manifestText, registryFiles, storeFiles } from '../demo/adult-registry.ts'
import { type InitFacts, registryOf, schemaFiles, servingManifest } from '../jobs/init-files.ts'
import { initFacts } from '../jobs/init-registry.ts'
import { CONFIGURATION_PATH } from '../registry/configuration.ts'
import { NAME } from '../registry/names.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { askOf } from './judge.ts'
import { pathFrom } from './parse.ts'

/** A registry in two steps: what main holds, and what the first pull request changes. */
interface NewRegistry {
  readonly main: readonly NewFile[]
  readonly change: readonly NewFile[]
  readonly branch: string
  readonly told: readonly string[]
}

/**
 * Writes a registry that validates and weighs at once. Without a repository around it makes one, with a first branch;
 * in a repository it commits nothing and says what to commit.
 */
export async function run(input: CommandInput): Promise<number> {
  const { folder, terminal } = input
  if (existsSync(join(folder, CONFIGURATION_PATH)))
    throw new InvalidCommand(
      `${CONFIGURATION_PATH} is there already`,
      'This folder is a registry: weighbridge validate checks it.',
    )
  const around = await repositoryAround(folder)
  if (around !== null && around !== realpathSync(folder))
    throw new InvalidCommand(
      `a registry stands at the root of its repository, and this folder lies inside of ${around}`,
      `Run it there, with --repo ${around}, or in a folder outside.`,
    )
  const registry = input.text('from') === undefined ? await exampleRegistry() : await fittedRegistry(input)
  const withGit = !input.flag('no-git') && around === null
  const files = withGit ? [...registry.main, ...registry.change] : filesWithoutCommits(registry)
  refuseToOverwrite(folder, files)
  mkdirSync(folder, { recursive: true })
  if (withGit) await makeRepository(folder, registry)
  else await writeFiles(folder, files)
  const next = withGit ? ['weighbridge check'] : stepsToCommit(registry)
  if (input.json)
    terminal.document({
      schema: 'weighbridge.init/v1',
      files: [...new Set(files.map((file) => file.path))],
      branch: withGit ? registry.branch : null,
      next,
    })
  else
    for (const line of [
      ...registry.told,
      withGit ? `On branch ${registry.branch}, cut from main.` : 'Files written, nothing committed.',
      ...next.map((step, index) => `${index === 0 ? 'Next:' : 'Then:'} ${step}`),
    ])
      terminal.line(line)
  return EXIT.passed
}

/** Root of the repository that a folder lies in, or would lie in; null when there is none. */
async function repositoryAround(folder: string): Promise<string | null> {
  let nearest = folder
  while (!existsSync(nearest)) nearest = dirname(nearest)
  const root = await git(nearest, ['rev-parse', '--show-toplevel']).catch(() => '')
  return root.trim() === '' ? null : realpathSync(root.trim())
}

function refuseToOverwrite(folder: string, files: readonly NewFile[]): void {
  const there = [...new Set(files.map((file) => file.path))].filter((path) => existsSync(join(folder, path)))
  if (there.length === 0) return
  throw new InvalidCommand(
    `${there.slice(0, 5).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
    'Nothing was written. Move it away, or start in another folder.',
  )
}

/** main stands alone where it serves a version already; else the promotion is written, too, and committed second. */
function filesWithoutCommits({ main, change }: NewRegistry): readonly NewFile[] {
  return servesAlready({ main, change }) ? main : [...main, ...change]
}

function servesAlready({ main, change }: Pick<NewRegistry, 'main' | 'change'>): boolean {
  return change.every((file) => main.some((one) => one.path === file.path))
}

function stepsToCommit(registry: NewRegistry): readonly string[] {
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

/** Two commits: what main holds, and on a branch what the first pull request changes. */
async function makeRepository(folder: string, { main, change, branch }: NewRegistry): Promise<void> {
  await initRepository(folder)
  await writeFiles(folder, main)
  await commitFiles(folder, main, 'registry: first models, policy and environment')
  await startBranch(folder, branch, 'main')
  await writeFiles(folder, change)
  await commitFiles(folder, change, `production: ${branch.replaceAll('-', ' ')}`)
}

/** Without predictions: the adult census data, two versions, the second waiting for production. */
async function exampleRegistry(): Promise<NewRegistry> {
  const files = [...(await storeFiles()), ...(await registryFiles())].filter((file) => file.path !== '.gitignore')
  return {
    main: [...schemaFiles(), ...files],
    change: [{ path: MANIFEST_PATH, content: manifestText('1.1.0') }],
    branch: 'promote-adult-1.1.0',
    told: [
      'An example registry: adult (census income), real data and models. Production serves 1.0.0; the branch promotes 1.1.0.',
    ],
  }
}

async function fittedRegistry(input: CommandInput): Promise<NewRegistry> {
  const from = input.text('from') ?? ''
  const path = pathFrom(input.calledFrom, from)
  const model = input.text('model') ?? nameFrom(from)
  if (!NAME.test(model))
    throw new InvalidCommand(`"${model}" is no model name`, 'Lower-case letters, digits and inner hyphens, 63 at most.')
  if (input.text('label') === undefined)
    throw new InvalidCommand('--label is missing', 'Name the column that holds the true answer.')
  const job = openJobFolder()
  const tables = openTables({ folder: job.path })
  try {
    input.terminal.progress('reading the predictions')
    const ask = await askOf(input, job.path, from)
    const facts = await initFacts(
      {
        ...ask,
        model,
        time: input.text('time') ?? null,
        examBytes: readFileSync(path),
        examName: `exam${/\.[a-z]+(\.gz)?$/.exec(path)?.[0] ?? '.csv'}`,
      },
      tables,
    )
    return registryFrom(facts)
  } finally {
    await tables.close()
    job.close()
  }
}

function registryFrom(facts: InitFacts): NewRegistry {
  const last = facts.versions.length - 1
  const version = facts.versions[last]?.version ?? '1.0.0'
  return {
    main: [...registryOf(facts), ...(last > 0 ? [servingManifest(facts, 0)] : [])],
    change: [servingManifest(facts, last)],
    branch: `promote-${facts.model}-${version}`,
    told: [
      `${facts.model}: ${facts.task}, ${facts.rows} rows, id ${facts.columns.id}, ${facts.features.length} features guessed${facts.sensitive.length === 0 ? '' : `, sensitive ${facts.sensitive.map((one) => one.name).join(', ')}`}.`,
      ...facts.rules.map((rule) => `Rule ${rule.yaml} ${rule.why}`),
    ],
  }
}

/** `new predictions.csv` -> `new-predictions`. */
function nameFrom(path: string): string {
  return (
    basename(path)
      .replace(/\..*$/, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63) || 'model'
  )
}
