import type { CheckOrigin, DesiredCheck } from '../../checks/desired-check.ts'
import { notOnboarded } from '../../checks/state-checks.ts'
import { jointValidUntil } from '../../checks/weighing.ts'
import type { FoundCheck } from '../../ports/check-run.ts'
import type { PullFacts, PullNow } from '../../ports/pull-now.ts'
import { commitChecks } from './commit-checks.ts'
import { rememberConcerns } from './concerned-pulls.ts'
import { lastFactEntered } from './facts-entered.ts'
import { type Governed, governedBranches, rememberBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobOutcome, momentOf, type RepositoryJob } from './job-context.ts'
import { mergeWhereAutomatic } from './merge-pull.ts'
import { isMergedByUs } from './merged-by-us.ts'
import { hasMoved, publishChecks } from './publish-checks.ts'
import { recordLooks } from './record-looks.ts'
import { rememberWeighings } from './remembered-weighing.ts'
import { withRequired } from './required-now.ts'
import { showingProgress } from './show-in-progress.ts'
import { storeReport } from './store-report.ts'
import { pullWork } from './sweep.ts'
import { LEAD_MS, type WeighedPull, weighedPull } from './weighed-pull.ts'

/** Weighs a pull request, makes the checks of its head agree, and merges it where that is automatic. */
export async function weighPull(job: RepositoryJob, number: number): Promise<JobOutcome> {
  const entered = lastFactEntered(job)
  const pull = await job.host.pull(job.repository, number)
  if (pull.state !== 'open' || isMergedByUs(job, { number, headSha: pull.head.sha })) return tidy(job)
  const governed = governedNow(job, pull)
  if (!governed.is(pull.base.ref)) return DONE
  lookAgainAfterLag(job, pull)
  const origin = originOf(job, [pull])
  if (pull.configuration === null) {
    await publish(job, pull, { desired: [notOnboarded(origin, pull.isRequired)], found: pull.checks })
    return DONE
  }
  const shown = { headSha: pull.head.sha, checks: pull.checks, origin }
  const { value: weighings, checks } = await showingProgress(job, shown, async () =>
    withRequired(job, await weighCommit(job, pull, governed)),
  )
  if (weighings.some(isLandedAlready)) return DONE
  await recordLooks(job, weighings)
  if (lastFactEntered(job) !== entered) return weighAgain(job, pull)
  const desired = commitChecks(job, weighings, governed.configuration)
  if (!(await publish(job, pull, { desired, found: checks, weighings }))) return DONE
  tellWeighed(job, weighings)
  rememberConcerns(job, weighings)
  rememberWeighings(job, weighings)
  wakeWhenStale(job, pull, weighings)
  if (lastFactEntered(job) !== entered) return weighAgain(job, pull)
  return mergeWhereAutomatic(job, weighings, desired)
}

/** Somebody held, froze or waived meanwhile: what was judged before that is not what stands now. */
function weighAgain({ inbox, repository, leased }: RepositoryJob, { number, head }: PullNow): JobOutcome {
  inbox.enqueue(pullWork(repository, { number, head: head.sha, lane: 'interactive', force: leased.work.force }))
  return DONE
}

/** GitHub still calls it open, and its base holds its head: the verdict that it landed with must stand. */
function isLandedAlready({ now, weighed }: WeighedPull): boolean {
  return weighed.pull.mergeBase === now.head.sha
}

function tellWeighed({ onWeighed, repository }: RepositoryJob, weighings: readonly WeighedPull[]): void {
  for (const { now, document } of weighings) onWeighed?.({ repository, pull: now.number, document })
}

/** Nothing waits for a pull request that is closed; what shares its head is weighed by its own event. */
function tidy({ inbox, leased }: RepositoryJob): JobOutcome {
  inbox.noLongerWaits(leased.work.key)
  return DONE
}

function governedNow({ inbox, repository }: RepositoryJob, pull: PullNow): Governed {
  const governed = governedBranches(pull.configuration, pull.defaultBranch, rememberedBranches(inbox, repository))
  rememberBranches(inbox, repository, governed.others)
  return governed
}

/** Every open pull request into a governed branch with this head, this one first: a check belongs to a commit. */
async function weighCommit(job: RepositoryJob, pull: PullNow, governed: Governed): Promise<readonly WeighedPull[]> {
  const twins = pull.twins.filter(({ number, baseRef }) => number !== pull.number && governed.is(baseRef))
  const read = await Promise.all(twins.map(({ number }) => job.host.pull(job.repository, number)))
  const same = read.filter(({ state, head }) => state === 'open' && head.sha === pull.head.sha)
  return Promise.all([pull, ...same].map((one) => weighedPull(job, one)))
}

interface Published {
  readonly desired: readonly DesiredCheck[]
  readonly found: readonly FoundCheck[]
  readonly weighings?: readonly WeighedPull[]
}

/** Whether the checks of the head agree now; not, when it has moved meanwhile. */
async function publish(job: RepositoryJob, { head }: PullNow, of: Published): Promise<boolean> {
  const first = of.weighings?.[0]
  const isReported = first !== undefined && first.document.verdict.children.length > 0
  const written = await publishChecks(job, {
    headSha: head.sha,
    desired: of.desired,
    found: of.found,
    force: job.leased.work.force,
    ...(isReported && { report: () => storeReport(job, first.document) }),
  })
  return written !== null && !hasMoved(job, head.sha)
}

/** What the checks of a commit are about. */
export function originOf({ engine }: RepositoryJob, pulls: readonly PullFacts[]): CheckOrigin {
  const inOrder = pulls.toSorted((a, b) => a.number - b.number)
  const bases = [...new Set(inOrder.map(({ base }) => base.ref))]
  return { engine, baseRef: bases.join('+'), pulls: inOrder.map(({ number }) => number) }
}

/** Time alone may change the verdict: weigh again a little before, so that no old green is there to be merged. */
function wakeWhenStale({ inbox, clock, repository, leased }: RepositoryJob, pull: PullNow, of: readonly WeighedPull[]) {
  const until = jointValidUntil(of)
  if (until === null) return
  const early = Date.parse(until) - LEAD_MS
  const at = early > clock.now() ? new Date(early).toISOString() : until
  inbox.wakeAt(leased.work.key, at, pullWork(repository, { number: pull.number, head: null, lane: 'interactive' }))
}

/** The event spoke of another head: GitHub's answer lags behind it, or the event was late. Looked at once more. */
function lookAgainAfterLag(job: RepositoryJob, { number, head }: PullNow): void {
  const { work } = job.leased
  if (work.head === null || work.head === head.sha) return
  const again = pullWork(job.repository, { number, head: head.sha, lane: work.lane })
  job.inbox.enqueue(again, momentOf(job, job.lagMs))
}
