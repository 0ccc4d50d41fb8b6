import { versionName } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

const about = 'one version, such as churn@1.4.0'

export const compare = slashCommand({
  name: 'compare',
  about:
    'Two versions side by side: metrics with paired intervals, fairness, drift, importance, latency, size, parameters.',
  arguments: {
    a: { schema: versionName, shown: '<model>@<a>', about },
    b: { schema: versionName, shown: '<model>@<b>', about },
  },
  words: ['a', 'b'],
  command: ({ a, b }) => ({ name: 'compare', a, b }),
  may: { permission: 'write', why: 'It computes on the machine of the app, and looks at the exam.' },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: ({ a, b }) => [a, b].map(({ model }) => ({ model, environment: null })),
  examples: ['/compare churn@1.3.0 churn@1.4.0'],
})
