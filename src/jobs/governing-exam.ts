import type { GateSubject, RecordFile } from '../gates/gate.ts'
import { JUDGING_FIELDS, type Model, type TableReference } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'

/** model.yml as the head describes it, judged on the governed branch's terms. */
export function governedModel(head: Model, base: Model): Model {
  const merged: Record<string, unknown> = { ...head }
  for (const field of JUDGING_FIELDS) {
    if (base[field] === undefined) delete merged[field]
    else merged[field] = base[field]
  }
  return merged as unknown as Model
}

/**
 * The exam is set by the governed branch: its model.yml, else the incumbent's set. Only where both say nothing does the
 * candidate bring its own, and the check says who chose it.
 *
 * @param base  model.yml of the governed branch; null when the change brings the model
 */
export function examOf(
  base: Model | null,
  incumbent: RecordFile | null,
  head: Model,
  candidate: VersionRecord,
): GateSubject['exam'] {
  const own = base?.evaluation?.data
  if (own !== undefined) return { data: own, setBy: 'model' }
  const before = incumbent?.record.evaluation.data
  if (before !== undefined) return { data: before, setBy: 'incumbent' }
  const first = (base === null ? head.evaluation?.data : undefined) ?? candidate.evaluation.data
  return first === undefined ? null : { data: first, setBy: 'candidate' }
}

/** A set that the head would rather be judged on: shown, never used. */
export function headExamOf(head: Model, record: VersionRecord, exam: TableReference | null): TableReference | null {
  const wishes = [head.evaluation?.data, record.evaluation.data]
  return wishes.find((wish) => wish !== undefined && exam !== null && wish.digest !== exam.digest) ?? null
}
