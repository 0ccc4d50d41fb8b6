import type { Calls, GraphqlCall } from './calls.ts'
import { refused } from './failures.ts'

/** A page of a connection. */
export interface Page<T> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly nodes: readonly T[]
}

/**
 * A connection page by page, through the variable `after`.
 *
 * @param call  its answer is the page alone
 * @throws {HostFailure} when there are more than `mostPages`: a list is read to its end or not at all
 */
export async function* pagesOf<T>(
  calls: Pick<Calls, 'query'>,
  call: GraphqlCall<Page<T>>,
  mostPages: number,
): AsyncGenerator<readonly T[], void, undefined> {
  let after: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const read: Page<T> = await calls.query({ ...call, variables: { ...call.variables, after } })
    yield read.nodes
    if (!read.pageInfo.hasNextPage) return
    after = read.pageInfo.endCursor
  }
  throw refused(call.operation, 200, `more than ${mostPages} pages`)
}

/** All nodes of a connection. */
export async function nodesOf<T>(
  calls: Pick<Calls, 'query'>,
  call: GraphqlCall<Page<T>>,
  mostPages: number,
): Promise<readonly T[]> {
  const found: T[] = []
  for await (const nodes of pagesOf(calls, call, mostPages)) found.push(...nodes)
  return found
}
