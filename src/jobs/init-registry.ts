import type { NewFile } from '../adapters/checkout/new-repository.ts'
import { type Column, type ColumnInfo, type TableSource, type Tables, Unavailable } from '../ports.ts'
import { readExam } from './exam.ts'
import { fitFairness } from './fit-fairness.ts'
import { fitRules } from './fit-margins.ts'
import type { InitFacts } from './init-files.ts'
import type { JudgeAsk } from './judged-files.ts'
import { type Paired, pairPredictions } from './pair-predictions.ts'

export interface InitAsk extends JudgeAsk {
  readonly task: 'binary' | 'regression'
  readonly model: string
  readonly time: string | null
  /** The candidate's file as it was given. */
  readonly examBytes: Uint8Array
  readonly examName: string
}

const STORE = '.weighbridge/store'
/** What prediction tables call their answers, also where the command line names another column: never features. */
const ANSWERS = ['score', 'prediction']
/** More different values than this make a text column free text, not a category with a list of values. */
const MOST_VALUES = 30

/**
 * Reads two prediction files into a first registry: columns and types guessed, margins fitted to the rows.
 *
 * @throws {Unavailable} when no column identifies a row, or the files do not fit together
 */
export async function initFacts(ask: InitAsk, tables: Tables): Promise<InitFacts> {
  const shape = await tables.describe(ask.candidate)
  const id = ask.id ?? (await guessId(tables, ask, shape.columns))
  const asked = { ...ask, id }
  const others = shape.columns.filter(
    (column) =>
      ![id, ask.label, ask.score, ask.prediction, ask.time, ask.unit, ...ANSWERS].includes(column.name) &&
      column.type !== 'nested',
  )
  const texts = others
    .filter((column) => column.type !== 'number' || ask.sensitive.includes(column.name))
    .map((column) => column.name)
  const table = await tables.read(ask.candidate, { columns: others.map((column) => column.name), asCategory: texts })
  const terms = {
    data: { uri: 'file:exam', digest: '' },
    task: ask.task,
    label: { name: ask.label, positive: ask.positive },
    columns: { id },
  }
  const exam = await readExam(tables, ask.candidate, terms, { where: [], across: [] })
  const paired = await pairPredictions(asked, exam, tables)
  return {
    model: ask.model,
    task: ask.task,
    rows: exam.rows,
    columns: { id, label: ask.label, time: ask.time },
    features: featuresOf(ask, others, table.columns),
    sensitive: ask.sensitive.map((name) => ({ name, values: valuesOf(table.columns.get(name)) ?? [] })),
    rules: fitRules(paired.exam, paired.candidate, paired.incumbent),
    fairness: fitFairness({ ...paired, columns: table.columns }, ask.sensitive),
    exam: { path: `${STORE}/${ask.model}/${ask.examName}`, content: ask.examBytes },
    versions: await versionsOf(asked, id, paired, tables),
    today: ask.now,
  }
}

/** A column named like an id, else the first whose values all differ. */
async function guessId(tables: Tables, ask: InitAsk, columns: readonly ColumnInfo[]): Promise<string> {
  const usual = columns.find((column) => /^(row_?)?(id|index|key)$/i.test(column.name))
  if (usual !== undefined) return usual.name
  const possible = columns
    .filter((column) => ![ask.label, ask.score, ask.prediction].includes(column.name) && column.type !== 'nested')
    .map((column) => column.name)
  const table = await tables.read(ask.candidate, { columns: possible, asCategory: possible })
  const unique = possible.find((name) => {
    const column = table.columns.get(name)
    return (
      column !== undefined &&
      !('nulls' in column) &&
      new Set(column.codes).size === table.rows &&
      !column.codes.includes(-1)
    )
  })
  if (unique === undefined)
    throw new Unavailable(
      'missing',
      `no column of ${ask.candidate.called} identifies a row`,
      'Name one with --id; each row needs an id of its own.',
    )
  return unique
}

function featuresOf(
  ask: InitAsk,
  columns: readonly ColumnInfo[],
  values: ReadonlyMap<string, Column>,
): InitFacts['features'] {
  const found = columns.map((column) => {
    const content = values.get(column.name)
    const type = column.type === 'number' ? ('number' as const) : ('category' as const)
    return {
      name: column.name,
      type,
      nullable: content !== undefined && hasNulls(content),
      values: type === 'category' ? valuesOf(content) : null,
    }
  })
  const answer = ask.score ?? ask.prediction ?? ask.label
  return found.length > 0 ? found : [{ name: answer, type: 'number', nullable: false, values: null }]
}

function hasNulls(column: Column): boolean {
  return 'nulls' in column ? column.nulls.includes(1) : column.codes.includes(-1)
}

function valuesOf(column: Column | undefined): readonly string[] | null {
  if (column === undefined || 'nulls' in column) return null
  const used = [...new Set(column.codes)].filter((code) => code >= 0).map((code) => column.values[code] ?? '')
  return used.length <= MOST_VALUES ? used.sort() : null
}

/** The incumbent as 1.0.0 and the candidate as 1.1.0; alone, the candidate is 1.0.0. */
async function versionsOf(ask: InitAsk, id: string, paired: Paired, tables: Tables): Promise<InitFacts['versions']> {
  const { model } = ask
  const ids = await idsOf(tables, ask.candidate, id)
  const predictions = (
    version: string,
    answers: Paired['candidate'],
  ): { readonly version: string; readonly predictions: NewFile; readonly rows: number } => {
    const rows = ids.flatMap((text, row) => {
      const answer = answers.score?.[row] ?? answers.prediction[row]
      return answer === undefined || Number.isNaN(answer) ? [] : [`${csvField(text)},${answer}`]
    })
    const column = answers.score === null ? 'prediction' : 'score'
    return {
      version,
      rows: rows.length,
      predictions: {
        path: `${STORE}/${model}/${version}/predictions.csv`,
        content: `id,${column}\n${rows.join('\n')}\n`,
      },
    }
  }
  if (paired.incumbent === null) return [predictions('1.0.0', paired.candidate)]
  return [predictions('1.0.0', paired.incumbent), predictions('1.1.0', paired.candidate)]
}

async function idsOf(tables: Tables, source: TableSource, id: string): Promise<readonly string[]> {
  const column = (await tables.read(source, { columns: [id], asCategory: [id] })).columns.get(id)
  if (column === undefined || 'nulls' in column)
    throw new Unavailable('missing', `${source.called} has no column "${id}"`, 'Name the id with --id.')
  return Array.from(column.codes, (code) => column.values[code] ?? '')
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
