import { z } from 'zod'
import type { ProposedPull } from '../../ports/conversation.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { ACTOR, actorSchema } from './account.ts'
import { wholeRef } from './branches.ts'
import { ofRepository, oidSchema, type Side, whole } from './side.ts'

/** What stands where a proposal of ours is to stand. */
export interface ProposalNow {
  /** Node id of the repository. */
  readonly repository: string
  readonly base: { readonly tree: string; readonly oids: readonly (string | null)[] }
  readonly branch: BranchNow | null
  /** The open pull request of the branch. */
  readonly open: OpenProposal | null
  /** Closed and merged ones of branches of this name, newest first. */
  readonly past: readonly { readonly number: number; readonly isMerged: boolean }[]
}

export interface BranchNow {
  readonly sha: string
  /** E-mail address of the author of its last commit. */
  readonly email: string
  /** How many paths its last commit changed; null when GitHub does not say. */
  readonly changes: number | null
  /** Blobs at the paths of the proposal, in their order; null where there is none. */
  readonly oids: readonly (string | null)[]
  /** The one parent of its last commit; null when there are more, or none. */
  readonly parent: { readonly sha: string; readonly oids: readonly (string | null)[] } | null
}

type OpenProposal = z.infer<typeof openSchema>

const openSchema = z
  .object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string(),
    url: z.url(),
    baseRefName: z.string(),
    changedFiles: z.int(),
    author: actorSchema,
  })
  .transform(({ baseRefName: baseRef, changedFiles: changes, ...rest }) => ({ ...rest, baseRef, changes }))

const pastSchema = z.object({
  number: z.int().positive(),
  state: z.enum(['CLOSED', 'MERGED']),
  isCrossRepository: z.boolean(),
})

const treeSchema = z.record(z.string(), z.unknown())
const parentSchema = treeSchema.and(z.object({ oid: oidSchema }))
const answer = z.object({
  repository: z.object({
    id: z.string().min(1),
    base: treeSchema.and(z.object({ tree: z.object({ oid: oidSchema }) })),
    branch: z
      .object({
        target: treeSchema.and(
          z.object({
            oid: oidSchema,
            changedFilesIfAvailable: z.int().nullable(),
            author: z.object({ email: z.string().nullable() }).nullable(),
            parents: z.object({ nodes: z.array(parentSchema) }),
          }),
        ),
        associatedPullRequests: whole(openSchema),
      })
      .nullable(),
    past: whole(pastSchema),
  }),
})

/** Where a proposal stands: base, its branch, its pull requests. One query, whatever there is. */
export async function proposalNow(
  side: Side,
  repository: HostedRepository,
  { branch, base, files }: ProposedPull,
): Promise<ProposalNow> {
  const paths = files.map(({ path }, at) => [`p${at}`, path] as const)
  const { repository: read } = await side.calls.query({
    operation: 'read where a proposal stands',
    document: documentFor(paths.map(([name]) => name)),
    variables: {
      ...ofRepository(repository),
      ref: wholeRef(branch),
      branch,
      base: base.sha,
      ...Object.fromEntries(paths),
    },
    answer,
  })
  const oids = (tree: z.infer<typeof treeSchema>) => paths.map(([name]) => entrySchema.parse(tree[name])?.oid ?? null)
  return {
    repository: read.id,
    base: { tree: read.base.tree.oid, oids: oids(read.base) },
    branch: read.branch === null ? null : branchNow(read.branch.target, oids),
    open: openOne(read.branch?.associatedPullRequests ?? [], base.ref),
    // a fork may call a branch the same
    past: read.past
      .filter(({ isCrossRepository }) => !isCrossRepository)
      .map(({ number, state }) => ({ number, isMerged: state === 'MERGED' })),
  }
}

const entrySchema = z.object({ oid: oidSchema }).nullable()

function branchNow(
  target: NonNullable<z.infer<typeof answer>['repository']['branch']>['target'],
  oids: (tree: z.infer<typeof treeSchema>) => readonly (string | null)[],
): BranchNow {
  const [parent, ...others] = target.parents.nodes
  return {
    sha: target.oid,
    email: target.author?.email ?? '',
    changes: target.changedFilesIfAvailable,
    oids: oids(target),
    parent: parent === undefined || others.length > 0 ? null : { sha: parent.oid, oids: oids(parent) },
  }
}

/** The one that aims at our base, else any: somebody turned it away, or opened his own. */
function openOne(all: readonly OpenProposal[], baseRef: string): OpenProposal | null {
  return all.find((one) => one.baseRef === baseRef) ?? all[0] ?? null
}

/** @param names  of the variables that hold the paths: `p0` */
function documentFor(names: readonly string[]): string {
  const entries = names.map((name) => `${name}: file(path: $${name}) { oid }`).join(' ')
  return `
query ProposalNow(
  $owner: String!, $name: String!, $ref: String!, $branch: String!, $base: GitObjectID!
  ${names.map((name) => `$${name}: String!`).join(', ')}
) {
  repository(owner: $owner, name: $name) {
    id
    base: object(oid: $base) { ... on Commit { tree { oid } ...Entries } }
    branch: ref(qualifiedName: $ref) {
      target {
        ... on Commit {
          oid changedFilesIfAvailable
          author { email }
          ...Entries
          parents(first: 2) { nodes { oid ...Entries } }
        }
      }
      associatedPullRequests(states: OPEN, first: 20) {
        pageInfo { hasNextPage }
        nodes { number title body url baseRefName changedFiles author { ${ACTOR} } }
      }
    }
    past: pullRequests(
      headRefName: $branch, states: [CLOSED, MERGED], first: 100, orderBy: { field: CREATED_AT, direction: DESC }
    ) {
      pageInfo { hasNextPage }
      nodes { number state isCrossRepository }
    }
  }
}
fragment Entries on Commit { ${entries} }`
}
