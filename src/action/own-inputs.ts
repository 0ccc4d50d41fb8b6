import type { OptionSpec } from '../cli/command.ts'
import { workflowExpression } from './workflow-expression.ts'

export const FAIL_ON = ['held', 'undecided', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

export interface OwnInput extends OptionSpec {
  readonly default?: string
}

/** Inputs that every command takes. */
export const OWN_INPUTS: Readonly<Record<string, OwnInput>> = {
  command: { type: 'string', required: true, about: 'What is to be done.' },
  repo: { type: 'string', value: 'DIR', about: 'The checkout; default: the workspace.' },
  token: {
    type: 'string',
    default: workflowExpression('github.token'),
    about: 'check fetches commits by it (contents: read), claim lists runs (actions: read); nothing is written.',
  },
  'fail-on': {
    type: 'string',
    choices: FAIL_ON,
    default: 'undecided',
    about: 'When a verdict fails the step: held; undecided: that too; never. What was refused always fails it.',
  },
}
