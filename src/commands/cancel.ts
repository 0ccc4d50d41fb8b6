import { correlation } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const cancel = slashCommand({
  name: 'cancel',
  about: 'Stops what this thread started last, or one run by its id.',
  arguments: {
    correlation: { schema: correlation.optional(), shown: 'id', about: 'of the run, as its answer shows it' },
  },
  words: ['correlation'],
  command: ({ correlation }) => ({ name: 'cancel', correlation: correlation ?? null }),
  may: { roles: ['trainer'], why: 'Whoever may start a run of a model may stop one.' },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: () => null,
  examples: ['/cancel', '/cancel wb-0123456789abcdef0123'],
})
