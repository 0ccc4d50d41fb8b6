import { Refusal } from '../../github-state.ts'
import type { Args } from './graphql-call.ts'

/** One page of a list as GraphQL has it. */
export interface Connection<T> {
  readonly totalCount: number
  readonly nodes: readonly T[]
  readonly edges: readonly { readonly node: T; readonly cursor: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const MOST = 100

/**
 * The page that `first`/`after` or `last`/`before` ask for.
 *
 * @param name  of the field, for the refusal: exactly one of `first` and `last` must be given, at most 100
 */
export function connection<T>(name: string, all: readonly T[], args: Args): Connection<T> {
  const { first, last, after, before } = args as {
    readonly first?: number | null
    readonly last?: number | null
    readonly after?: string | null
    readonly before?: string | null
  }
  mustBeBounded(name, first, last)
  const from = after == null ? 0 : placeOf(after) + 1
  const to = before == null ? all.length : placeOf(before)
  const start = last == null ? from : Math.max(to - last, from)
  const end = first == null ? to : Math.min(from + first, to)
  const nodes = all.slice(start, end)
  return {
    totalCount: all.length,
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursorOf(start + index) })),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length === 0 ? null : cursorOf(start),
      endCursor: nodes.length === 0 ? null : cursorOf(start + nodes.length - 1),
    },
  }
}

function mustBeBounded(name: string, first: number | null | undefined, last: number | null | undefined): void {
  if (first == null && last == null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    throw new Refusal(422, message, { type: 'MISSING_PAGINATION_BOUNDARIES' })
  }
  if (first != null && last != null) {
    const message = `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`
    throw new Refusal(422, message, { type: 'INVALID_PAGINATION_BOUNDARIES' })
  }
  const asked = first ?? last ?? 0
  if (asked >= 0 && asked <= MOST) return
  const message = `Requesting ${asked} records on the \`${name}\` connection exceeds the \`first\` limit of ${MOST} records.`
  throw new Refusal(422, message, { type: 'EXCESSIVE_PAGINATION' })
}

function cursorOf(place: number): string {
  return Buffer.from(`cursor:v2:${place}`).toString('base64')
}

function placeOf(cursor: string): number {
  const place = Number(/^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1])
  if (Number.isInteger(place)) return place
  throw new Refusal(422, `\`${cursor}\` does not appear to be a valid cursor.`, { type: 'INVALID_CURSOR_ARGUMENTS' })
}
