import { correlation } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const cancel = slashCommand({
  name: 'cancel',
  about: 'Stops what this thread started last, or one run by its id.',
  arguments: {
    id: { schema: correlation.optional(), shown: 'id', about: 'of the run, as its answer shows it' },
  },
  words: ['id'],
  command: ({ id }) => ({ name: 'cancel', correlation: id ?? null }),
  may: { roles: ['trainer'], starter: true, why: 'Whoever started a run, or may start one of its model, may stop it.' },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: () => null,
  examples: ['/cancel', '/cancel wb-0123456789abcdef0123'],
})
