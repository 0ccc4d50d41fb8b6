import { STEP_STATUSES } from './step-answer.ts'

/** Every output of the Action, with its meaning; commands name those that they set. */
export const ACTION_OUTPUTS: Readonly<Record<string, string>> = {
  status: `One of ${STEP_STATUSES.join(', ')}.`,
  because: 'One line: what decided, or why nothing was done. It may quote names out of the repository.',
  document: 'Path of the JSON document, the same that the command line prints with --json.',
  alarms: 'How many findings ask for somebody: a window that drifted, a disparity beyond its limit.',
  report: 'Path of the HTML page, when input html asked for one.',
  base: 'Commit that the change was weighed against.',
  head: 'Commit that was weighed.',
  proposal: 'Path of the proposal that register wrote.',
  record: 'Path of the version record, when input version gave its number.',
  claimed: 'true when this run may train, false when an older run of the same request does.',
}

/** Outputs that every command sets. */
export const COMMON_OUTPUTS: readonly string[] = ['status', 'because']
