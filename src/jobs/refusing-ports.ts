import { type ObjectStore, Unavailable } from '../ports.ts'
import type { EvidenceCache } from './evidence-ports.ts'

/** A store in which nothing is, for the same reason whatever is asked: gates find it missing and hold. */
export function refusingStore(message: string, mend: string): ObjectStore {
  const refuse = async (): Promise<never> => {
    throw new Unavailable('missing', message, mend)
  }
  return { fetch: refuse, get: refuse, list: refuse, put: refuse, putNew: refuse }
}

/** A cache that knows nothing and keeps nothing. */
export const NO_EVIDENCE: EvidenceCache = { get: async () => ({ status: 'absent' }), put: async () => undefined }
