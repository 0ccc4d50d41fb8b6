import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewFile } from '../adapters/checkout/new-repository.ts'
import { openJobFolder } from '../adapters/job-folder.ts'
import { openTables } from '../adapters/tables/tables.ts'
import { templateFiles } from '../world/template-files.ts'
import { adultBytes, digestOf, registryFiles, storeFiles } from './adult-registry.ts'

type TableRows = Awaited<ReturnType<ReturnType<typeof openTables>['read']>>
type Column = TableRows['columns'] extends ReadonlyMap<string, infer Some> ? Some : never

const COLUMNS = [
  'row_id',
  'age',
  'education_num',
  'capital_gain',
  'capital_loss',
  'hours_per_week',
  'workclass',
  'marital_status',
  'occupation',
  'relationship',
  'race',
  'sex',
  'label',
]
const NUMBERS = ['row_id', 'age', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week', 'label']

/** The adult registry with training code, workflows for `/train` and `/tune`, and the rows that they train on. */
export async function exampleFiles(): Promise<readonly NewFile[]> {
  const registry = (await registryFiles()).filter(({ path }) => path !== '.gitignore').map(withTraining)
  return [...(await storeFiles()), ...registry, ...(await templateFiles()), await trainingTable()]
}

/** What `/train` and `/tune` need to know, in the configuration and in model.yml. */
function withTraining({ path, content }: NewFile): NewFile {
  const more = { '.github/weighbridge.yml': CONFIGURATION, 'models/adult/model.yml': MODEL }[path]
  return more === undefined ? { path, content } : { path, content: `${content}${more}` }
}

/** Goes on in `roles`, which the configuration ends with. */
const CONFIGURATION = `  trainer: {teams: [data-science]}
distinct: [trainer, approver]
training: {gpu_hours_per_month: 200, gpu_hours_per_run: 2, parallel_runs: 4}
`

const MODEL = `training:
  workflow: train.yml
  search_workflow: tune.yml
  runner: ubuntu-latest
  parameters:
    learning_rate: {type: number, min: 0.0001, max: 0.1, default: 0.01, search: log}
    epochs: {type: integer, min: 1, max: 200, default: 20}
    hidden: {type: integer, min: 4, max: 256, default: 32, search: log}
    weight_decay: {type: number, min: 0.000001, max: 0.1, default: 0.0001, search: log}
    batch_size: {type: integer, min: 16, max: 4096, default: 256, search: log}
`

/** `data/adult-train.csv`, from the Parquet file that is shipped. */
export async function trainingTable(): Promise<NewFile> {
  const bytes = await adultBytes('train.parquet')
  const job = openJobFolder()
  const tables = openTables({ folder: job.path })
  try {
    const path = join(job.path, 'train.parquet')
    await writeFile(path, bytes)
    const file = { path, digest: digestOf(bytes), size_bytes: bytes.length }
    const source = { files: [file], format: 'parquet', called: 'train.parquet' } as const
    const asCategory = COLUMNS.filter((name) => !NUMBERS.includes(name))
    const rows = await tables.read(source, { columns: COLUMNS, asCategory, asNumber: NUMBERS })
    return { path: 'data/adult-train.csv', content: csvText(rows) }
  } finally {
    await tables.close()
    job.close()
  }
}

/** Nothing in these columns needs quotes. */
function csvText({ rows, columns }: TableRows): string {
  const ordered = COLUMNS.map((name) => columns.get(name) as Column)
  const lines = Array.from({ length: rows }, (_, row) => ordered.map((column) => cell(column, row)).join(','))
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`
}

function cell(column: Column, row: number): string {
  if ('codes' in column) return column.values[column.codes[row] ?? -1] ?? ''
  return column.nulls[row] === 1 ? '' : String(column.values[row])
}
