import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { writeFiles } from '../adapters/checkout/new-repository.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { openTables } from '../adapters/tables/tables.ts'
import { MANIFEST_PATH, manifestText, registryFiles, storeFiles } from '../demo/adult-registry.ts'
import { exampleFiles } from '../demo/example-registry.ts'
import { countText } from '../gates/number-text.ts'
import { type InitFacts, registryOf, schemaFiles, servingManifest, withSchemaLine } from '../jobs/init-files.ts'
import { ledgerRuleset } from '../jobs/init-ledger-ruleset.ts'
import { initFacts } from '../jobs/init-registry.ts'
import { CONFIGURATION_PATH } from '../registry/configuration.ts'
import { NAME } from '../registry/names.ts'
import { wrapped } from '../report/wrap.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { askOf } from './judge.ts'
import {
  filesWithoutCommits,
  isRepository,
  makeRepository,
  type NewRegistry,
  refuseToOverwrite,
  stepsToCommit,
} from './new-registry.ts'
import { pathFrom } from './parse.ts'

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
  const inRepository = await isRepository(folder)
  const registry = await registryAsked(input)
  const withGit = !input.flag('no-git') && !inRepository
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
      ...registry.told.flatMap((text) => wrapped(text, terminal.columns, '', 2)),
      withGit ? `On branch ${registry.branch}, cut from main.` : 'Files written, nothing committed.',
      ...next.map((step, index) => (index === 0 ? `Next: ${goThere(input)}${step}` : `Then: ${step}`)),
    ])
      terminal.line(line)
  return EXIT.passed
}

/** What to type is typed in the new registry. */
function goThere({ folder, calledFrom }: CommandInput): string {
  const path = relative(calledFrom, folder)
  if (path === '') return ''
  return `cd ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`} && `
}

async function registryAsked(input: CommandInput): Promise<NewRegistry> {
  const isFitted = input.text('from') !== undefined
  if (isFitted && input.flag('example'))
    throw new InvalidCommand('--example and --from exclude one another', 'The example brings its own data.')
  if (isFitted) return fittedRegistry(input)
  return input.flag('example') ? trainingRegistry() : exampleRegistry()
}

/** Without predictions: the adult census data, two versions, the second waiting for production. */
async function exampleRegistry(): Promise<NewRegistry> {
  const files = [...(await storeFiles()), ...(await registryFiles())].filter((file) => file.path !== '.gitignore')
  return {
    main: [...schemaFiles(), ledgerRuleset(), ...files.map(withSchemaLine)],
    change: [{ path: MANIFEST_PATH, content: manifestText('1.1.0') }],
    branch: 'promote-adult-1.1.0',
    told: [
      'An example registry: adult (census income), real data and models. Production serves 1.0.0; the branch promotes 1.1.0.',
    ],
  }
}

/** The same, with code that trains it and workflows for /train and /tune. */
async function trainingRegistry(): Promise<NewRegistry> {
  const { main, told, ...more } = await exampleRegistry()
  const files = (await exampleFiles()).map(withSchemaLine)
  const paths = new Set(files.map((file) => file.path))
  const trains = 'training/train.py trains it; README.md says what to set before /train and /tune work on GitHub.'
  return { ...more, main: [...main.filter((file) => !paths.has(file.path)), ...files], told: [...told, trains] }
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
    const { task, ...ask } = await askOf(input, job.path, from)
    if (task === 'multiclass')
      throw new InvalidCommand('several classes cannot be guessed from a file', 'Edit what init writes without --from.')
    const facts = await initFacts(
      {
        ...ask,
        task,
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
      `${facts.model}: ${facts.task}, ${countText(facts.rows, 'rows')}, id ${facts.columns.id}, ${countText(facts.features.length, 'features')} guessed${facts.sensitive.length === 0 ? '' : `, sensitive ${facts.sensitive.map((one) => one.name).join(', ')}`}.`,
      ...facts.rules.map((rule) => `Rule ${rule.yaml}: ${rule.why}`),
      ...(facts.fairness.fits === 'margin' ? [`Rule ${facts.fairness.rule.yaml}: ${facts.fairness.rule.why}`] : []),
      ...(facts.fairness.fits === 'none' ? [`Without ${facts.fairness.id}: ${facts.fairness.why}`] : []),
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
