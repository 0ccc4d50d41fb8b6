import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { z } from 'zod'

/** `app.yml` from a checkout, or from a built package. */
const PLACES = [new URL('../../../app.yml', import.meta.url), new URL('../../../../app.yml', import.meta.url)]

const appSchema = z.object({
  name: z.string(),
  description: z.string(),
  url: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
})
export type ShippedApp = z.infer<typeof appSchema>

/**
 * What the app asks GitHub for.
 *
 * @throws {Error} when `app.yml` was not shipped, which is a bug
 */
export function shippedApp(): ShippedApp {
  for (const place of PLACES) {
    const text = textOf(place)
    if (text !== null) return appSchema.parse(load(text))
  }
  throw new Error('app.yml is not where it was shipped')
}

function textOf(place: URL): string | null {
  try {
    return readFileSync(place, 'utf8')
  } catch {
    return null
  }
}
