import type { ActionCommand } from './action-command.ts'
import { commandLine } from './command-line.ts'
import { ofCommandLine } from './of-command-line.ts'

const measuring = (name: string, outputs: readonly string[]): ActionCommand =>
  ofCommandLine(commandLine(name), {
    needsNative: true,
    outputs,
    load: () => import('./run-measuring.ts'),
  })

/** Every command of the Action, in the order of its documentation. */
export const ACTION_COMMANDS: readonly ActionCommand[] = [
  ofCommandLine(commandLine('check'), {
    without: ['markdown'],
    meaning: {
      base: 'Where it would be merged, a branch or a commit; default: what the event of the run says.',
      head: 'What would be merged, a branch or a commit; default: what the event says, else the commit of the run.',
    },
    needsNative: true,
    outputs: ['document', 'report', 'base', 'head'],
    load: () => import('./run-check.ts'),
  }),
  ofCommandLine(commandLine('evaluate'), {
    argument: 'subject',
    needsNative: true,
    outputs: ['document'],
    load: () => import('./run-measuring.ts'),
  }),
  ofCommandLine(commandLine('register'), {
    needsNative: true,
    outputs: ['document', 'proposal', 'record'],
    load: () => import('./run-register.ts'),
  }),
  measuring('drift', ['document', 'report', 'alarms']),
  measuring('fairness', ['document', 'report', 'alarms']),
  measuring('metrics', ['document', 'report']),
  {
    name: 'setup',
    about: 'Puts the command `weighbridge` on the PATH of the steps that follow.',
    needsNative: false,
    inputs: {
      native: {
        type: 'boolean',
        about: 'Install DuckDB and the ONNX runtime too, for commands that read tables or run models.',
      },
    },
    outputs: [],
    load: () => import('./run-setup.ts'),
  },
  {
    name: 'claim',
    about: 'Lets the oldest run of one request of the app train, and no other.',
    needsNative: false,
    inputs: {
      request: { type: 'string', value: 'JSON', required: true, about: 'Input `request` of the dispatched workflow.' },
      correlation: { type: 'string', value: 'ID', required: true, about: 'Its input `correlation`.' },
    },
    outputs: ['claimed'],
    load: () => import('./run-claim.ts'),
  },
]
