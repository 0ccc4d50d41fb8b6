import { ContractBreak } from './contract-break.ts'
import { publishedWebhooks } from './published.ts'
import { SchemaChecker } from './schema-checker.ts'

let checker: SchemaChecker | undefined

/**
 * Holds a webhook's body to the schema that GitHub publishes for the event and its action.
 *
 * @throws {ContractBreak} for an unknown event or action, and for each missing, wrong or unpublished property
 */
export function checkWebhook(event: string, body: unknown): void {
  const action = (body as { readonly action?: unknown } | null)?.action
  const published = publishedWebhooks()
  const schema = published.events[`${event}.${String(action)}`] ?? published.events[event]
  const what = `webhook ${event}${action === undefined ? '' : `.${String(action)}`}`
  if (schema === undefined) throw new ContractBreak(what, ['there is no such event'])
  checker ??= new SchemaChecker(published.schemas)
  const problems = checker.problems(schema, body)
  if (problems.length > 0) throw new ContractBreak(what, problems)
}
