import { gateName } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const explain = slashCommand({
  name: 'explain',
  about: 'The whole reasoning, the smallest change that flips it, and what if.',
  arguments: { gate: { schema: gateName.optional(), shown: 'gate', about: 'only this one; all when left out' } },
  words: ['gate'],
  command: ({ gate }) => ({ name: 'explain', gate: gate ?? null }),
  may: { permission: 'read', why: 'It shows no more than the checks show to whoever can read the repository.' },
  place: { under: 'governed', openOnly: false },
  concerns: () => [{ model: null, environment: null }],
  examples: ['/explain', '/explain fairness'],
})
