import { type Asked, type Authorization, authorize, lookUpFor } from '../../commands/authorize.ts'
import type { Command } from '../../commands/command.ts'
import { slashCommandNamed } from '../../commands/index.ts'
import { whyNotHere } from '../../commands/place.ts'
import type { Concern } from '../../commands/slash-command.ts'
import type { RoleAnswer } from '../../ports/git-host.ts'
import type { Roles } from '../../registry/role-holders.ts'
import { askersOf, placeOfBranch } from '../github/asked-proposal.ts'
import { rememberedWeighing } from '../github/remembered-weighing.ts'
import type { CommentJob } from './comment-job.ts'

/** Whether the command makes sense here and its author may have it done, for everything that it names. */
export async function whoAsks(job: CommentJob, command: Command): Promise<Authorization> {
  const spec = slashCommandNamed(command.name)
  const { isOpen } = job.thread
  const pull = job.thread.pull === null ? null : { isFork: job.thread.pull.isFork, isGoverned: job.isGoverned === true }
  const elsewhere = whyNotHere(spec, { isOpen, pull })
  if (elsewhere !== null) return { is: 'denied', because: elsewhere, takes: 'another place', add: null }
  const concerns = spec.concerns(command) ?? [{ model: null, environment: null }]
  const isLeftToEffect = spec.concerns(command) === null
  return isLeftToEffect ? { is: 'allowed', as: 'its effect asks' } : mayAll(job, command, concerns)
}

/** Whether he may, for each of these models and environments. What is known about him is looked up once a comment. */
export async function mayAll(
  job: CommentJob,
  command: Command,
  concerns: readonly Concern[],
  more: Pick<Asked, 'named' | 'starter'> = {},
): Promise<Authorization> {
  const asked = await Promise.all(concerns.map(async (concern) => ({ ...(await askedAbout(job, concern)), ...more })))
  const facts = await factsFor(
    job,
    asked.map((one) => ({ verb: command.name, asked: one })),
  )
  const who = { account: job.by, repository: job.repository.id, facts }
  const answers = asked.map((one) => authorize(who, command.name, one))
  return answers.find(({ is }) => is === 'denied') ?? answers[0] ?? { is: 'allowed', as: 'nothing is named' }
}

/** Team slugs that these commands may turn on, as far as that can be told before any of them is looked at. */
export function expectedTeams(roles: Roles | undefined, commands: readonly Pick<Command, 'name'>[]): readonly string[] {
  const nothing = { model: null, environment: null, owner: null }
  return lookUpFor(commands.map(({ name }) => ({ verb: name, asked: { roles, ...nothing } }))).teams
}

async function askedAbout(job: CommentJob, concern: Concern): Promise<Asked> {
  const roles = Object.values(job.configuration?.roles ?? {})
  const asksOwner = concern.model !== null && roles.some(({ teams }) => teams?.includes('@owner'))
  const model = asksOwner ? await job.registry.model(concern.model) : null
  return {
    ...concern,
    repository: job.repository.id,
    roles: job.configuration?.roles,
    owner: model?.ok === true ? (model.value.owner ?? null) : null,
    author: job.thread.kind === 'pull' ? (job.thread.author?.id ?? null) : null,
    askers: askersHere(job),
  }
}

/** Who asked for the pull request as its branch is remembered, and as its checks showed it. */
function askersHere(job: CommentJob): readonly number[] {
  const { pull, number } = job.thread
  if (pull === null || placeOfBranch(pull.headRef) === null) return []
  const bound = rememberedWeighing(job, number, pull.headSha)?.bound ?? []
  return [...askersOf(job, pull.headRef).map(({ id }) => id), ...bound]
}

function factsFor(job: CommentJob, questions: Parameters<typeof lookUpFor>[0]): Promise<RoleAnswer> {
  const { teams, permissions } = lookUpFor(questions)
  return job.people({ organisation: job.repository.owner, teams, accounts: [job.by], permissions })
}
