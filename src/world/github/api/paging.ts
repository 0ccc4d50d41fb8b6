import type { RestAnswer, RestCall } from './rest-call.ts'

export interface Page<T> {
  readonly items: readonly T[]
  readonly headers: Readonly<Record<string, string>>
}

/**
 * One page of a list by `per_page` and `page`, with GitHub's Link header.
 *
 * @param most  items of a page that was not asked for by size, where that is more than the usual 30 of at most 100
 */
export function pageOf<T>(call: RestCall, all: readonly T[], most?: number): Page<T> {
  const size = Math.min(Math.max(Number(call.query.per_page ?? most ?? 30), 1), most ?? 100)
  const page = Math.max(Number(call.query.page ?? 1), 1)
  const last = Math.max(Math.ceil(all.length / size), 1)
  const links = [
    ...(page > 1 ? [linkTo(call, page - 1, 'prev')] : []),
    ...(page < last ? [linkTo(call, page + 1, 'next'), linkTo(call, last, 'last')] : []),
    ...(page > 1 ? [linkTo(call, 1, 'first')] : []),
  ]
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  }
}

/** Answers a list, each item shaped only when it is shown. */
export async function listed<T>(
  call: RestCall,
  all: readonly T[],
  shape: (item: T) => unknown,
  around: (items: readonly unknown[]) => unknown = (items) => items,
): Promise<RestAnswer> {
  const { items, headers } = pageOf(call, all)
  return { status: 200, body: around(await Promise.all(items.map(shape))), headers }
}

function linkTo(call: RestCall, page: number, relation: string): string {
  const query = new URLSearchParams({ ...call.query, page: String(page) })
  return `<${call.url}?${query}>; rel="${relation}"`
}
