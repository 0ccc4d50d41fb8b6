import type { Edition } from '../contract/published.ts'
import type { GitHub } from '../github-state.ts'

const ENTERPRISE = '/api/v3'

/** An Enterprise Server is one whose API lies under `/api/v3`. */
export function editionOf(github: GitHub): Edition {
  return github.state.settings.apiUrl.endsWith(ENTERPRISE) ? 'ghes-3.19' : 'github.com'
}

/** A request's path below the API's root, `/graphql` for both editions; null for one that lies outside. */
export function pathBelowApi(edition: Edition, pathname: string): string | null {
  if (edition === 'github.com') return pathname
  if (pathname === '/api/graphql') return '/graphql'
  return pathname.startsWith(`${ENTERPRISE}/`) ? pathname.slice(ENTERPRISE.length) : null
}

/** Headers by which an edition tells itself. */
export function editionHeaders(edition: Edition): Readonly<Record<string, string>> {
  return edition === 'github.com'
    ? { 'x-github-api-version-selected': '2022-11-28' }
    : { 'x-github-enterprise-version': '3.19.0', 'x-github-api-version-selected': '2022-11-28' }
}
