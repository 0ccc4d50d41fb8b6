import { z } from 'zod'
import { type CrossCheck, type Say, withCrossChecks } from '../registry/cross-check.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { FileKind } from '../registry/file-kind.ts'
import { formatSchema, nameSchema, prefixSchema } from '../registry/names.ts'
import { prefixesOverlap } from '../registry/store-prefix.ts'

/** A place on the disk of the app; never taken from a repository. */
const filePath = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\p{Cc}]+$/u, 'must be a path')
/** A prefix that is written with its slash: what it covers is then plain to see. */
const grantPrefix = prefixSchema.refine((prefix) => prefix.endsWith('/'), 'must end in "/"')
const repositoryGlob = z
  .string()
  .max(200)
  .regex(/^[\w.*-]+\/[\w.*-]+$/, 'must be owner/name, where * stands for any run of characters')
const repositoryName = z
  .string()
  .max(200)
  .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
const centralPath = z
  .string()
  .max(200)
  .regex(/^policies\/[A-Za-z0-9._-]+\.ya?ml$/, 'must be a file in policies/')
const secretUrl = z.string().max(2048).refine(isPlainUrl, 'must be an http(s) URL without user, password, query or "#"')

const repository = z.strictObject({
  match: repositoryGlob.describe('Which repositories this entry is for; the first that matches counts alone.'),
  stores: z
    .array(
      z.strictObject({
        prefix: grantPrefix.describe('What records of these repositories may point into.'),
        role_arn: z
          .string()
          .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'must be the ARN of an IAM role')
          .optional()
          .describe('Role that is assumed to read there; default: the credentials of the app itself.'),
      }),
    )
    .describe('Everything else is refused, whatever a repository configures.'),
  evidence: grantPrefix.describe('Where evidence and reports are kept, in a folder for each repository.'),
  registries: z.array(repositoryGlob).optional().describe('Repositories that models may be read from.'),
  metrics: z.record(nameSchema, nameSchema).optional().describe('Metrics source of each environment.'),
  policy: z
    .strictObject({ repository: repositoryName, path: centralPath })
    .optional()
    .describe(
      'Rules laid over those of the repositories, read at the default branch of theirs: of two the stricter counts.',
    ),
})

const metricsSource = z.strictObject({ url: secretUrl, token_file: filePath.optional() })

const alert = z.strictObject({
  token_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token, 64 lower-case hexadecimal digits'),
  repositories: z.array(repositoryGlob).min(1),
  environments: z.array(nameSchema).min(1),
})

const ledger = z.strictObject({
  public_keys: z
    .array(z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/, 'must be ed25519: and the base64 of 32 bytes'))
    .min(1)
    .describe(
      'Keys that lines of the ledger may be signed with, newest first; these decide, not the ledger’s own list.',
    ),
  signing_key_file: filePath.describe('Private Ed25519 key, PEM; not the key of the GitHub App.'),
})

const shape = z.strictObject({
  version: z.literal(1),
  format: formatSchema,
  repositories: z.array(repository).min(1),
  metrics: z.record(nameSchema, metricsSource).optional(),
  alerts: z.array(alert).optional(),
  ledger: ledger.optional(),
  seal_key_file: z
    .union([filePath, z.array(filePath).min(1)])
    .optional()
    .describe('Keys that seal evidence: the first seals, all verify.'),
})

/** What the operator of the app grants each repository. No repository can widen it. */
export type Operator = z.infer<typeof shape>
export type RepositoryGrant = Operator['repositories'][number]

const checks: readonly CrossCheck<Operator>[] = [
  { needs: ['repositories.*.metrics', 'metrics'], check: checkMetrics },
  { needs: ['repositories.*.stores', 'repositories.*.evidence'], check: checkEvidence },
]

/** The operator's file, held to its schema like every file of ours. */
export const operatorKind: FileKind<Operator> = {
  name: 'operator',
  about: 'What the operator of the app grants each repository: stores, evidence, metrics, alert tokens, keys.',
  schema: withCrossChecks(shape, checks),
}

/** Who writes artifacts must not be able to write evidence. */
function checkEvidence({ repositories }: Operator, say: Say): void {
  repositories.forEach(({ stores, evidence }, index) => {
    const shared = stores.find(({ prefix }) => prefixesOverlap(prefix, evidence))
    if (shared === undefined) return
    const what = `${evidence} overlaps ${shared.prefix}, where others write`
    say(['repositories', index, 'evidence'], what, 'Give evidence a prefix that only the app may write.')
  })
}

function checkMetrics({ repositories, metrics = {} }: Operator, say: Say): void {
  const known = Object.keys(metrics)
  repositories.forEach((entry, index) => {
    for (const [environment, source] of Object.entries(entry.metrics ?? {}))
      if (!known.includes(source))
        say(
          ['repositories', index, 'metrics', environment],
          `there is no metrics source ${source}`,
          suggest(source, known, 'Sources here'),
        )
  })
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && `${username}${password}${search}${hash}` === ''
}
