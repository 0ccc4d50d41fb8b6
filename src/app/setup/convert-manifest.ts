import { z } from 'zod'

const webUrl = z.url({ protocol: /^https?$/ })
const conversionSchema = z.object({
  id: z.int().positive(),
  slug: z.string().min(1).max(200),
  html_url: webUrl,
  pem: z.string().regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----/),
  webhook_secret: z.string().min(16),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
})
/** What GitHub tells once, and never again. */
export type CreatedApp = z.infer<typeof conversionSchema>

export type Conversion =
  | { readonly is: 'created'; readonly app: CreatedApp }
  /** Nobody was given the code, or it was traded before, or is an hour old. */
  | { readonly is: 'refused' }
  /** Nothing was traded, as far as can be told: the same code may be tried again. */
  | { readonly is: 'unreachable'; readonly because: string }

/** How codes look; a word of any other kind is never sent on. */
const CODE = /^[\w-]{8,200}$/

/** Trades the code that GitHub sent the browser back with for the app's keys. */
export async function convertManifest(send: typeof fetch, apiUrl: string, code: string): Promise<Conversion> {
  if (!CODE.test(code)) return { is: 'refused' }
  try {
    const answer = await send(`${apiUrl}/app-manifests/${code}/conversions`, {
      method: 'POST',
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'weighbridge' },
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
    })
    if ([404, 422].includes(answer.status)) return { is: 'refused' }
    if (!answer.ok) return { is: 'unreachable', because: `GitHub answered ${answer.status}` }
    return readCreated(await answer.json())
  } catch (error) {
    return { is: 'unreachable', because: `GitHub could not be reached (${(error as Error).name})` }
  }
}

/** What is wrong is told by name only: the answer holds keys. */
function readCreated(answer: unknown): Conversion {
  const read = conversionSchema.safeParse(answer)
  if (read.success) return { is: 'created', app: read.data }
  const wrong = [...new Set(read.error.issues.map((issue) => issue.path.join('.') || 'all of it'))]
  return { is: 'unreachable', because: `GitHub’s answer could not be read (${wrong.join(', ')})` }
}
