import type { JobRoom } from '../job-room.ts'
import type { StepRun } from '../run-script.ts'

export interface StandInCall {
  readonly room: JobRoom
  /** As given, names in small letters. */
  readonly inputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

/** Does what a well-known action does, by the inputs and outputs that its own page documents. */
export type StandIn = (call: StandInCall) => Promise<StepRun>

export function done(outputs: Readonly<Record<string, string>> = {}): StepRun {
  return { end: 'success', outputs }
}

/** An input that is a list, one a line. */
export function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
