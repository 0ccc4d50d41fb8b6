import { z } from 'zod'
import { isPlainPath } from '../../registry/repository-path.ts'

/** Longest scenario: a story, not a load test. */
const MAX_STEPS = 200

const login = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/, 'must be a GitHub login')
const branch = z
  .string()
  .max(200)
  .regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|@\{))[\w./-]+(?<![/.])$/, 'must be the name of a branch')
const path = z
  .string()
  .refine(isPlainPath, 'must be a path inside the repository, without "..", "//" or a leading slash')
const ref = z.string().min(1).max(200).regex(/^[^-]/, 'must be a branch, tag or commit of the checkout')
const pull = branch.describe('The branch of the pull request, which is its name in this scenario.')
const by = login.describe('Who does it; somebody of given.people.')

const change = z.union([
  z.string().describe('The whole new text.'),
  z.null().describe('The file is removed.'),
  z
    .strictObject({ replace: z.record(z.string().min(1), z.string()) })
    .describe('Each text is replaced everywhere in the file; one that is not there is a mistake.'),
  z.strictObject({ file: path }).describe('The content of this file of the checkout, as it lies there.'),
])
const files = z.record(path, change).describe('Changed files by path.')
export type FileChanges = z.infer<typeof files>

const duration = z.string().regex(/^[1-9]\d{0,5}(s|m|h|d)$/, 'must be a time such as 90s, 30m, 24h or 7d')

const steps = {
  opens: z
    .strictObject({
      branch,
      by,
      files: files.optional(),
      ref: ref.optional().describe('Takes over what this ref of the checkout changes against given.ref.'),
      base: branch.optional(),
      title: z.string().max(256).optional(),
      draft: z.boolean().optional(),
    })
    .describe('A pull request is opened.'),
  pushes: z.strictObject({ pull, by, files }).describe('Another commit on the branch of a pull request.'),
  commits: z
    .strictObject({ by, files, branch: branch.optional() })
    .describe('A commit right on a branch, the default branch unless named.'),
  approves: z.strictObject({ pull, by }).describe('An approving review.'),
  requests_changes: z.strictObject({ pull, by }).describe('A review that asks for changes.'),
  comments: z.strictObject({ pull, by, text: z.string().min(1).max(65_536) }).describe('A comment.'),
  merges: z
    .strictObject({
      pull,
      by,
      method: z.enum(['merge', 'squash', 'rebase']).optional(),
      refused: z.boolean().optional().describe('true: GitHub must refuse it.'),
    })
    .describe('Somebody presses the green button.'),
  queues: z.strictObject({ pull, by }).describe('Somebody adds it to the merge queue.'),
  closes: z.strictObject({ pull, by }).describe('It is closed unmerged.'),
  time_passes: duration.describe('Time passes, with all that it brings: 90s, 30m, 24h, 7d.'),
  delivers_twice: z
    .strictObject({ event: z.string().min(1) })
    .describe('The last webhook of this event arrives once more.'),
  call_fails: z
    .strictObject({
      operation: z
        .string()
        .min(1)
        .describe('Which call, as checks/create or pulls/merge; * at its end matches any rest.'),
      with: z.enum(['500', '502', '503', 'no-answer', 'limited']),
      when: z.enum(['before', 'after']).optional().describe('after: it happened, only its answer is lost.'),
      times: z.int().min(1).max(10).optional(),
    })
    .describe('The next such call of the app to GitHub goes wrong; one that never comes is a mistake.'),
}

const status = z.enum(['passed', 'failed', 'inconclusive', 'skipped'])
const conclusion = z.enum(['success', 'failure', 'action_required', 'in_progress', 'none'])

const expectation = z
  .strictObject({
    pull: pull.optional(),
    state: z.enum(['open', 'closed', 'merged']).optional(),
    verdict: status.optional().describe('What the roll-up check says.'),
    gates: z.record(z.string().min(1), status).optional().describe('Status of single gates.'),
    checks: z
      .record(z.string().min(1), conclusion)
      .optional()
      .describe('Conclusions of checks by name; none: there is no such check.'),
    says: z.array(z.string().min(1)).optional().describe('Texts that stand in a check or comment of the app.'),
    never_says: z.array(z.string().min(1)).optional(),
    comments: z.int().min(0).optional().describe('How many comments the app has on it.'),
    ledger: z
      .array(z.record(z.string(), z.unknown()))
      .optional()
      .describe('Facts: for each of these, a line of the ledger that has all its fields.'),
  })
  .describe('What people see now.')
export type Expectation = z.infer<typeof expectation>

const step = z.strictObject({
  ...Object.fromEntries(Object.entries(steps).map(([name, shape]) => [name, shape.optional()])),
  expects: expectation.optional(),
} as { [Name in keyof typeof steps]: z.ZodOptional<(typeof steps)[Name]> } & {
  expects: z.ZodOptional<typeof expectation>
})
export type Step = z.infer<typeof step>

export const STEPS: readonly string[] = [...Object.keys(steps), 'expects']

const given = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9-]+\/[\w.-]+$/, 'must be owner/name')
    .optional()
    .describe('Its name on the emulated GitHub; default acme/models.'),
  ref: ref.optional().describe('What the default branch holds at first: this ref of the checkout; default HEAD.'),
  files: files.optional().describe('Changed on top of it, in the same first commit.'),
  people: z
    .record(
      login,
      z.strictObject({
        permission: z.enum(['none', 'read', 'triage', 'write', 'maintain', 'admin']).optional(),
        teams: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be the slug of a team')).optional(),
      }),
    )
    .describe('Everybody who does something, with permission (default write) and teams.'),
  protection: z
    .strictObject({
      checks: z.array(z.string().min(1)).optional().describe('Default: weighbridge.'),
      strict: z.boolean().optional().describe('Branches must be up to date.'),
      reviews: z.int().min(0).max(6).optional(),
      merge_queue: z.boolean().optional(),
    })
    .optional()
    .describe('A ruleset for the default branch; without it nothing is required.'),
  now: z.iso.datetime().optional().describe('When it begins; default 2026-11-18T10:00:00Z.'),
})

export const scenarioShape = z.strictObject({
  about: z.string().min(1).max(500).describe('What the scenario shows, in a sentence.'),
  given,
  steps: z.array(step).min(1).max(MAX_STEPS),
  expects: z.array(expectation).optional().describe('What people see in the end.'),
})
export type Scenario = z.infer<typeof scenarioShape>
