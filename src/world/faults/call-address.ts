import { createHash } from 'node:crypto'
import { route } from '../github/api/router.ts'

/** Where a call stands among the calls of a run: the n-th of its operation on its subject, counted from 1. */
export interface CallAddress {
  /** `checks/create`, `graphql PullNow`. */
  readonly operation: string
  /** `acme/models check-run weighbridge`: names instead of numbers wherever a name is known. */
  readonly subject: string
  readonly ordinal: number
}

/** A request as addressing looks at it. */
export interface SeenCall {
  readonly method: string
  readonly url: string
  readonly body: string
}

/** Counts calls and learns names; one for a run. */
export interface Addressing {
  address(call: SeenCall): CallAddress
  /** What was made has an id from now on; it stands for the name under which it was made. */
  learn(call: SeenCall, answer: unknown): void
}

/** Addresses that two runs share, in whatever order calls of different subjects come. */
export function addressing(): Addressing {
  const counts = new Map<string, number>()
  const names = new Map<string, string>()
  return {
    address(call) {
      const { operation, subject } = callOf(call, names)
      const key = `${operation} ${subject}`
      const ordinal = (counts.get(key) ?? 0) + 1
      counts.set(key, ordinal)
      return { operation, subject, ordinal }
    },
    learn(call, answer) {
      const id = (answer as { id?: unknown } | null)?.id
      const name = call.method === 'POST' ? nameIn(jsonOf(call.body)) : ''
      if (typeof id === 'number' && name !== '' && !names.has(String(id))) names.set(String(id), name)
    },
  }
}

export function printAddress({ operation, subject, ordinal }: CallAddress): string {
  return `${operation} (${subject}) no. ${ordinal}`
}

export function sameAddress(a: CallAddress, b: CallAddress): boolean {
  return a.operation === b.operation && a.subject === b.subject && a.ordinal === b.ordinal
}

type Named = Pick<CallAddress, 'operation' | 'subject'>

function callOf(call: SeenCall, names: ReadonlyMap<string, string>): Named {
  const url = new URL(call.url, 'https://api.github.com')
  const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '')
  if (/\/graphql$/.test(path)) return graphqlCall(jsonOf(call.body))
  const match = route('github.com', call.method, path)
  const values = match === null ? [path] : Object.values(match.params)
  const known = values.map((value) => names.get(value) ?? value)
  const parts = [known.join('/'), nameIn(jsonOf(call.body)), queryOf(url)]
  return { operation: match?.id ?? call.method, subject: parts.filter((part) => part !== '').join(' ') }
}

/** What a body calls the thing that it is about; ids and moments are no names. */
function nameIn(body: unknown): string {
  const { name, ref, title, environment, state } = (body ?? {}) as Readonly<Record<string, unknown>>
  return [name, ref, title, environment, state].filter((value) => typeof value === 'string').join(' ')
}

function queryOf({ searchParams }: URL): string {
  const pairs = [...searchParams].filter(([name]) => name !== 'per_page')
  return pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')
}

function graphqlCall(body: unknown): Named {
  const { query = '', variables = {} } = (body ?? {}) as { readonly query?: string; readonly variables?: object }
  const [, kind = 'query', name] = /^\s*(query|mutation)\b\s*(\w+)?/.exec(query) ?? []
  const field = /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1] ?? ''
  const subject = scalarsIn(variables).join(' ')
  const digest = createHash('sha256')
    .update(JSON.stringify([query, variables]))
    .digest('hex')
    .slice(0, 6)
  return {
    operation: `graphql ${name ?? field}`,
    subject: kind === 'mutation' ? `${field} ${subject}` : `${subject} ${digest}`,
  }
}

const NO_NAMES = /^(clientMutationId|contents|body|text|message|headline|.*Oid|oid)$/

/** Short texts and numbers of a query's variables, by the order of their names. */
function scalarsIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return String(value).length <= 80 ? [String(value)] : []
  if (Array.isArray(value)) return value.flatMap(scalarsIn)
  const entries = Object.entries(value ?? {}).filter(([name]) => !NO_NAMES.test(name))
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, inner]) => scalarsIn(inner))
}

/** Whether a GraphQL body asks for a change. */
export function isMutation(body: string): boolean {
  const { query } = (jsonOf(body) ?? {}) as { readonly query?: unknown }
  return typeof query === 'string' && /(^|[\s}])mutation\b/.test(query)
}

/** A body as JSON; null for one that is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
