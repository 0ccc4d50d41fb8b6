import type { TableReference } from '../../../registry/model.ts'
import type { Validation } from '../../../training/training-request.ts'
import type { Job } from '../../job.ts'

/** Rows meet by chance where they are coarse; by more than this they were the exam's own. */
const MOST_BEYOND_CHANCE = 0.01

/**
 * What is wrong with the rows that trials were ranked on: they must be none of the exam's, by the ids that model.yml
 * names or, without them, by what is in the rows. What cannot be looked at is held.
 *
 * @param validation  as the winner's proposal names it
 * @param exam        the set that the winner is going to be judged on, and `columns.id` of model.yml
 */
export async function sharedRows(
  { files, tables }: Job,
  validation: Validation['data'] | null,
  exam: { readonly data: TableReference; readonly id: string | null },
): Promise<readonly { readonly what: string; readonly mend: string }[]> {
  const mend =
    'Rank on rows that were held back of the training data, and give them to weighbridge register --validation.'
  if (validation?.uri === undefined)
    return [{ what: 'does not say where its rows lie, so that nobody can tell them from the exam', mend }]
  const { uri, digest, rows } = validation
  const [own, other] = [await files.table({ uri, digest, rows }), await files.table(exam.data)]
  const { columns } = await tables.describe(own)
  const id = columns.some(({ name }) => name === exam.id) ? exam.id : null
  const { overlap } = await tables.quality(own, { id, label: null, features: [], ranges: [], reference: other })
  if (overlap === null) return [{ what: 'has no column of the exam, so that the two cannot be told apart', mend }]
  const most = overlap.by === 'id' ? 0 : overlap.chance + MOST_BEYOND_CHANCE
  if (overlap.share <= most) return []
  return [{ what: `holds rows of the exam: ${(100 * overlap.share).toFixed(1)} percent by ${overlap.by}`, mend }]
}
