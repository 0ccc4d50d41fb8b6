import { modelName } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const status = slashCommand({
  name: 'status',
  about: 'What each environment serves, what waits, and what runs.',
  arguments: { model: { ...modelName, schema: modelName.schema.optional(), shown: 'model' } },
  words: ['model'],
  command: ({ model }) => ({ name: 'status', model: model ?? null }),
  may: { permission: 'read', why: 'It shows what manifests, ledger and runs show to whoever can read the repository.' },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: ({ model }) => [{ model, environment: null }],
  examples: ['/status', '/status churn'],
})
