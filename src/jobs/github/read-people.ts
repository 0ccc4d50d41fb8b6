import type { PeopleFacts, ReviewFact } from '../../gates/github-facts.ts'
import type { PublishedKey } from '../../ports/check-run.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Account, PullFacts, Review } from '../../ports/pull-now.ts'
import type { PeopleAsk } from '../github-side.ts'
import { askersOf, placeOfBranch } from './asked-proposal.ts'
import type { RepositoryJob } from './job-context.ts'

type Excluded = PeopleFacts['excluded'][number]

/**
 * Everything about people that judging approvals needs, looked up now. When nobody reviewed, and the author's own word
 * counts for nothing, nobody is looked up.
 *
 * What cannot be read is said, and then no approval counts.
 */
export async function readPeople(job: RepositoryJob, pull: PullFacts, ask: PeopleAsk): Promise<PeopleFacts> {
  const { reviews, ignored } = reviewsOf(pull)
  const facts: PeopleFacts = {
    reviews,
    author: pull.author,
    excluded: [
      ...excludedAs([pull.author], 'author', 'opened the pull request'),
      ...boundByCommits(job, pull),
      ...excludedAs(
        reviews.map(({ by }) => by).filter(({ isBot }) => isBot),
        'bot',
        'is a bot',
      ),
    ],
    ignored,
    teams: new Map(),
    permissions: new Map(),
    unreadable: null,
  }
  if (reviews.length === 0 && !ask.authorCounts) return facts
  try {
    const [pushers, bots, roles] = await Promise.all([
      job.host.pushers(job.repository, pull.head.ref),
      job.bots(),
      job.host.roles(job.repository, {
        organisation: job.repository.owner,
        teams: ask.teams,
        accounts: accountsOf(pull, reviews),
        permissions: ask.permissions,
      }),
    ])
    return {
      ...facts,
      ...roles,
      excluded: [...facts.excluded, ...excludedAs(pushers, 'pusher', 'pushed to the branch')],
      unreadable: whyUntold(
        pull,
        pushers.filter(({ id, isBot }) => isBot && !bots.includes(id)),
      ),
    }
  } catch (error) {
    if (!(error instanceof HostFailure) || error.retryable) throw error
    return { ...facts, unreadable: `who may approve cannot be read: ${error.message}` }
  }
}

/** Whoever had a proposal of ours made is a co-author of its commit, and is remembered where a commit was rewritten. */
function boundByCommits(job: RepositoryJob, { head, commitAccounts }: PullFacts): readonly Excluded[] {
  if (placeOfBranch(head.ref) === null) return excludedAs(commitAccounts, 'commit', 'has a commit in it')
  const askers = askersOf(job, head.ref).map(({ id, login }) => ({ id, login, isBot: false }))
  return excludedAs([...commitAccounts, ...askers], 'requester', 'asked for it, or has a commit in it')
}

/** Somebody may have a bot rewrite what he asked for, and the commit names him no longer. */
function whyUntold({ head }: PullFacts, foreign: readonly Account[]): string | null {
  const [bot] = foreign
  if (bot === undefined || placeOfBranch(head.ref) === null) return null
  return `${bot.login} pushed to a pull request that somebody asked for, and who had it do so cannot be told: close it, and ask again`
}

/** Opinions of accounts that are still there; what a deleted one said counts for nothing. */
function reviewsOf(pull: PullFacts): Pick<PeopleFacts, 'reviews' | 'ignored'> {
  const ignored = pull.ignoredReviews.map(({ author, because }) => ({ login: author?.login ?? 'ghost', because }))
  const ghosts = pull.reviews.filter(({ author }) => author === null)
  return {
    reviews: pull.reviews.flatMap((review) => (review.author === null ? [] : [factOf(review, review.author)])),
    ignored: [...ignored, ...ghosts.map(() => ({ login: 'ghost', because: 'the account is deleted' }))],
  }
}

function factOf(review: Review, by: Account): ReviewFact {
  const { id, state, submittedAt, commit, published } = review
  return { id, by, state, submittedAt, commit, evidenceKeyThen: keyAt(published, submittedAt) }
}

/** What our check showed when somebody gave his opinion; null when none was there yet, or it showed no key. */
export function keyAt(published: readonly PublishedKey[], moment: string): string | null {
  const seen = published.filter(({ completedAt }) => Date.parse(completedAt) <= Date.parse(moment))
  return seen.at(-1)?.evidenceKey ?? null
}

function accountsOf({ author }: PullFacts, reviews: readonly ReviewFact[]): readonly Account[] {
  const all = [...reviews.map(({ by }) => by), ...(author === null ? [] : [author])]
  return [...new Map(all.map((account) => [account.id, account])).values()]
}

function excludedAs(
  accounts: readonly (Account | null)[],
  is: NonNullable<Excluded['is']>,
  because: string,
): readonly Excluded[] {
  return accounts.flatMap((account) =>
    account === null ? [] : [{ id: account.id, login: account.login, because, is }],
  )
}
