import type { CommandSpec } from './command.ts'
import { REGISTRY } from './registry-commands.ts'

export const PLAN_COMMAND: CommandSpec = {
  name: 'plan',
  about: 'Says which rules an equally good model would pass how often, and what margin or how many rows would do.',
  positionals: [{ name: 'model', required: true }],
  options: {
    policy: { type: 'string', value: 'FILE', about: 'The rules; default: those of each environment.' },
    environment: { type: 'string', value: 'NAME', about: 'Only this environment.' },
    ref: { type: 'string', value: 'REF', about: 'Where the registry is read; default HEAD.' },
    registry: REGISTRY,
    now: { type: 'string', value: 'TIME', about: 'Plan as if it were this moment, ISO 8601.' },
    html: { type: 'string', value: 'FILE', about: 'Write one self-contained page with plots.' },
  },
  examples: ['weighbridge plan churn', 'weighbridge plan churn --policy policies/strict.yml --json'],
  load: () => import('./plan.ts'),
}
