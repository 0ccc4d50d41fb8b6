import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ACTION_COMMANDS } from '../action/action-commands.ts'
import { actionYml } from '../action/action-yml.ts'
import { APP_PERMISSIONS, DELIVERED_WITH } from '../app/permissions.ts'
import { SETTING_VARIABLES } from '../app/settings-variables.ts'
import { COMMANDS } from '../cli/commands.ts'
import { SLASH_COMMANDS } from '../commands/index.ts'
import { gates } from '../gates/index.ts'
import { fileKinds } from '../jobs/file-kinds.ts'
import { jsonSchemaOf } from '../registry/json-schema.ts'
import { DISPARITIES } from '../statistics/disparities.ts'
import { METRICS } from '../statistics/metrics.ts'
import { actionSection, type ExampleWorkflow } from './action-section.ts'
import { checkExcerpt } from './check-excerpt.ts'
import { spliced } from './splice.ts'
import {
  commandTable,
  disparityTable,
  fileKindTable,
  gateTable,
  metricTable,
  permissionTable,
  ruleTable,
  settingTable,
  slashCommandTable,
} from './tables.ts'

const ROOT = new URL('../../', import.meta.url)
const ACTION_EXAMPLES = [
  'src/world/template/.github/workflows/weigh.yml',
  'action/examples/watch.yml',
  'action/examples/register.yml',
]

/** A file that is written, in whole or in part, from the code. */
export interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string
  readonly url: URL
  readonly content: string
}

/** Every generated file as it should be now. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  return [await readme(), actionFile(), ...fileKinds.map((kind) => schemaFile(kind.name, jsonSchemaOf(kind)))]
}

async function readme(): Promise<GeneratedFile> {
  const url = new URL('README.md', ROOT)
  const parts = {
    check: await checkExcerpt(),
    commands: commandTable(COMMANDS),
    gates: gateTable(gates),
    rules: ruleTable(gates),
    metrics: metricTable(METRICS),
    disparities: disparityTable(DISPARITIES),
    'file-kinds': fileKindTable(fileKinds),
    permissions: permissionTable(APP_PERMISSIONS, DELIVERED_WITH),
    settings: settingTable(SETTING_VARIABLES),
    'slash-commands': slashCommandTable(SLASH_COMMANDS),
    action: actionSection(ACTION_COMMANDS, await Promise.all(ACTION_EXAMPLES.map(exampleAt))),
  }
  return { path: 'README.md', url, content: spliced(await readFile(url, 'utf8'), parts) }
}

async function exampleAt(path: string): Promise<ExampleWorkflow> {
  return { name: basename(path), text: await readFile(new URL(path, ROOT), 'utf8') }
}

function actionFile(): GeneratedFile {
  const path = 'action/action.yml'
  return { path, url: new URL(path, ROOT), content: actionYml(ACTION_COMMANDS) }
}

function schemaFile(name: string, schema: object): GeneratedFile {
  const path = `src/registry/json-schema/${name}.json`
  return { path, url: new URL(path, ROOT), content: `${JSON.stringify(schema, null, 2)}\n` }
}
