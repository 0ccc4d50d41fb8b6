import { z } from 'zod'
import { editionOf } from '../api/edition.ts'
import { publishedApi } from '../contract/published.ts'
import type { GitHub } from '../github-state.ts'
import { subscribedWith } from '../webhooks/dispatch.ts'

/** Unknown keys are passed over, as GitHub does. */
const manifestSchema = z.object({
  name: z.string().max(34, 'Name is too long (maximum is 34 characters)').optional(),
  url: z.url('Url must be a valid URL'),
  description: z.string().optional(),
  public: z.boolean().default(true),
  hook_attributes: z
    .object({
      url: z.url({ protocol: /^https?$/, error: 'Hook url must be a valid URL' }),
      active: z.boolean().optional(),
    })
    .optional(),
  redirect_url: z.url({ protocol: /^https?$/, error: 'Redirect url must be a valid URL' }),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).default({}),
  default_events: z.array(z.string()).default([]),
})
export type Manifest = z.infer<typeof manifestSchema>

export type ManifestReading =
  | { readonly is: 'sound'; readonly manifest: Manifest }
  | { readonly is: 'refused'; readonly errors: readonly string[] }

/** A manifest as GitHub's form takes it: an app that would never hear of its events is not registered. */
export function readManifest(github: GitHub, text: string): ManifestReading {
  const read = manifestSchema.safeParse(jsonOf(text))
  if (!read.success) return { is: 'refused', errors: read.error.issues.map((issue) => issue.message) }
  const errors = [...hookErrors(github, read.data), ...permissionErrors(github, read.data), ...eventErrors(read.data)]
  return errors.length === 0 ? { is: 'sound', manifest: read.data } : { is: 'refused', errors }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** A server of one's own may stand on the same machine; github.com never does. */
function hookErrors(github: GitHub, { hook_attributes: hook }: Manifest): readonly string[] {
  const host = hook === undefined ? '' : new URL(hook.url).hostname
  return editionOf(github) === 'github.com' && LOOPBACK.includes(host)
    ? [`Hook url is not supported because it isn't reachable over the public Internet (${host})`]
    : []
}

function permissionErrors(github: GitHub, { default_permissions: asked }: Manifest): readonly string[] {
  const known = publishedApi(editionOf(github)).schemas['app-permissions']?.properties as
    | Readonly<Record<string, { readonly enum?: readonly string[] }>>
    | undefined
  const isKnown = ([name, level]: readonly [string, string]) => known?.[name]?.enum?.includes(level) === true
  return Object.entries(asked).every(isKnown) ? [] : ['Default permission records resource is not included in the list']
}

function eventErrors({ default_events: events, default_permissions: asked }: Manifest): readonly string[] {
  const unsupported = events.filter((event) => subscribedWith(event) === null)
  const granted: Readonly<Record<string, string>> = { metadata: 'read', ...asked }
  const withheld = events.filter((event) => granted[subscribedWith(event) ?? ''] === undefined)
  return [
    ...(unsupported.length === 0 ? [] : [`Default events unsupported: ${listed(unsupported)}`]),
    ...(withheld.length === 0 ? [] : [`Default events are not supported by permissions: ${listed(withheld)}`]),
  ]
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names)
}
