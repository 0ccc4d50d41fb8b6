import { ContractBreak } from './contract-break.ts'
import { CORRECTED_ANSWERS, CORRECTED_QUERIES } from './corrections.ts'
import type { OperationId } from './operations.ts'
import { type Edition, publishedApi } from './published.ts'
import type { PublishedOperation, Schema } from './published-types.ts'
import { requestRules } from './request-rules.ts'
import { SchemaChecker } from './schema-checker.ts'

export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Answers that any operation may give, written down for it or not. */
const EVERYWHERE = ['304', '400', '401', '403', '404', '429']
/** Prose errors share one form. */
const ERROR: Schema = {
  type: 'object',
  required: ['message'],
  properties: {
    message: { type: 'string' },
    documentation_url: { type: 'string' },
    status: { type: 'string' },
    errors: { type: 'array', items: {} },
  },
}

/** What one edition of GitHub publishes of its REST API, to hold requests and answers to. */
export class ApiContract {
  readonly edition: Edition
  readonly #operations: ReadonlyMap<string, PublishedOperation>
  readonly #bodies: SchemaChecker
  readonly #texts: SchemaChecker
  readonly #forms = new Map<string, Schema>()

  constructor(edition: Edition) {
    const api = publishedApi(edition)
    this.edition = edition
    this.#operations = new Map(api.operations.map((one) => [one.id, one]))
    this.#bodies = new SchemaChecker(api.schemas)
    this.#texts = new SchemaChecker(api.schemas, { coerce: true })
  }

  operation(id: OperationId): PublishedOperation {
    const operation = this.#operations.get(id)
    if (operation === undefined) throw new RangeError(`${this.edition} has no operation ${id}`)
    return operation
  }

  operations(): readonly PublishedOperation[] {
    return [...this.#operations.values()]
  }

  /** Problems of a request: wrong, missing or unknown parameters and properties, and what GitHub refuses in prose. */
  requestProblems(id: OperationId, request: ApiRequest): readonly string[] {
    const operation = this.operation(id)
    return [
      ...this.#textProblems(operation, 'path', request.params),
      ...this.#textProblems(operation, 'query', request.query),
      ...this.#bodyProblems(operation, request.body),
      ...requestRules(id, request.body),
    ]
  }

  /** @throws {ContractBreak} when an answer is not as published: an undocumented status, a missing or unknown property */
  checkAnswer(id: OperationId, status: number, body: unknown): void {
    const problems = this.#answerProblems(this.operation(id), status, body)
    if (problems.length > 0) throw new ContractBreak(`answer ${status} of ${id}`, problems)
  }

  #answerProblems(operation: PublishedOperation, status: number, body: unknown): readonly string[] {
    const { known, schema } = this.#answerForm(operation, status)
    if (!known) return [`status ${status} is not published for it`]
    if (schema !== null) return this.#bodies.problems(schema, body)
    return body === null ? [] : ['it has no body']
  }

  #answerForm(
    operation: PublishedOperation,
    status: number,
  ): { readonly known: boolean; readonly schema: Schema | null } {
    const key = String(status)
    if (status >= 500) return { known: true, schema: ERROR }
    if (status >= 400) {
      const known =
        key in operation.answers || EVERYWHERE.includes(key) || (status === 422 && operation.method !== 'GET')
      // where no body is described, GitHub sends the same prose all the same
      return { known, schema: ERROR }
    }
    if (status === 304) return { known: true, schema: null }
    const corrected = CORRECTED_ANSWERS[operation.id as OperationId]?.[key]
    return { known: key in operation.answers, schema: corrected ?? operation.answers[key] ?? null }
  }

  #bodyProblems(operation: PublishedOperation, body: unknown): readonly string[] {
    if (operation.body === null) return isNothing(body) ? [] : ['it takes no body']
    if (body === undefined) return operation.body.required ? ['its body is missing'] : []
    return this.#bodies.problems(operation.body.schema, body)
  }

  #textProblems(
    operation: PublishedOperation,
    place: 'path' | 'query',
    given: Readonly<Record<string, string>>,
  ): readonly string[] {
    return this.#texts.problems(this.#form(operation, place), { ...given }).map((one) => `${place} ${one}`)
  }

  #form(operation: PublishedOperation, place: 'path' | 'query'): Schema {
    const key = `${operation.id} ${place}`
    const known = this.#forms.get(key) ?? formOf(operation, place)
    this.#forms.set(key, known)
    return known
  }
}

function formOf(operation: PublishedOperation, place: 'path' | 'query'): Schema {
  const parameters = operation.parameters.filter((one) => one.in === place)
  return {
    type: 'object',
    required: parameters.filter((one) => one.required).map((one) => one.name),
    properties: {
      ...Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
      ...(place === 'query' ? CORRECTED_QUERIES[operation.id as OperationId] : {}),
    },
    additionalProperties: false,
  }
}

/** octokit sends `{}` with a POST that has no parameters. */
function isNothing(body: unknown): boolean {
  return body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
}

const contracts = new Map<Edition, ApiContract>()

/** The contract of an edition, read once a process. */
export function apiContract(edition: Edition): ApiContract {
  const known = contracts.get(edition) ?? new ApiContract(edition)
  contracts.set(edition, known)
  return known
}
