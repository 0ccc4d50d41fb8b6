import { environmentName, reason, until } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const freeze = slashCommand({
  name: 'freeze',
  about: 'Stops every promotion into an environment for a time.',
  arguments: { environment: environmentName, until, reason },
  words: ['environment'],
  command: ({ environment, until, reason }) => ({ name: 'freeze', environment, until, reason }),
  may: {
    roles: ['oncall', 'promoter'],
    why: 'Whoever answers for the environment; a role narrowed to some models cannot stop the others.',
  },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: ({ environment }) => [{ model: null, environment }],
  examples: [
    '/freeze production until=2026-12-27 reason="holidays"',
    '/freeze staging until=48h reason="cluster upgrade"',
  ],
})
