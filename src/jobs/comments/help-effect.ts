import { type HelpLine, helpAbout, helpFor, type Place } from '../../commands/help-text.ts'
import { SLASH_COMMANDS } from '../../commands/index.ts'
import { codeSpan, escapeMarkdown, tableLines } from '../../report/markdown-text.ts'
import type { CommentJob, Effect } from './comment-job.ts'
import { expectedTeams } from './who-asks.ts'

/** What exists, and which of it whoever asks may use somewhere here. */
export const helpEffect: Effect<'help'> = async (job, { command }) => {
  const { repository, configuration, by } = job
  const roles = configuration?.roles
  const teams = expectedTeams(roles, SLASH_COMMANDS)
  const facts = await job.people({ organisation: repository.owner, teams, accounts: [by], permissions: true })
  const who = { account: by, repository: repository.id, facts }
  const here = { repository: repository.id, roles }
  if (command === null) return { is: 'done', text: tableOf(helpFor(who, here, placesOf(job))) }
  const told = helpAbout(command, who, here, placesOf(job))
  if ('unknown' in told) return { is: 'refused', text: escapeMarkdown(told.unknown) }
  const { help } = told
  const lists = [
    ...help.arguments.map(({ shown, about }) => `- ${codeSpan(shown)}: ${escapeMarkdown(about)}`),
    ...(help.examples.length === 0
      ? []
      : ['', 'For example:', '', ...help.examples.map((one) => `- ${codeSpan(one)}`)]),
    ...help.notes.map((note) => `\n${escapeMarkdown(note)}`),
  ]
  const text = [codeSpan(help.usage), '', `${escapeMarkdown(help.about)} ${mayText(help)}`, '', ...lists].join('\n')
  return { is: 'done', text }
}

function tableOf(lines: readonly HelpLine[]): string {
  const rows = lines.map((line) => [
    codeSpan(line.usage, 'cell'),
    escapeMarkdown(line.about, 'cell'),
    line.mayUse === true ? 'yes' : escapeMarkdown(line.mayUse === null ? `${line.takes}` : `no: ${line.takes}`, 'cell'),
  ])
  return tableLines(['command', 'does', 'you may'], rows).join('\n')
}

function mayText({ mayUse, takes }: HelpLine): string {
  if (mayUse === true) return 'You may use it.'
  return escapeMarkdown(mayUse === null ? `It takes ${takes}.` : `You may not: it takes ${takes}.`)
}

/** Somewhere is every environment, with the models that some role is narrowed to. */
function placesOf({ configuration }: CommentJob): readonly Place[] {
  const roles = Object.values(configuration?.roles ?? {})
  const models = roles.flatMap((role) => role.models ?? []).map((glob) => glob.replaceAll('*', 'x'))
  const environments = configuration?.environments.map(({ name }) => name) ?? []
  return [...new Set([null, ...models])].flatMap((model) =>
    [null, ...environments].map((environment) => ({ model, environment, owner: null })),
  )
}
