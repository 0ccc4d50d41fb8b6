import { z } from 'zod'
import type { ProposalAnswer, ProposedPull } from '../../ports/conversation.ts'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import { cappedText } from './capped-text.ts'
import { isSameText } from './comments.ts'
import { unreachable } from './failures.ts'
import { type ProposalNow, proposalNow } from './proposal-now.ts'
import { changesOn, holdBranch, unlessLost } from './proposed-branch.ts'
import { inRepository, type Side } from './side.ts'

const OPERATION = 'propose'
/** How often it is looked again, each time after lists have had their time. */
const ROUNDS = 3
/** GitHub's limit for a title, in characters. */
const MOST_TITLE = 256

type OpenProposal = NonNullable<ProposalNow['open']>

/**
 * Keeps one open pull request of ours, on a branch that holds exactly these changes. It reads what is there and writes
 * what is missing; where an answer got lost, or a list told of before, it waits and reads again. GitHub itself lets no
 * two open pull requests have the same branch and base, so there is never a second.
 *
 * @throws {TypeError} when the branch is none that proposals may have, or no file is named; nothing is sent then
 */
export async function propose(side: Side, repository: HostedRepository, asked: ProposedPull): Promise<ProposalAnswer> {
  mustBeOurs(asked)
  const pull = { ...asked, title: asked.title.slice(0, MOST_TITLE), body: cappedText(asked.body) }
  let isWritten = false
  for (let round = 1; ; round++) {
    const step = await oneRound(side, repository, pull)
    isWritten ||= step.isWritten
    if (step.answer !== null) {
      const isChanged = step.answer.is === 'unchanged' && isWritten
      return isChanged ? { ...step.answer, is: 'updated' } : step.answer
    }
    if (round === ROUNDS) throw unreachable(OPERATION, step.because, true)
    await side.clock.sleep(side.lagMs)
  }
}

/** The ledger, locks and everybody else's branches are no proposals. */
function mustBeOurs({ branch, files }: ProposedPull): void {
  if (files.length === 0) throw new TypeError(`${OPERATION}: nothing is to be changed on ${branch}`)
  const isOurs = /^weighbridge(\/[\w.+-]+)+$/.test(branch) && !/\.\.|\/\.|\.lock(\/|$)|\.$/.test(branch)
  if (isOurs && !/^weighbridge\/(ledger|lock)(\/|$)/.test(branch)) return
  throw new TypeError(`${OPERATION}: ${JSON.stringify(branch)} is no branch of a proposal`)
}

interface Round {
  readonly isWritten: boolean
  /** null: look again. */
  readonly answer: ProposalAnswer | null
  readonly because: string
}

async function oneRound(side: Side, repository: HostedRepository, pull: ProposedPull): Promise<Round> {
  const now = await proposalNow(side, repository, pull)
  const changes = changesOn(pull, now.base)
  const left = theirs(pull, now, await side.bot()) ?? (changes.length === 0 ? alreadyThere(pull, now) : null)
  if (left !== null) return { isWritten: false, answer: left, because: '' }
  const branch = await holdBranch(side, repository, pull, { now, changes })
  if (branch.is === 'moved') return { isWritten: true, answer: null, because: branch.because }
  if (branch.is === 'foreign')
    return { isWritten: false, answer: leftAlone(now.open, `somebody else pushed to ${pull.branch}`), because: '' }
  if (now.open === null) return opened(side, repository, pull, branch.sha)
  const isRetold = await retell(side, repository, pull, now.open)
  const isWritten = branch.isWritten || isRetold
  const { number, url } = now.open
  const answer = { is: isWritten ? 'updated' : 'unchanged', number, headSha: branch.sha, url } as const
  return { isWritten, answer, because: '' }
}

/** What people did with it stands. */
function theirs(pull: ProposedPull, { open, past }: ProposalNow, bot: Account): ProposalAnswer | null {
  const [last] = past
  if (open === null) {
    return last === undefined ? null : leftAlone(last, `#${last.number} was ${last.isMerged ? 'merged' : 'closed'}`)
  }
  const { number, author, baseRef } = open
  if (author?.id !== bot.id) return leftAlone(open, `#${number} of this branch is ${author?.login ?? 'a ghost'}'s`)
  return baseRef === pull.base.ref ? null : leftAlone(open, `#${number} was aimed at ${baseRef}`)
}

function alreadyThere({ base }: ProposedPull, { open }: ProposalNow): ProposalAnswer {
  return leftAlone(open, `${base.ref} holds these changes already`)
}

function leftAlone(what: { readonly number: number } | null, because: string): ProposalAnswer {
  return { is: 'left-alone', number: what?.number ?? null, because }
}

/** Refused where one is open already, which a list that lags had not shown: look again. */
async function opened(side: Side, repository: HostedRepository, pull: ProposedPull, headSha: string): Promise<Round> {
  const call = {
    operation: 'open a pull request',
    route: 'POST /repos/{owner}/{repo}/pulls',
    parameters: {
      ...inRepository(repository),
      title: pull.title,
      body: pull.body,
      head: pull.branch,
      base: pull.base.ref,
    },
    answer: z.object({ number: z.int().positive(), html_url: z.url() }),
  }
  const made = await unlessLost(() => side.calls.send(call, false))
  if (made.is === 'moved') return { isWritten: true, because: made.because, answer: null }
  const { number, html_url: url } = made.value
  return { isWritten: true, because: '', answer: { is: 'opened', number, headSha, url } }
}

/** Title and text as they are to be; false when they were so. */
async function retell(
  { calls }: Side,
  repository: HostedRepository,
  { title, body }: ProposedPull,
  open: OpenProposal,
): Promise<boolean> {
  if (open.title === title && isSameText(open.body, body)) return false
  await calls.send(
    {
      operation: 'edit our pull request',
      route: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
      parameters: { ...inRepository(repository), pull_number: open.number, title, body },
      answer: z.object({ number: z.int().positive() }),
    },
    true,
  )
  return true
}
