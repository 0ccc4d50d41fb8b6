import { relative } from 'node:path'
import { dataOfPointer, dvcPointerOf, mustMatch } from '../../adapters/dvc/dvc-pointer.ts'
import type { VersionRecord } from '../../registry/record.ts'
import type { Complaints } from './complaints.ts'
import { isUri } from './given-file.ts'
import { type GivenTable, givenTable, type TableGround } from './given-table.ts'

export type DataEntry = NonNullable<NonNullable<VersionRecord['training']>['data']>[number]

/** One data set of a training: what the record says, and what is to be stored. */
export interface DataSet {
  readonly entry: DataEntry
  readonly table: GivenTable
}

/** `customers=data/customers.parquet`, or its `.dvc` pointer, or a URI. */
export async function dataSet(
  given: string,
  of: { readonly root: string; readonly pathOf: (path: string) => string },
  ground: TableGround,
  complaints: Complaints,
): Promise<DataSet | null> {
  const [, name = '', named = ''] = /^([A-Za-z0-9_.-]{1,64})=(.+)$/s.exec(given) ?? []
  if (name === '') {
    complaints.say(`--data ${given}`, 'is not NAME=PATH', 'Write customers=data/customers.parquet, for example.')
    return null
  }
  const path = isUri(named) ? named : await dataPath(of.pathOf(named), complaints)
  return path === null ? null : described(name, path, { root: of.root, option: `--data ${name}=` }, ground, complaints)
}

async function dataPath(path: string, complaints: Complaints): Promise<string | null> {
  return path.endsWith('.dvc') ? complaints.tried(`--data ${path}`, () => dataOfPointer(path)) : path
}

async function described(
  name: string,
  path: string,
  { root, option }: { readonly root: string; readonly option: string },
  ground: TableGround,
  complaints: Complaints,
): Promise<DataSet | null> {
  const table = await givenTable(option, path, ground, complaints)
  return table === null ? null : withPointer(name, table, root, complaints)
}

/** A data set with the DVC pointer that tracks it, whose MD5 its bytes must have. */
export async function withPointer(
  name: string,
  table: GivenTable,
  root: string,
  complaints: Complaints,
): Promise<DataSet | null> {
  const entry = { name, uri: table.uri, digest: table.digest }
  if (table.file === null) return { entry, table }
  const pointer = await dvcPointerOf(root, table.path)
  if (pointer === null) return { entry, table }
  const where = relative(root, table.path)
  const isTracked = await complaints.tried(where, async () => mustMatch(table.path, pointer).then(() => true))
  return isTracked === null ? null : { entry: { ...entry, dvc: pointer.pointer }, table }
}
