import { ROLL_UP } from '../../checks/check-names.ts'
import { couldNotFinish } from '../../checks/state-checks.ts'
import type { Work } from '../../ports/inbox.ts'
import type { RepositoryJob } from './job-context.ts'
import { publishChecks } from './publish-checks.ts'

/** A job was given up: the roll-up says so and is red, so that nothing waits for ever and nothing passes. */
export async function tellDead(job: RepositoryJob, { subject, head }: Work): Promise<void> {
  const of = await headOf(job, subject, head)
  if (of === null) return
  const found = await job.host.checksOn(job.repository, of.headSha)
  await publishChecks(job, {
    headSha: of.headSha,
    desired: [
      couldNotFinish(
        { engine: job.engine, baseRef: of.baseRef, pulls: of.pulls },
        'it was tried several times; whoever operates the app finds the reason in its log.',
      ),
    ],
    found: found.filter(({ name }) => name === ROLL_UP),
    force: false,
  })
}

async function headOf(job: RepositoryJob, subject: Work['subject'], head: string | null) {
  if (subject.kind === 'group') return { headSha: subject.headSha, baseRef: subject.baseRef, pulls: [] }
  if (subject.kind !== 'pull') return null
  const pull = await job.host.pull(job.repository, subject.number).catch(() => null)
  if (pull === null) return head === null ? null : { headSha: head, baseRef: '', pulls: [subject.number] }
  return pull.state === 'open' ? { headSha: pull.head.sha, baseRef: pull.base.ref, pulls: [pull.number] } : null
}
