import { type AuditRow, auditRow } from '../ledger/audit.ts'
import { linesIn } from '../ledger/verify-files.ts'
import type { RepositoryHandle } from '../world/repository-handle.ts'
import type { World } from '../world/world.ts'

const LEDGER_BRANCH = 'weighbridge/ledger'

export interface ShownDeployment {
  readonly environment: string
  readonly sha: string
  readonly state: string
}

/** Deployments of a commit, with the state that each has now. */
export function deploymentsAt({ github: { state } }: World, sha: string | null): readonly ShownDeployment[] {
  const latest = (id: number) => [...state.deploymentStatuses.values()].findLast(({ deployment }) => deployment === id)
  return [...state.deployments.values()]
    .filter((deployment) => deployment.sha === sha)
    .map(({ id, environment }) => ({ environment, sha: sha ?? '', state: latest(id)?.state ?? 'pending' }))
}

/** Rows of the audit that name a pull request, oldest first. */
export async function ledgerOf(repository: RepositoryHandle, pull: number): Promise<readonly AuditRow[]> {
  const paths = await repository.paths(LEDGER_BRANCH)
  const files = await Promise.all(
    paths.map(async (path) => [path, (await repository.file(path, LEDGER_BRANCH)) ?? ''] as const),
  )
  const lines = linesIn(new Map(files)).lines.filter(({ fact }) => 'pull' in fact && fact.pull === pull)
  return lines.toSorted((a, b) => a.seq - b.seq).map(auditRow)
}
