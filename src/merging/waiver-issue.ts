import type { LedgerState, ModelScope } from '../ledger/fact.ts'
import type { LandingIssue } from './landing-messages.ts'

/** What serves under a waiver that has ended. */
export interface EndedWaiver {
  readonly scope: ModelScope
  readonly version: string
  readonly waiver: LedgerState['waived'][number]
}

/** The issue about a waiver that ended while its version serves, in plain text: whoever posts it escapes it. */
export function waiverIssue({ scope: { environment, model }, version, waiver }: EndedWaiver): LandingIssue {
  const { gate, evidence_key, role, by, at, until, reason, landed } = waiver
  return {
    marker: `weighbridge:waiver:${environment}/${model}/${gate}/${evidence_key.slice(0, 16)}`,
    title: `${model} ${version} is live in ${environment} under an expired waiver of ${gate}`,
    lines: [
      `${model} ${version} landed in ${environment} at ${landed}, and serves there. It did not pass ${gate}: that was waived until ${until}, by account ${by} as ${role} at ${at}.`,
      `The reason was: ${reason}`,
      `What to do: promote a version that passes ${gate}, or go back to one that was verified there. Nothing is undone by itself, and a promotion of this evidence is held from now on.`,
    ],
  }
}
