import type { Mistake } from './mistake.ts'
import type { ParsedFile } from './parsed-file.ts'
import type { VersionRecord } from './record.ts'
import { stepBetween } from './semantic-version.ts'
import { coversStep, requiredStep } from './version-step.ts'

/** What is wrong with a version's number beside its parent's, by what the two records say; null when nothing is. */
export function stepMistake(
  { value: record, place }: ParsedFile<VersionRecord>,
  parent: VersionRecord,
  severity: Mistake['severity'],
): Mistake | null {
  const taken = stepBetween(parent.version, record.version)
  const { step, reasons } = requiredStep(parent, record)
  if (coversStep(taken, step)) return null
  const because = reasons.filter((reason) => reason.step === step).map(({ what }) => what)
  const what =
    taken === 'backwards'
      ? `${record.version} comes before its parent ${parent.version}`
      : `is a ${taken} step from ${parent.version}; it takes a ${step} one: ${because.join('; ')}`
  return { ...place('version'), where: 'version', what, mend: 'Choose a higher version.', severity }
}
