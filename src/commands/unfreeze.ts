import { environmentName, reason } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const unfreeze = slashCommand({
  name: 'unfreeze',
  about: 'Lets promotions into an environment again.',
  arguments: { environment: environmentName, reason: { ...reason, schema: reason.schema.optional() } },
  words: ['environment'],
  command: ({ environment, reason }) => ({ name: 'unfreeze', environment, reason: reason ?? null }),
  may: { roles: ['oncall', 'promoter'], why: 'As for /freeze.' },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: ({ environment }) => [{ model: null, environment }],
  examples: ['/unfreeze production', '/unfreeze production reason="incident closed"'],
})
