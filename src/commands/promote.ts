import { environmentName, maybeVersionName } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const promote = slashCommand({
  name: 'promote',
  about: 'Opens or updates the pull request that makes an environment serve a version.',
  arguments: {
    version: {
      schema: maybeVersionName,
      shown: '<model>[@version]',
      about: 'without a version: what the environment before serves, or the newest release for a first one',
    },
    environment: environmentName,
  },
  words: ['version', 'environment'],
  command: ({ version, environment }) => ({ name: 'promote', ...version, environment }),
  may: {
    roles: ['promoter'],
    why: 'The pull request is weighed and approved like any other; asking for it is a role.',
  },
  place: { under: 'issue or pull request', openOnly: true },
  concerns: ({ model, environment }) => [{ model, environment }],
  examples: ['/promote churn production', '/promote churn@1.4.0 production'],
  notes: ['Who asked for a promotion does not approve it.'],
})
