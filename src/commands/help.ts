import { nameOfCommand } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const help = slashCommand({
  name: 'help',
  about: 'What exists, and which of it you may use.',
  arguments: { command: nameOfCommand },
  words: ['command'],
  command: ({ command }) => ({ name: 'help', command: command ?? null }),
  may: { permission: 'read', why: 'Whoever can read the repository may read what can be asked here.' },
  place: { under: 'issue or pull request', openOnly: false },
  concerns: () => [{ model: null, environment: null }],
  examples: ['/help', '/help promote'],
})
