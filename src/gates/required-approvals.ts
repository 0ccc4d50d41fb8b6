import type { Change, ChangeKind } from '../registry/change.ts'

/** Who must agree before a merge, and why; only GitHub can say whether they did. */
export interface RequiredApproval {
  readonly role: string
  readonly count: number
  readonly because: string
  /** The author of the pull request, and whoever pushed to it, does not count. */
  readonly notAuthor: boolean
  /** The model and the environment that the role must reach; null: all of them. */
  readonly model: string | null
  readonly environment: string | null
}

/** What a change kind needs whatever a policy says. */
const NEEDS: Readonly<Partial<Record<ChangeKind, readonly Pick<RequiredApproval, 'role' | 'count' | 'notAuthor'>[]>>> =
  {
    'policy-changed': [{ role: 'policy', count: 1, notAuthor: true }],
    'configuration-changed': [{ role: 'policy', count: 1, notAuthor: true }],
    'terms-changed': [
      { role: 'approver', count: 1, notAuthor: true },
      { role: 'policy', count: 1, notAuthor: true },
    ],
    'evaluation-changed': [{ role: 'approver', count: 1, notAuthor: true }],
    'serving-changed': [{ role: 'promoter', count: 1, notAuthor: false }],
    removed: [{ role: 'promoter', count: 1, notAuthor: false }],
    rollback: [{ role: 'oncall', count: 1, notAuthor: false }],
  }

const WHAT: Readonly<Partial<Record<ChangeKind, string>>> = {
  'policy-changed': 'a policy changes',
  'configuration-changed': 'the configuration changes',
  'terms-changed': 'it changes how a model is judged',
  'evaluation-changed': 'the exam changes',
  'serving-changed': 'an object that serves a model changes',
  removed: 'a model stops being served',
  rollback: 'it is a rollback',
}

/**
 * One need for each role and model: the most approvals, the author excluded where any reason excludes him, the widest
 * reach, every reason once.
 */
export function unitedApprovals(needs: readonly RequiredApproval[]): readonly RequiredApproval[] {
  const byRole = new Map<string, RequiredApproval>()
  for (const need of needs) {
    const key = `${need.role} ${need.model ?? ''}`
    const known = byRole.get(key)
    byRole.set(key, known === undefined ? need : united(known, need))
  }
  return [...byRole.values()]
}

function united(a: RequiredApproval, b: RequiredApproval): RequiredApproval {
  return {
    role: a.role,
    count: Math.max(a.count, b.count),
    because: a.because.split('; ').includes(b.because) ? a.because : `${a.because}; ${b.because}`,
    notAuthor: a.notAuthor || b.notAuthor,
    model: a.model,
    environment: a.environment === b.environment ? a.environment : null,
  }
}

/**
 * The approvals that the kinds of change need, whatever a policy says.
 *
 * @param firstIn  environments in which a model is promoted for the first time: `approver` must agree
 */
export function requiredApprovals(
  changes: readonly Change[],
  firstIn: readonly { readonly model: string; readonly environment: string }[] = [],
): readonly RequiredApproval[] {
  const kinds = changes.flatMap(({ kind, path, model, environment }) =>
    (NEEDS[kind] ?? []).map((need) => ({
      ...need,
      because: `${WHAT[kind]} (${model ?? path})`,
      model: model ?? null,
      environment: environment ?? null,
    })),
  )
  const first = firstIn.map(({ model, environment }) => ({
    role: 'approver',
    count: 1,
    because: `the first version of this model in ${environment}`,
    notAuthor: true,
    model,
    environment,
  }))
  return unitedApprovals([...first, ...kinds])
}
