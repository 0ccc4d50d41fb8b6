import { z } from 'zod'
import { formatSchema, labelsSchema, nameSchema, prefixSchema } from './names.ts'

/** `.github/weighbridge.yml`: only ever read from the governed branch. */
export const CONFIGURATION_PATH = '.github/weighbridge.yml'

/** A policy by path, or a shipped one by name. */
export const policyPath = z
  .string()
  .regex(
    /^(policies\/[A-Za-z0-9._-]+\.ya?ml|weighbridge\/[a-z0-9-]+)$/,
    'must lie in policies/, or be a shipped one such as weighbridge/baseline',
  )
const repositoryPath = z
  .string()
  .min(1)
  .max(512)
  .regex(
    /^(?![/-])(?!.*(^|\/)\.\.?(\/|$))(?!.*\/\/)[^\s\\%]+$/,
    'must be a path inside the repository, without "..", "//", a leading slash or hyphen',
  )

const roleSchema = z
  .strictObject({
    teams: z.array(z.string().min(1)).optional().describe('Team slugs, or @owner for the team in model.yml.'),
    users: z.array(z.string().regex(/^[A-Za-z0-9-]+(#\d+)?$/, 'must be login or login#id')).optional(),
    permission: z.enum(['write', 'maintain', 'admin']).optional().describe('Everyone with at least this permission.'),
    models: z.array(z.string().min(1)).optional().describe('Only for these models; * matches any run of characters.'),
    environments: z.array(z.string().min(1)).optional().describe('Only for these environments.'),
  })
  .describe('Who holds a role; all lists add up, models and environments narrow.')

const environmentSchema = z.strictObject({
  name: nameSchema,
  manifests: repositoryPath.describe('Folder of the serving manifests; closed: every document below it is read.'),
  policy: z
    .union([policyPath, z.array(z.strictObject({ use: policyPath, when: z.string().optional() })).min(1)])
    .describe('A policy file, or a list of {use, when}; all that match apply.'),
  after: nameSchema.optional().describe('A version must have been live in that environment first.'),
  neutral: z
    .array(z.strictObject({ kind: z.string().min(1), name: z.string().min(1) }))
    .optional()
    .describe('Objects here that serve no model.'),
  driver: z.enum(['git', 'controller']).optional(),
  versions: z
    .record(z.string(), z.string())
    .optional()
    .describe('Versions of the serving system, where behaviour depends on them.'),
  render: z.enum(['kustomize', 'helm', 'rendered']).optional(),
})
export type Environment = z.infer<typeof environmentSchema>

/** Keys and values; what one key says of another is in `configuration-checks.ts`. */
export const configurationShape = z.strictObject({
  version: z.literal(1),
  format: formatSchema,
  labels: labelsSchema.optional(),
  branches: z.array(z.string().min(1)).min(1).optional().describe('Governed branches; default: the default branch.'),
  store: z.strictObject({
    artifacts: prefixSchema.describe('Where artifacts and data lie.'),
    read: z.array(prefixSchema).optional().describe('Other prefixes that records may point into.'),
    evidence: prefixSchema
      .optional()
      .describe('Where evidence is kept; never below store.artifacts. Default file:.weighbridge/evidence'),
  }),
  registry: z
    .strictObject({ repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/), branch: z.string().min(1).optional() })
    .optional()
    .describe('Where the models live, when not in this repository.'),
  environments: z
    .array(environmentSchema)
    .describe('In promotion order; [] in a repository of models that other repositories serve.'),
  roles: z.record(z.string(), roleSchema).optional(),
  distinct: z.array(z.string()).optional().describe('Roles that one person may not hold twice on one promotion.'),
  training: z
    .strictObject({
      gpu_hours_per_month: z
        .number()
        .positive()
        .optional()
        .describe(
          'GPU hours that all training of this repository may take in a calendar month (UTC); default: no limit.',
        ),
      budgets: z
        .array(z.strictObject({ team: z.string().min(1).max(100), gpu_hours_per_month: z.number().positive() }))
        .optional()
        .describe("What a team's models may take of them; the team is owner in model.yml."),
      gpu_hours_per_run: z
        .number()
        .positive()
        .max(120)
        .optional()
        .describe('A training, or a trial of a search, that runs longer is stopped; default 12.'),
      parallel_runs: z
        .int()
        .min(1)
        .max(50)
        .optional()
        .describe('Trainings and searches that may be open at once; default 4.'),
      parallel_trials: z
        .int()
        .min(1)
        .max(256)
        .optional()
        .describe('Trials of one search that run at once, whatever it asks for; default: as many as it asks for.'),
      runs_per_user_per_day: z
        .int()
        .min(1)
        .max(1000)
        .optional()
        .describe('Trainings and searches that one account may ask for in a day (UTC); default 20.'),
      runners: z
        .array(z.string().min(1).max(255))
        .max(50)
        .optional()
        .describe("What runner= may name besides model.yml's own runner; default: nothing."),
    })
    .optional()
    .describe('What /train and /tune may spend.'),
  checks: z.enum(['rolled-up', 'every-gate']).optional(),
  evaluate: z.enum(['app', 'actions']).optional().describe('Where evidence is computed.'),
  privacy: z
    .strictObject({ min_group: z.int().min(1) })
    .optional()
    .describe('Smallest group shown in a shared place; default 10.'),
})
export type Configuration = z.infer<typeof configurationShape>
