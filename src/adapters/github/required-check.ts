import { z } from 'zod'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { inRepository, type Side } from './side.ts'

const ruleSchema = z.object({
  type: z.string(),
  parameters: z
    .object({
      required_status_checks: z
        .array(z.object({ context: z.string(), integration_id: z.int().nullish() }))
        .optional()
        .catch(undefined),
    })
    .optional(),
})
const branchSchema = z.object({
  protection: z
    .object({
      enabled: z.boolean().optional(),
      required_status_checks: z.object({ contexts: z.array(z.string()) }).optional(),
    })
    .optional(),
})

/**
 * Whether a branch asks for a check of ours before anything lands; null: it cannot be told.
 *
 * Rulesets first, in one request; classic protection, as far as it shows itself to us, only where they do not ask.
 */
export async function requiresCheck(
  { calls, appId }: Side,
  repository: HostedRepository,
  { ref, check }: { readonly ref: string; readonly check: string },
): Promise<boolean | null> {
  const parameters = { ...inRepository(repository), branch: ref }
  try {
    const operation = 'read the rules of a branch'
    const route = 'GET /repos/{owner}/{repo}/rules/branches/{branch}'
    const rules = await calls.pages({ operation, route, parameters, answer: z.array(ruleSchema) }, 10)
    const asked = rules.flatMap(({ parameters: of }) => of?.required_status_checks ?? [])
    if (asked.some(({ context, integration_id: by }) => context === check && (by ?? appId) === appId)) return true
    const { protection } = await calls.get({
      operation: 'read the protection of a branch',
      route: 'GET /repos/{owner}/{repo}/branches/{branch}',
      parameters,
      answer: branchSchema,
    })
    if (protection?.enabled === false) return false
    return protection?.required_status_checks?.contexts.includes(check) ?? null
  } catch (error) {
    if (error instanceof HostFailure) return null
    throw error
  }
}
