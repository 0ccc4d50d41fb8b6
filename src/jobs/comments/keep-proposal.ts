import { createHash } from 'node:crypto'
import type { ProposalAnswer, ProposedPull } from '../../ports/conversation.ts'
import type { Request } from '../../report/promotion-body.ts'
import {
  type Asker,
  type AskedProposal as Kept,
  placeOfBranch,
  proposalMark,
  rememberedProposal,
} from '../github/asked-proposal.ts'
import type { CommentJob } from './comment-job.ts'

/** A proposal that somebody asks for by a comment. */
export interface ProposalAsk {
  /** `promote/production/churn`: one open pull request below it at most. */
  readonly place: string
  /** What is asked for there, such as a version: whoever asked for the same is bound with whoever asks again. */
  readonly what: string
  /** Digest of (comment, line). */
  readonly cause: string
  readonly pull: Pick<ProposedPull, 'headline' | 'files' | 'title'>
  /** The description, for a branch and whoever asked for what is on it. */
  readonly body: (branch: string, asked: Request) => string
}

/** What became of it; `by`: who had asked for what stands there, when this command changed nothing. */
export type KeptProposal = ProposalAnswer & { readonly by: string }

/** Commands of a place that are remembered. */
const MOST_CAUSES = 50
/** People that one commit names. */
const MOST_ASKERS = 20

/**
 * Keeps one open pull request of ours for a place: the one that is open is updated, else one is opened on a branch that
 * is named after the command. Whoever asked is remembered, and becomes a co-author of its commit, so that his approval
 * counts for nothing.
 *
 * What is open is remembered; when that was lost it is looked for among the open pull requests, which costs a read.
 */
export function keepProposal(job: CommentJob, asked: ProposalAsk): Promise<KeptProposal> {
  const mark = proposalMark(job.repository, asked.place)
  return job.exclusive(mark, async () => {
    const kept = rememberedProposal(job, asked.place)
    if (kept?.causes.slice(0, -1).includes(asked.cause) === true) return overtaken(kept)
    const answer = await proposed(job, asked, kept)
    if (answer.is !== 'left-alone') {
      const { branch, content, askers } = answer
      const causes = [...(kept?.causes ?? []).filter((one) => one !== asked.cause), asked.cause].slice(-MOST_CAUSES)
      job.inbox.setMark(
        mark,
        JSON.stringify({ branch, content, what: asked.what, askers: [...askers], causes } satisfies Kept),
      )
    }
    return { ...answer.proposal, by: latest(answer.askers).login }
  })
}

type Proposed = { readonly is: ProposalAnswer['is']; readonly proposal: ProposalAnswer } & {
  readonly branch: string
  readonly content: string
  readonly askers: readonly Asker[]
}

async function proposed(job: CommentJob, asked: ProposalAsk, kept: Kept | null): Promise<Proposed> {
  const own = `weighbridge/${asked.place}-${asked.cause.replace('sha256:', '').slice(0, 8)}`
  if (kept !== null) {
    const answer = await proposeOn(job, asked, kept.branch, kept)
    if (answer.is !== 'left-alone' || kept.branch === own) return answer
  }
  const open = await openBranch(job, asked.place)
  if (open === null) return proposeOn(job, asked, own, null)
  return proposeOn(job, asked, open, kept?.branch === open ? kept : null)
}

/** The branch of the open pull request for a place, whoever opened it: `propose` leaves alone what is not ours. */
async function openBranch({ host, repository, now }: CommentJob, place: string): Promise<string | null> {
  const open = await host.openPulls(repository, now.defaultBranch)
  return open.find(({ headRef }) => headRef !== null && placeOfBranch(headRef) === place)?.headRef ?? null
}

/** Asking again for what stands there changes nothing, so that whoever did is not bound to it. */
async function proposeOn(job: CommentJob, asked: ProposalAsk, branch: string, kept: Kept | null): Promise<Proposed> {
  const { host, repository, now } = job
  const content = digestOf(asked.pull.files)
  const isSame = kept !== null && kept.branch === branch && kept.content === content
  const by = { id: job.by.id, login: job.by.login, url: now.comment.url }
  const before = kept !== null && kept.branch === branch && kept.what === asked.what ? kept.askers : []
  const askers = isSame ? kept.askers : [...before.filter(({ id }) => id !== by.id), by].slice(-MOST_ASKERS)
  const proposal = await host.propose(repository, {
    ...asked.pull,
    branch,
    base: { ref: now.defaultBranch, sha: now.tip },
    coAuthors: askers.map((one) => ({ login: one.login, email: addressOf(one, job) })),
    body: asked.body(branch, latest(askers)),
  })
  return { is: proposal.is, proposal, branch, content, askers }
}

/** GitHub's own address of an account: it resolves to it whatever else the account calls itself. */
function addressOf({ id, login }: Asker, { webUrl }: CommentJob): string {
  return `${id}+${login}@users.noreply.${new URL(webUrl).host}`
}

function latest(askers: readonly Asker[]): Asker {
  return askers.at(-1)!
}

function overtaken({ askers }: Kept): KeptProposal {
  return {
    is: 'left-alone',
    number: null,
    because: 'a later command has asked for something else',
    by: latest(askers).login,
  }
}

function digestOf(files: ProposedPull['files']): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex')
}
