import type { Complaints } from './complaints.ts'
import type { DataSet } from './data-set.ts'
import { type GivenTable, givenTable, type TableGround } from './given-table.ts'
import type { RegisterAsk } from './registration.ts'

/** The tables of a training; null is one that was not given, or is not fit. */
export type GivenTables = Readonly<Record<keyof typeof FIELDS, GivenTable | null>>

/** What the record, or the proposal, calls each. */
const FIELDS = {
  reference: 'evaluation.reference',
  evaluation: 'evaluation.data',
  validation: 'validation',
  predictions: 'evaluation.predictions',
  units: 'evaluation.units',
} as const

/** One after another: the reader of tables answers one question at a time anyhow. */
export async function givenTables(ask: RegisterAsk, ground: TableGround, complaints: Complaints): Promise<GivenTables> {
  const table = (name: keyof typeof FIELDS) => givenTable(`--${name}`, ask[name], ground, complaints)
  const reference = await table('reference')
  const evaluation = await table('evaluation')
  const validation = await table('validation')
  const predictions = await table('predictions')
  return { reference, evaluation, validation, predictions, units: await table('units') }
}

/** Every table that was given, by the field that names it. */
export function namedTables(
  tables: GivenTables,
  data: readonly DataSet[],
): readonly { readonly field: string; readonly table: GivenTable }[] {
  const given = Object.entries(FIELDS).flatMap(([name, field]) => {
    const table = tables[name as keyof typeof FIELDS]
    return table === null ? [] : [{ field, table }]
  })
  return [...given, ...data.map(({ entry, table }) => ({ field: `training.data.${entry.name}`, table }))]
}
