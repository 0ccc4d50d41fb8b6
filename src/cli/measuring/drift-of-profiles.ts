import { openS3Store } from '../../adapters/store/s3-store.ts'
import type { DriftAsk } from '../../jobs/measure/drift.ts'
import { measureDriftOfProfiles, refuseRowQuestions } from '../../jobs/measure/drift-of-profiles.ts'
import { profileAt } from '../../jobs/measure/drift-profile-files.ts'
import { profileAsk } from '../../jobs/measure/profile-ask.ts'
import { placeFrom } from '../../jobs/measure/profile-files.ts'
import type { DriftDocument } from '../../measuring/drift.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { DescribedColumns } from '../../registry/model.ts'
import type { CommandInput } from '../command.ts'
import { requireRows } from './drift-together.ts'
import { openInputTables } from './input-tables.ts'

export interface ProfiledInput {
  readonly ask: DriftAsk
  /** What is known of the columns. */
  readonly model: DescribedColumns | null
  /** The reference of the version that was named instead of a file. */
  readonly reference: Profile | null
}

/** Drift where one side at least is a profile: a table on the other side is profiled now. null: both are tables. */
export async function driftOfProfiles(input: CommandInput, given: ProfiledInput): Promise<DriftDocument | null> {
  const { ask, model } = given
  const [reference, current] = [given.reference ?? (await kept(input, 'reference')), await kept(input, 'current')]
  if (reference === null && current === null) return null
  requireRows(input)
  refuseRowQuestions(ask)
  const before = reference ?? (await profiled(input, 'reference', { model, reference: null }))
  const after = current ?? (await profiled(input, 'current', { model, reference: before }))
  return measureDriftOfProfiles(ask, before, after)
}

type Side = 'reference' | 'current'

function kept(input: CommandInput, side: Side): Promise<Profile | null> {
  return profileAt(placeFrom(input.calledFrom, input.text(side) ?? ''), () => openS3Store({}))
}

async function profiled(
  input: CommandInput,
  side: Side,
  by: { readonly model: DescribedColumns | null; readonly reference: Profile | null },
): Promise<Profile> {
  const opened = openInputTables(input)
  try {
    const data = await opened.source(side)
    input.terminal.progress(`profiling ${data.called}`)
    const shape = await opened.tables.describe(data)
    return await opened.tables.profile(data, profileAsk({ ...by, columns: null }, shape))
  } finally {
    input.terminal.progress(null)
    await opened.close()
  }
}
