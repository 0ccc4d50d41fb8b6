import type { Complaints } from './complaints.ts'
import { type DataSet, dataSet, withPointer } from './data-set.ts'
import type { GivenTable, TableGround } from './given-table.ts'
import type { RegisterAsk } from './registration.ts'

/** The reference first, then what else went into the training. */
export async function dataSets(
  { data }: RegisterAsk,
  of: { readonly root: string; readonly pathOf: (path: string) => string },
  read: { readonly reference: GivenTable | null; readonly ground: TableGround; readonly complaints: Complaints },
): Promise<readonly DataSet[]> {
  const { reference, ground, complaints } = read
  const found = [reference === null ? null : await withPointer('reference', reference, of.root, complaints)]
  for (const given of data) found.push(await dataSet(given, of, ground, complaints))
  return found.filter((one) => one !== null)
}
