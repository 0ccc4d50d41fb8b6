import { type ApiContract, apiContract } from '../contract/api-contract.ts'
import type { OperationId } from '../contract/operations.ts'
import type { Edition } from '../contract/published.ts'
import type { PublishedOperation } from '../contract/published-types.ts'

export interface Match {
  readonly id: OperationId
  readonly params: Readonly<Record<string, string>>
  /** The path without its parameters, from the repository on. */
  readonly subject: string
}

interface Route {
  readonly operation: PublishedOperation
  readonly pattern: RegExp
  readonly names: readonly string[]
  readonly weight: number
}

/** Parameters that may hold slashes. */
const DEEP = ['path', 'ref', 'basehead', 'branch']

const tables = new Map<Edition, readonly Route[]>()

/** The published operation that a method and path mean, the more literal one first; null when there is none. */
export function route(edition: Edition, method: string, path: string): Match | null {
  for (const { operation, pattern, names } of tableOf(edition)) {
    if (operation.method !== method) continue
    const hit = pattern.exec(path)
    if (hit === null) continue
    const params = Object.fromEntries(names.map((name, index) => [name, decoded(hit[index + 1] ?? '')]))
    return { id: operation.id as OperationId, params, subject: subjectOf(operation.path) }
  }
  return null
}

function tableOf(edition: Edition): readonly Route[] {
  const known = tables.get(edition)
  if (known !== undefined) return known
  const table = routesOf(apiContract(edition))
  tables.set(edition, table)
  return table
}

function routesOf(contract: ApiContract): readonly Route[] {
  return contract
    .operations()
    .map((operation) => {
      const parts = operation.path.split('/')
      return {
        operation,
        names: parts.filter((part) => part.startsWith('{')).map((part) => part.slice(1, -1)),
        pattern: new RegExp(`^${parts.map(patternOf).join('/')}$`),
        weight: parts.filter((part) => !part.startsWith('{')).length,
      }
    })
    .sort((one, other) => other.weight - one.weight)
}

function patternOf(part: string): string {
  if (!part.startsWith('{')) return part.replace(/[.+*?]/g, '\\$&')
  return DEEP.includes(part.slice(1, -1)) ? '(.*)' : '([^/]+)'
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function subjectOf(path: string): string {
  return path
    .replace(/^\/repos\/\{owner\}\/\{repo\}\/?/, '')
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .join('/')
}
