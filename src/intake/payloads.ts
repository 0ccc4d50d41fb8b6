import { z } from 'zod'

/** What we read of a payload. Keys that we do not know are none of our business; those that we read must be right. */

const id = z.int().min(1)
const sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
const name = z.string().min(1).max(255)
const branch = z.string().min(1).max(1000)

const account = z.object({ id, login: name, type: z.string().max(50).exactOptional() })
const repository = z.object({ id, name, owner: z.object({ login: name }), default_branch: branch })
const installation = z.object({ id })
const app = z.object({ id })

/** Every event of a repository. One without an installation came by a hook that is not ours to answer. */
const inRepository = { repository, installation: installation.nullish() }

export const pullRequest = z.object({
  ...inRepository,
  action: z.string(),
  changes: z.object({ base: z.object({ ref: z.object({ from: branch }) }).exactOptional() }).nullish(),
  pull_request: z.object({
    number: id,
    head: z.object({ sha }),
    base: z.object({ ref: branch }),
  }),
})

export const review = z.object({
  ...inRepository,
  action: z.string(),
  /** null for a deleted account. */
  review: z.object({ user: account.nullable() }),
  pull_request: z.object({ number: id, head: z.object({ sha }), base: z.object({ ref: branch }) }),
})

export const checkRun = z.object({
  ...inRepository,
  action: z.string(),
  sender: account,
  check_run: z.object({
    id,
    name: z.string().max(1000),
    head_sha: sha,
    external_id: z.string().max(10_000).nullish(),
    app: app.nullable(),
  }),
  requested_action: z.object({ identifier: z.string().max(100) }).nullish(),
})

export const checkSuite = z.object({
  ...inRepository,
  action: z.string(),
  sender: account,
  check_suite: z.object({ head_sha: sha, app: app.nullable() }),
})

export const status = z.object({ ...inRepository, sha, state: z.string().max(50), sender: account })

export const mergeGroup = z.object({
  ...inRepository,
  action: z.string(),
  merge_group: z.object({ head_sha: sha, base_sha: sha, base_ref: branch }),
})

export const push = z.object({
  ...inRepository,
  ref: branch,
  before: sha,
  after: sha,
  deleted: z.boolean(),
  sender: account.nullish(),
})

/** GitHub takes 65,536 characters of four bytes at most. */
const commentBody = z.string().max(140_000)

export const issueComment = z.object({
  ...inRepository,
  action: z.string(),
  sender: account,
  issue: z.object({ number: id }),
  comment: z.object({
    id,
    node_id: name,
    /** null for a deleted account. */
    user: account.nullable(),
    body: commentBody,
    performed_via_github_app: app.nullish(),
  }),
  changes: z.object({ body: z.object({ from: commentBody }).exactOptional() }).nullish(),
})

export const issueEvent = z.object({ ...inRepository, action: z.string(), issue: z.object({ number: id }) })

const title = z.string().max(10_000).nullish()

export const workflowRun = z.object({
  ...inRepository,
  action: z.string(),
  workflow_run: z.object({ id, name: title, display_title: title, actor: account.nullish() }),
})

export const workflowJob = z.object({
  ...inRepository,
  action: z.string(),
  sender: account.nullish(),
  workflow_job: z.object({ run_id: id, name: title, workflow_name: title }),
})

export const installationEvent = z.object({ action: z.string(), installation })

export const repositoryEvent = z.object({
  ...inRepository,
  action: z.string(),
  changes: z.object({ default_branch: z.unknown() }).partial().nullish(),
})

/** All that an event without an interesting action needs to have. */
export const anyAction = z.object({ action: z.string().max(100).exactOptional() })
