import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Checkout } from '../adapters/checkout/checkout.ts'
import { engineName } from '../adapters/evidence/engine-version.ts'
import { openEvidence } from '../adapters/evidence/evidence-store.ts'
import { keptKeys } from '../adapters/evidence/kept-keys.ts'
import { localSealKey } from '../adapters/evidence/seal-key.ts'
import { openStore } from '../adapters/store/store.ts'
import type { MeasuredBefore } from '../jobs/search-registry.ts'

/** Where a checkout keeps what it has measured, unless its configuration says otherwise. */
const EVIDENCE = 'file:.weighbridge/evidence'

/**
 * What was measured in this checkout before; null when nothing was. Nothing is made here.
 *
 * @param configured  `store.evidence`; a place elsewhere is the app's
 */
export async function localEvidence(
  { root, gitFolder }: Pick<Checkout, 'root' | 'gitFolder'>,
  configured: string | undefined,
): Promise<MeasuredBefore | null> {
  const prefix = configured?.startsWith('file:') ? configured : EVIDENCE
  const folder = join(root, prefix.slice('file:'.length))
  if (!existsSync(folder) || !existsSync(join(gitFolder, 'weighbridge'))) return null
  const keys = await keptKeys(folder)
  if (keys.size === 0) return null
  const store = openStore({ root, prefixes: [prefix] })
  const kept = openEvidence({ store, prefix, seal: localSealKey(gitFolder) })
  const get: typeof kept.get = async (key) => (keys.has(key) ? kept.get(key) : { status: 'absent' })
  return { engine: engineName(), cache: { get } }
}
