import { type LedgerFacts, NOBODY } from '../../gates/github-facts.ts'
import type { LedgerState } from '../../ledger/fact.ts'
import { decideLanded, type Landing, type PublishedVerdict } from '../../merging/landing.ts'
import type { LandedCommit } from '../../ports/git-host.ts'
import type { PullNow } from '../../ports/pull-now.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { GitHubSide } from '../github-side.ts'
import { openRegistry } from '../registry-reader.ts'
import { type RetiredVersion, retiredVersions } from '../retired-versions.ts'
import { storeVerdict, verdictDocument } from '../verdict-document.ts'
import type { Weighed } from '../weigh.ts'
import { concernsOfPush, isOfOurs } from './concerned-pulls.ts'
import { readLedger } from './github-side.ts'
import { momentOf, type RepositoryJob } from './job-context.ts'
import { readPeople } from './read-people.ts'
import { readingTogether } from './reading-together.ts'
import { tellLanding } from './tell-landing.ts'
import { watchLanded } from './watched-waivers.ts'
import { type HostWeighing, weighOnHost } from './weigh-on-host.ts'

export interface LandingAsk {
  readonly ref: string
  readonly landed: LandedCommit
  /** Of the default branch now. */
  readonly configuration: Configuration | null
  readonly ledgerTip: string | null
  /** Until then GitHub's answers may be from before it landed; milliseconds since 1970. */
  readonly lagsUntil: number
}

type LandedPull = LandedCommit['pulls'][number]

/**
 * Compares what landed with what was weighed, and tells the ledger, GitHub's deployments and people.
 *
 * Nobody is told that something landed without a verdict, or without a pull request, before GitHub must know of both:
 * then it is looked at once more.
 *
 * @returns the ledger's new tip; null when nothing was written
 */
export async function recordLanding(job: RepositoryJob, ask: LandingAsk): Promise<string | null> {
  const { landed, ref } = ask
  const [parent] = landed.parents
  if (parent === undefined || !(await touchesOurs(job, parent, ask))) return null
  const from = landed.pulls.find(({ mergeCommit, baseRef }) => mergeCommit === landed.sha && baseRef === ref) ?? null
  const pull = from === null ? null : await job.host.pull(job.repository, from.number)
  const states: LedgerState[] = []
  const weighing = await weighLanded(job, { parent, pull, ask, seen: (state) => states.push(state) })
  const landing = await decide(job, { ask, from, weighing })
  if (landing.facts.length === 0) return null
  const waitMs = ask.lagsUntil - job.clock.now()
  if ((landing.is === 'unweighed' || from === null) && waitMs > 0) return afterLag(job, parent, ask, waitMs)
  const { tip } = await job.openLedger(job.host, job.repository).append(landing.facts)
  watchLanded(job, landing.facts, states)
  job.figures.ledgerLag((job.clock.now() - Date.parse(landed.landedAt)) / 1000)
  await tellLanding(job, from, landing)
  return tip
}

async function afterLag(job: RepositoryJob, parent: string, ask: LandingAsk, waitMs: number): Promise<string | null> {
  await job.clock.sleep(waitMs)
  const { sha } = ask.landed
  const again = (await job.host.landed(job.repository, parent, sha)).find((one) => one.sha === sha)
  return recordLanding(job, { ...ask, landed: again ?? ask.landed })
}

async function touchesOurs(job: RepositoryJob, parent: string, { landed, configuration }: LandingAsk) {
  const changed = await job.host.open(job.repository).diff(parent, landed.sha)
  return isOfOurs(concernsOfPush(changed, configuration))
}

interface Landed {
  readonly parent: string
  readonly pull: PullNow | null
  readonly ask: LandingAsk
  /** Told of each state that the ledger had. */
  readonly seen: (state: LedgerState) => void
}

/** What landed, weighed on the commit before it: by its rules, and with the ledger as it is now. */
function weighLanded(
  job: RepositoryJob,
  { parent, pull, ask: { landed, ledgerTip }, seen }: Landed,
): Promise<HostWeighing> {
  const together = readingTogether(job)
  const side: GitHubSide = {
    pull: pull?.number ?? 0,
    people: async (ask) => (pull === null ? NOBODY : readPeople(job, pull, ask)),
    ledger: async (environment, model) => {
      const facts = await readLedger(together, { environment, model }, ledgerTip)
      if (facts.is === 'sound') seen(facts.state)
      return beforeLanding(facts, landed.sha)
    },
  }
  return weighOnHost(together, { base: parent, head: landed.sha, side, isFork: false, now: momentOf(job) })
}

/** A landing told twice must not take what it told itself for a version that served before: that would be a rollback. */
function beforeLanding(facts: LedgerFacts, sha: string): LedgerFacts {
  if (facts.is !== 'sound') return facts
  return {
    is: 'sound',
    state: { ...facts.state, deployed: facts.state.deployed.filter(({ commit }) => commit !== sha) },
  }
}

interface Compared {
  readonly ask: LandingAsk
  readonly from: LandedPull | null
  readonly weighing: HostWeighing
}

async function decide(job: RepositoryJob, { ask, from, weighing }: Compared): Promise<Landing> {
  const { weighed, document } = weighing
  const { approvals } = weighed
  const [published, bots, verdict, retired] = await Promise.all([
    from === null ? null : publishedOn(job, from, ask.landed.landedAt),
    job.bots(),
    weighed.promotions.length === 0 ? '' : kept(job, { ask, from, weighing }),
    retiredBy(weighed),
  ])
  return decideLanded({
    landed: ask.landed,
    weighed: {
      status: document.verdict.status,
      because: document.verdict.because,
      evidenceKey: weighed.evidenceKey,
      policyDigest: weighed.policyDigest,
      verdict,
      changes: weighed.changes,
      promotions: weighed.promotions,
      retired,
    },
    published,
    approvals,
    bots,
    now: momentOf(job),
  })
}

/** Models that lie elsewhere are retired there, and that repository's ledger says so. */
function retiredBy({ changes, models, pull }: Weighed): Promise<readonly RetiredVersion[]> {
  return retiredVersions(models === null ? changes : [], openRegistry(pull.before), openRegistry(pull.after))
}

/** The roll-up that stood on the head when it was merged; what was written there afterwards is another question's. */
async function publishedOn(
  job: RepositoryJob,
  { headSha }: LandedPull,
  landedAt: string,
): Promise<PublishedVerdict | null> {
  const rollUps = await job.host.rollUpsOn(job.repository, headSha)
  const isBefore = (moment: string | null) => moment === null || Date.parse(moment) <= Date.parse(landedAt)
  const rollUp = rollUps.findLast(({ startedAt }) => isBefore(startedAt))
  if (rollUp?.status !== 'completed' || rollUp.completedAt === null) return null
  const { conclusion, completedAt, evidenceKey = null } = rollUp
  return { conclusion, completedAt, evidenceKey }
}

/** Stores what the decision was made of: the trail that is left when GitHub has deleted its checks. */
async function kept(job: RepositoryJob, of: Pick<Compared, 'ask' | 'from' | 'weighing'>): Promise<string> {
  const { owner, name, id } = job.repository
  const document = await verdictDocument({
    weighed: of.weighing.weighed,
    check: of.weighing.document,
    repository: { id, name: `${owner}/${name}` },
    pull: of.from?.number ?? null,
    landed: { commit: of.ask.landed.sha, merged_by: of.from?.mergedBy?.id ?? null },
    approvals: of.weighing.weighed.approvals,
    shipped: job.shipped,
  })
  return storeVerdict(job.grounds.evidence(job.repository), document)
}
