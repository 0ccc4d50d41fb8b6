import { onTestFinished } from 'vitest'
import { serveStore } from '../../src/world/store/store-server.ts'
import type { World } from '../../src/world/world.ts'
import { STORE } from './registry-files.ts'
import { nameStore } from './store-here.ts'
import { type Files, storeFiles } from './story-registry.ts'

const MODELS = 's3://acme-models/registry'

/** What the operator grants a repository whose store is a bucket. */
export const BUCKET_GRANT = `    stores: [{prefix: '${MODELS}/'}]
    evidence: 's3://acme-evidence/weighbridge/'
`

/** Texts of a registry with every URI in the bucket. */
export function inBucket<Some extends Files>(files: Some): Some {
  const moved = Object.entries(files).map(([path, content]) => [
    path,
    typeof content === 'string' ? content.replaceAll(`file:${STORE}`, MODELS) : content,
  ])
  return Object.fromEntries(moved) as Some
}

/** Puts artifacts and tables into the world's store, which stands on a port until the test has ended. */
export async function openBucket({ store }: World): Promise<void> {
  for (const { path, content } of storeFiles())
    store.objects.set(path.replace(STORE, MODELS.replace('s3://', '')), Buffer.from(content))
  store.objects.set('acme-evidence/README', Buffer.from('what the app keeps'))
  const { endpoint, close } = await serveStore(store)
  const forget = nameStore(endpoint)
  onTestFinished(async () => {
    forget()
    await close()
  })
}
