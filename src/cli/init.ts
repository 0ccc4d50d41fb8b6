import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { git } from '../adapters/checkout/git.ts'
import {
  commitAll,
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

/** Writes a registry that validates and weighs at once; in a folder without Git also the repository and a first branch. */
export async function run(input: CommandInput): Promise<number> {
  const { folder, terminal } = input
  if (existsSync(join(folder, CONFIGURATION_PATH)))
    throw new InvalidCommand(
      `${CONFIGURATION_PATH} is there already`,
      'This folder is a registry: weighbridge validate checks it.',
    )
  const registry = input.text('from') === undefined ? await exampleRegistry() : await fittedRegistry(input)
  mkdirSync(folder, { recursive: true })
  const withGit = !input.flag('no-git') && !(await isInRepository(folder))
  await write(folder, registry, withGit)
  const next = withGit
    ? ['weighbridge check']
    : ['git add --all && git commit', `git switch --create ${registry.branch}`, 'weighbridge check']
  if (input.json)
    terminal.line(
      JSON.stringify(
        {
          schema: 'weighbridge.init/v1',
          files: [...registry.main, ...registry.change].map((file) => file.path),
          branch: withGit ? registry.branch : null,
          next,
        },
        null,
        2,
      ),
    )
  else
    for (const line of [
      ...registry.told,
      withGit ? `On branch ${registry.branch}, cut from main.` : 'Files written, nothing committed.',
      `Next: ${next.join('; ')}`,
    ])
      terminal.line(line)
  return EXIT.passed
}

async function write(folder: string, registry: NewRegistry, withGit: boolean): Promise<void> {
  if (!withGit) return writeFiles(folder, [...registry.main, ...registry.change])
  await initRepository(folder)
  await writeFiles(folder, registry.main)
  await commitAll(folder, 'registry: first models, policy and environment')
  await startBranch(folder, registry.branch, 'main')
  await writeFiles(folder, registry.change)
  await commitAll(folder, `production: ${registry.branch.replaceAll('-', ' ')}`)
}

async function isInRepository(folder: string): Promise<boolean> {
  return git(folder, ['rev-parse', '--git-dir']).then(
    () => true,
    () => false,
  )
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
