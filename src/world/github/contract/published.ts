import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { PublishedApi, PublishedWebhooks } from './published-types.ts'

/** GitHub's own site, or the oldest Enterprise Server that is spoken to. */
export type Edition = 'github.com' | 'ghes-3.19'

const FILES: Readonly<Record<Edition, string>> = {
  'github.com': 'api.github.com.json.gz',
  'ghes-3.19': 'ghes-3.19.json.gz',
}
const apis = new Map<Edition, PublishedApi>()
let webhooks: PublishedWebhooks | undefined

/** The vendored REST operations of an edition; read once. */
export function publishedApi(edition: Edition): PublishedApi {
  const known = apis.get(edition)
  if (known !== undefined) return known
  const api = JSON.parse(unpacked(FILES[edition])) as PublishedApi
  apis.set(edition, api)
  return api
}

/** The vendored webhook schemas; read once. */
export function publishedWebhooks(): PublishedWebhooks {
  webhooks ??= JSON.parse(unpacked('webhooks.json.gz')) as PublishedWebhooks
  return webhooks
}

/** GitHub's GraphQL schema as text. */
export function publishedGraphql(): string {
  return unpacked('schema.graphql.gz')
}

function unpacked(file: string): string {
  return gunzipSync(readFileSync(join(import.meta.dirname, 'published', file))).toString('utf8')
}
