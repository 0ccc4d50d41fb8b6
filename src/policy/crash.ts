import { type Finding, finding } from '../gates/finding.ts'

const START = 'the gate crashed: '

/** A gate that throws is a bug, shown as one; it never passes and never takes the others down. */
export function crashed(name: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error)
  const because = `${START}${message}. This is a bug of Weighbridge; please report it.`
  return finding(name, `${name}: crashed`, 'inconclusive', because, { reason: because })
}

/** Whether a finding says that its gate crashed. */
export function isCrash({ gate, title, reason = '' }: Finding): boolean {
  return title === `${gate}: crashed` && reason.startsWith(START)
}

/** What a gate finds, or that it crashed. */
export function foundOrCrashed(name: string, judge: () => Finding): Finding {
  try {
    return judge()
  } catch (error) {
    return crashed(name, error)
  }
}
