import { reason } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const hold = slashCommand({
  name: 'hold',
  about: 'Stops this promotion until somebody lifts it.',
  arguments: { reason },
  command: ({ reason }) => ({ name: 'hold', reason }),
  may: {
    roles: ['promoter', 'approver', 'risk', 'oncall'],
    permission: 'write',
    why: 'Stopping is cheap and undone by a word, so whoever works on the repository may.',
  },
  place: { under: 'governed', openOnly: true },
  concerns: () => null,
  examples: ['/hold reason="wait for the audit"'],
})
