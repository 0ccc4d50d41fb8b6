import { gateName, reason, until } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const waive = slashCommand({
  name: 'waive',
  about: 'Lets this evidence pass one gate for a time, where the policy allows it.',
  arguments: {
    gate: { schema: gateName, shown: '<gate>', about: 'a gate that the policy calls waivable' },
    until,
    reason,
  },
  words: ['gate'],
  command: ({ gate, until, reason }) => ({ name: 'waive', gate, until, reason }),
  may: {
    rolesOfPolicy: true,
    notAuthor: true,
    why: 'The policy says in waivable: which role may, how long and how often; never the author, trainer or requester.',
  },
  place: { under: 'governed', openOnly: true },
  concerns: () => null,
  examples: ['/waive fairness until=2026-12-01 reason="corrected labels arrive on Monday"'],
  notes: ['A waiver holds for the evidence that stands now. Integrity and registry can never be waived.'],
})
