import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { apiSession } from './api-session.ts'
import { countedNodes } from './graphql/counted-nodes.ts'
import type { GraphqlCall } from './graphql/graphql-call.ts'
import { NotEmulated, resolveField, resolveType } from './graphql/resolve-field.ts'
import { githubSchema } from './graphql/schema.ts'
import { ok, type RestAnswer } from './rest-call.ts'
import type { WorldRequest } from './world-request.ts'

export interface GraphqlAnswer {
  readonly answer: RestAnswer
  readonly name: string
  /** Top-level fields. */
  readonly fields: readonly string[]
  /** A mutation that was done. */
  readonly isWrite: boolean
}

interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | undefined
}

/** Answers a GraphQL query by executing it on GitHub's schema. Nearly every answer is a 200. */
export async function answerGraphql(github: GitHub, actor: Actor, request: WorldRequest): Promise<GraphqlAnswer> {
  if (actor.kind === 'anonymous') throw new Refusal(403, 'This endpoint requires you to be authenticated.')
  if (actor.kind === 'app') throw new Refusal(401, 'A JSON web token could not be decoded')
  const asked = askedIn(request)
  const read = documentOf(asked.query)
  if ('errors' in read) return invalid(github, asked, read.errors)
  const operation = getOperationAST(read.document, asked.operationName)
  if (operation == null)
    return invalid(github, asked, [new GraphQLError('No operation was named, or none of that name is there.')])
  const about = { name: operation.name?.value ?? 'anonymous', fields: fieldsOf(operation), isWrite: false }
  const nodes = countedNodes(read.document, operation, asked.variables)
  const refusal = refusalFor(github, nodes)
  if (refusal !== null) return { ...about, answer: ok(refusal) }
  const call: GraphqlCall = { github, actor, nodes, broken: brokenField(github, asked.query) }
  const result = await execute({
    schema: githubSchema(),
    document: read.document,
    contextValue: call,
    variableValues: asked.variables,
    operationName: operation.name?.value,
    fieldResolver: resolveField,
    typeResolver: resolveType,
  })
  const isWrite = operation.operation === 'mutation' && result.errors === undefined
  return { ...about, isWrite, answer: ok(shown(github, about.name, result)) }
}

function askedIn(request: WorldRequest): Asked {
  try {
    const { query, variables, operationName } = JSON.parse(request.body.toString('utf8')) as Record<string, unknown>
    return {
      query: String(query ?? ''),
      variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
      operationName: typeof operationName === 'string' ? operationName : undefined,
    }
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

type Read = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] }

/** A bot sends the same few queries again and again: each is read and validated once. */
const documents = new Map<string, Read>()
const MOST_DOCUMENTS = 500

function documentOf(query: string): Read {
  const known = documents.get(query)
  if (known !== undefined) return known
  const read = readOf(query)
  if (documents.size >= MOST_DOCUMENTS) documents.clear()
  documents.set(query, read)
  return read
}

function readOf(query: string): Read {
  try {
    const document = parse(query)
    const errors = validate(githubSchema(), document)
    return errors.length > 0 ? { errors } : { document }
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] }
  }
}

function fieldsOf(operation: OperationDefinitionNode): readonly string[] {
  return operation.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []))
}

/** A query that GitHub's schema does not allow: no data at all, and a break of the contract. */
function invalid(github: GitHub, asked: Asked, errors: readonly GraphQLError[]): GraphqlAnswer {
  const name = asked.operationName ?? /\b(?:query|mutation)\s+(\w+)/.exec(asked.query)?.[1] ?? 'anonymous'
  apiSession(github).contractBreaks.push({ call: `graphql ${name}`, problems: errors.map((one) => one.message) })
  const body = errors.map((one) => ({ ...one.toJSON(), extensions: { code: 'invalidDocument' } }))
  return { name, fields: [], isWrite: false, answer: ok({ errors: body }) }
}

/** What GitHub refuses before it looks at anything, still with status 200. */
function refusalFor(github: GitHub, nodes: number): unknown {
  const session = apiSession(github)
  if (nodes > session.nodeLimit) {
    const message = `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of ${session.nodeLimit}.`
    return { errors: [{ type: 'MAX_NODE_LIMIT_EXCEEDED', message }] }
  }
  const at = session.graphqlFaults.findIndex((one) => one.kind === 'resource-limits')
  if (at < 0) return null
  session.graphqlFaults.splice(at, 1)
  const message = 'Resource limits for this query exceeded.'
  return { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message }] }
}

/** The field that a waiting fault breaks in this query, and the fault is spent. */
function brokenField(github: GitHub, query: string): string | null {
  const { graphqlFaults } = apiSession(github)
  const at = graphqlFaults.findIndex((one) => one.kind === 'partial' && query.includes(one.field))
  const fault = graphqlFaults[at]
  if (fault?.kind !== 'partial') return null
  graphqlFaults.splice(at, 1)
  return fault.field
}

function shown(github: GitHub, name: string, { data, errors }: ExecutionResult): unknown {
  for (const { originalError } of errors ?? []) {
    if (originalError instanceof NotEmulated) {
      apiSession(github).contractBreaks.push({ call: `graphql ${name}`, problems: [originalError.message] })
    } else if (originalError !== undefined && !(originalError instanceof Refusal)) throw originalError
  }
  return errors === undefined ? { data } : { data: data ?? null, errors: errors.map(shownError) }
}

function shownError(error: GraphQLError): GraphQLFormattedError & { readonly type?: string } {
  const type = error.originalError instanceof Refusal ? { type: error.originalError.type } : {}
  return { ...type, ...error.toJSON() }
}
