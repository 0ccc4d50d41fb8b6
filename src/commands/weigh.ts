import { z } from 'zod'
import { gateName } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const weigh = slashCommand({
  name: 'weigh',
  about: 'Judges this pull request again.',
  arguments: { gates: { schema: z.array(gateName).max(20), shown: 'gate', about: 'only these; all when left out' } },
  more: 'gates',
  command: ({ gates }) => ({ name: 'weigh', gates: [...new Set(gates)] }),
  may: { permission: 'write', why: 'As the button “Weigh again”: it changes no verdict, and costs computing.' },
  place: { under: 'governed', openOnly: true },
  concerns: () => [{ model: null, environment: null }],
  examples: ['/weigh', '/weigh metrics fairness'],
})
