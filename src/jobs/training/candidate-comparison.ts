import type { NewFact } from '../../ledger/fact.ts'
import type { VersionComparison } from '../../measuring/version-comparison.ts'
import { lookOf } from '../../merging/look.ts'
import { type Snapshot, Unavailable } from '../../ports.ts'
import { recordPath, type VersionRecord } from '../../registry/record.ts'
import { versionComparisonPage } from '../../report/measured/version-comparison-page.ts'
import { pageHtml } from '../../report/page/page-html.ts'
import { compareVersions } from '../compare-versions.ts'
import { momentOf } from '../github/job-context.ts'
import { storePage } from '../github/store-report.ts'
import type { RegistryNow } from './registry-now.ts'
import type { TrainingJob } from './training-job.ts'
import { withStores } from './with-stores.ts'

export type CandidateComparison =
  | { readonly is: 'compared'; readonly document: VersionComparison; readonly page: string | null }
  | { readonly is: 'absent'; readonly because: string }

/**
 * The candidate beside what serves now, both on the exam; the ledger says first that it was looked at.
 *
 * @param text  of the candidate's record
 */
export async function compareCandidate(
  job: TrainingJob,
  { registry, record, text }: { readonly registry: RegistryNow; readonly record: VersionRecord; readonly text: string },
): Promise<CandidateComparison> {
  const { parent } = registry
  if (parent === null) return { is: 'absent', because: 'it is the first version of its model' }
  await recordLook(job, registry, record)
  try {
    const compared = await withStores(job, (ports) =>
      compareVersions({
        snapshot: withRecord(registry.snapshot, record, text),
        a: parent,
        b: record,
        latency: false,
        audience: 'shared',
        openPorts: async () => ports,
      }),
    )
    if (compared.is === 'mistakes') return { is: 'absent', because: 'a record of the two has mistakes' }
    if (compared.is === 'refused') return { is: 'absent', because: compared.what }
    const page = await storePage(job, pageHtml(versionComparisonPage(compared.document)))
    return { is: 'compared', document: compared.document, page }
  } catch (error) {
    if (!(error instanceof Unavailable) || error.status === 'unreachable') throw error
    return { is: 'absent', because: error.message }
  }
}

async function recordLook(job: TrainingJob, registry: RegistryNow, record: VersionRecord): Promise<void> {
  const evaluation = registry.model.evaluation?.data ?? registry.parent?.evaluation.data
  const looks = registry.environments.map((environment) =>
    lookOf(
      {
        ...{ environment, model: record.model, to: record.version, kind: 'promotion' },
        ...{ artifactDigest: record.artifact.digest, evaluationDigest: evaluation?.digest ?? null },
      },
      { actorId: 0, at: momentOf(job) },
    ),
  )
  const facts = looks.filter((look): look is NewFact => look !== null)
  if (facts.length > 0) await job.openLedger(job.host, job.repository).append(facts)
}

/** The snapshot as it will be once the candidate is merged. */
function withRecord(snapshot: Snapshot, { model, version }: VersionRecord, text: string): Snapshot {
  const own = recordPath(model, version)
  return {
    ...snapshot,
    list: (folder) => snapshot.list(folder),
    read: async (paths) => {
      const files = new Map(await snapshot.read(paths.filter((path) => path !== own)))
      return paths.includes(own) ? files.set(own, { bytes: new TextEncoder().encode(text), mode: '100644' }) : files
    },
  }
}
