import { reason, versionName } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const retire = slashCommand({
  name: 'retire',
  about: 'Opens the pull request that retires a version; refused while anything serves it.',
  arguments: {
    version: { schema: versionName, shown: '<model>@<version>', about: 'one version, such as churn@1.2.0' },
    reason,
  },
  words: ['version'],
  command: ({ version, reason }) => ({ name: 'retire', ...version, reason }),
  may: { roles: ['promoter'], why: 'It decides what can be promoted from then on.' },
  place: { under: 'issue or pull request', openOnly: true },
  concerns: ({ model }) => [{ model, environment: null }],
  examples: ['/retire churn@1.2.0 reason="trained on rows that were withdrawn"'],
})
