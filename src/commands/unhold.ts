import { reason } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const unhold = slashCommand({
  name: 'unhold',
  about: 'Lifts the hold of this promotion.',
  arguments: { reason: { ...reason, schema: reason.schema.optional() } },
  command: ({ reason }) => ({ name: 'unhold', reason: reason ?? null }),
  may: {
    roles: ['approver', 'risk', 'oncall'],
    notAuthor: true,
    why: 'A second pair of eyes let it go on: never the author of the pull request alone.',
  },
  place: { under: 'governed', openOnly: true },
  concerns: () => null,
  examples: ['/unhold', '/unhold reason="audit closed"'],
})
