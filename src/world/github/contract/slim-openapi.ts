import { EVENTS, OPERATIONS } from './operations.ts'
import type {
  PublishedApi,
  PublishedOperation,
  PublishedParameter,
  PublishedWebhooks,
  Schema,
} from './published-types.ts'
import { reachableSchemas, slimSchema } from './slim-schema.ts'

type Node = { readonly [key: string]: Node }

/** The operations of `operations.ts` that an OpenAPI description has, and the schemas that they reach. */
export function slimApi(document: unknown): PublishedApi {
  const root = document as Node
  const operations = Object.entries(root.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, one]) => isWanted(one, path))
      .map(([method, one]) => slimOperation(root, path, method, one)),
  )
  const schemas = operations.flatMap((one) => [one.parameters, one.body, one.answers])
  return {
    version: String(root.info?.version),
    operations,
    schemas: reachableSchemas(schemas, root.components?.schemas ?? {}),
  }
}

/** `compare/{base}...{head}` is the same operation written twice in the description. */
function isWanted(one: Node, path: string): boolean {
  const id = one.operationId as unknown
  return typeof id === 'string' && (OPERATIONS as readonly string[]).includes(id) && !path.includes('}...{')
}

function slimOperation(root: Node, path: string, method: string, one: Node): PublishedOperation {
  const json = one.requestBody?.content?.['application/json']?.schema
  const answers = Object.entries(one.responses ?? {}).map(
    ([status, answer]) => [status, resolve(root, answer)] as const,
  )
  return {
    id: one.operationId as unknown as string,
    method: method.toUpperCase(),
    path,
    forApps: (one['x-github']?.enabledForGitHubApps as unknown) === true,
    parameters: ((one.parameters ?? []) as unknown as readonly Node[]).map((each) => slimParameter(root, each)),
    body:
      json === undefined ? null : { required: isTrue(one.requestBody?.required), schema: slimSchema(json) as Schema },
    answers: Object.fromEntries(answers.map(([status, answer]) => [status, schemaOf(answer)])),
    examples: Object.fromEntries(
      answers.flatMap(([status, answer]) => {
        const examples = examplesOf(root, answer)
        return examples.length === 0 ? [] : [[status, examples]]
      }),
    ),
  }
}

function slimParameter(root: Node, written: Node): PublishedParameter {
  const { name, in: place, required, schema } = resolve(root, written) as unknown as Record<string, unknown>
  return {
    name: String(name),
    in: place as PublishedParameter['in'],
    required: required === true,
    schema: slimSchema(schema) as Schema,
  }
}

function schemaOf(answer: Node): Schema | null {
  const schema = jsonOf(answer)?.schema
  return schema === undefined ? null : (slimSchema(schema) as Schema)
}

function examplesOf(root: Node, answer: Node): readonly unknown[] {
  return Object.values(jsonOf(answer)?.examples ?? {}).map((one) => resolve(root, one).value)
}

function jsonOf(answer: Node): Node | undefined {
  return answer.content?.['application/json'] ?? answer.content?.['application/vnd.github.raw+json']
}

function resolve(root: Node, written: Node): Node {
  const reference = written.$ref as unknown
  if (typeof reference !== 'string') return written
  return resolve(
    root,
    reference
      .slice(2)
      .split('/')
      .reduce((node, key) => node[key] ?? {}, root),
  )
}

function isTrue(value: unknown): boolean {
  return value === true
}

/** The webhook schemas of `operations.ts`, keyed by event and action. */
export function slimWebhooks(document: unknown): PublishedWebhooks {
  const root = document as Node
  const events = Object.values(root.webhooks ?? {}).flatMap((one) => {
    const [event = '', action] = String(one.post?.operationId).replaceAll('-', '_').split('/')
    if (!(EVENTS as readonly string[]).includes(event)) return []
    const schema = slimSchema(one.post?.requestBody?.content?.['application/json']?.schema) as Schema
    return [[action === undefined ? event : `${event}.${action}`, schema] as const]
  })
  return {
    version: String(root.info?.version),
    events: Object.fromEntries(events),
    schemas: reachableSchemas(
      events.map(([, schema]) => schema),
      root.components?.schemas ?? {},
    ),
  }
}
